"""A value of the wrong kind is named with its section and an example of how it is written."""

import math
import re
import tomllib

import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.providers import EnvironProvider
from dlt.common.configuration.specs.config_providers_context import ConfigProvidersContainer
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext

from sources.intercom import TABLES, intercom_source
from sources.intercom.configuration import REGIONS, ConfigurationError, IntercomConfiguration
from sources.intercom.privacy.rules import Privacy


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CONNECTIONS", "many", "connections under [sources.intercom] must be a whole number"),
        ("OVERLAP_MINUTES", "2.5", "overlap_minutes under [sources.intercom] must be a whole number"),
        ("EXPORT_HOURS", "soon", "export_hours under [sources.intercom] must be a number"),
        ("EXCLUDE", "tickets", 'exclude under [sources.intercom] must be a list, such as ["tickets"'),
        ("VERSIONS", "2.9", "versions under [sources.intercom] must be a table"),
        ("PRIVACY__LEAVE_OUT", "contacts.phone", "leave_out under [sources.intercom.privacy] must be a list"),
    ],
)
def test_a_value_of_another_kind_is_named_with_an_example(monkeypatch, name, value, said):
    monkeypatch.setenv(f"SOURCES__INTERCOM__{name}", value)
    with pytest.raises(ConfigurationError) as raised:
        IntercomConfiguration.resolved(is_for_reading=False)
    assert said in str(raised.value)


PRIVACY_LISTS = ("leave_out", "redact", "hash")
NUMBERS = [name for name, value in IntercomConfiguration().items() if isinstance(value, int | float)]
MAY_BE_ZERO = {"overlap_minutes", "export_hours", "export_days", "export_first_days", "export_poll_seconds"}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_beyond_its_limits_is_named(name):
    configuration = IntercomConfiguration()
    configuration["access_token"] = "token"  # noqa: S105 - no secret
    least = 0 if name in MAY_BE_ZERO else 1
    for value in (least - 1, math.nan, 10**10, None, "many", True):
        configuration[name] = value
        with pytest.raises(ConfigurationError, match=f"^{name} "):
            configuration.check()
    configuration[name] = least
    configuration.check()


SETTINGS = [*NUMBERS, "exclude", "visitor_user_ids", "versions", *(f"privacy__{name}" for name in PRIVACY_LISTS)]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_example_of_every_setting_is_one_that_it_takes(monkeypatch, name):
    monkeypatch.setenv(f"SOURCES__INTERCOM__{name.upper()}", "*.email")
    with pytest.raises(ConfigurationError) as raised:
        IntercomConfiguration.resolved(is_for_reading=False)
    example = tomllib.loads(f"x = {str(raised.value).partition(', such as ')[2].removesuffix('.')}")["x"]
    configuration = IntercomConfiguration()
    configuration["access_token"] = "token"  # noqa: S105 - no secret
    configuration.privacy["hash_key"] = "k" * 32
    section, setting = (configuration.privacy, name[9:]) if "privacy__" in name else (configuration, name)
    section[setting] = example
    configuration.check()
    Privacy.of(configuration.privacy, TABLES)


def test_what_is_no_number_is_answered_with_the_usual_one(monkeypatch):
    monkeypatch.setenv("SOURCES__INTERCOM__EXPORT_HOURS", "nan")
    monkeypatch.setenv("SOURCES__INTERCOM__ACCESS_TOKEN", "token")
    with pytest.raises(ConfigurationError, match=r"^export_hours must be a number, such as 1\.0\.$"):
        IntercomConfiguration.resolved()


def test_a_misspelled_variable_is_named_also_where_dlt_reads_no_file(monkeypatch):
    only_variables = ConfigProvidersContainer([EnvironProvider()])
    monkeypatch.setattr(Container()[PluggableRunContext], "providers", only_variables)
    monkeypatch.setenv("SOURCES__INTERCOM__PRIVACY__LEAVEOUT", "[]")
    with pytest.raises(ConfigurationError, match="did you mean leave_out"):
        IntercomConfiguration.resolved(is_for_reading=False)


@pytest.mark.parametrize("name", ["DATA_WRITER__BUFFER_MAX_ITEMS", "EXTRACT__WORKERS", "INTERCOM__EXTRACT__WORKERS"])
def test_dlts_own_settings_may_be_of_this_source_alone(monkeypatch, name):
    monkeypatch.setenv(f"SOURCES__INTERCOM__{name}", "3")
    IntercomConfiguration.resolved(is_for_reading=False)


def test_a_version_may_have_a_variable_of_its_own(monkeypatch):
    monkeypatch.setenv("SOURCES__INTERCOM__VERSIONS", '{"conversations": "2.9", "tags": "2.9"}')
    monkeypatch.setenv("SOURCES__INTERCOM__VERSIONS__TAGS", "2.11\n")
    monkeypatch.setenv("SOURCES__INTERCOM__VERSIONS__ACTIVITY_LOGS", "Unstable")
    versions = IntercomConfiguration.resolved(is_for_reading=False).versions
    assert versions == {"conversations": "2.9", "tags": "2.11", "activity_logs": "Unstable"}


@pytest.mark.parametrize("written", ["http://127.0.0.1:8080/api/\n", " http://127.0.0.1:8080/api"])
def test_an_address_from_a_file_may_end_with_a_line(monkeypatch, written):
    monkeypatch.setenv("SOURCES__INTERCOM__BASE_URL", written)
    monkeypatch.setenv("SOURCES__INTERCOM__ACCESS_TOKEN", "token")
    assert IntercomConfiguration.resolved().url == "http://127.0.0.1:8080/api"


@pytest.mark.parametrize(
    "address", [*REGIONS.values(), "http://[::1]:80", "http://intercom.internal", "https://x.example/v/"]
)
def test_an_address_that_can_be_asked_is_taken(monkeypatch, address):
    monkeypatch.setenv("SOURCES__INTERCOM__BASE_URL", address)
    monkeypatch.setenv("SOURCES__INTERCOM__ACCESS_TOKEN", "token")
    assert IntercomConfiguration.resolved().url == address.rstrip("/")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"max_rate_share": 0.0}, "max_rate_share is 0.0"),
        ({"max_rate_share": 1.5}, "max_rate_share is 1.5"),
        ({"records_per_run": 0}, "records_per_run is 0"),
        ({"resources": []}, "resources is an empty list"),
        ({"resources": ["tickets", "letters"]}, "There is no resource 'letters'"),
    ],
)
def test_an_argument_that_no_run_can_work_with_is_named(arguments, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        intercom_source("token", **arguments)


@pytest.mark.parametrize(("name", "value"), [("EXCLUDE", '["activity_log"]'), ("VERSIONS", '{"conversation": "2.9"}')])
def test_the_source_names_a_resource_that_does_not_exist_in_its_settings(monkeypatch, name, value):
    monkeypatch.setenv(f"SOURCES__INTERCOM__{name}", value)
    with pytest.raises(ConfigurationError, match="There is no resource"):
        intercom_source("token")
