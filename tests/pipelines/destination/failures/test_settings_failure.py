"""Settings that dlt misses or cannot read are named as a person writes them, whatever the destination."""

import pytest
from dlt.common.configuration.exceptions import ConfigurationException

from pipelines.destination.failures.failure import explained
from pipelines.destination.failures.settings_failure import broken_file
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop


@pytest.mark.parametrize(
    ("destination", "said"),
    [
        ("postgres", "database, password, username, host. Put them under [destination.postgres.credentials]"),
        ("bigquery", "[destination.bigquery.credentials]"),
        ("snowflake", "[destination.snowflake.credentials]"),
        ("databricks", "[destination.databricks.credentials]"),
        ("clickhouse", "[destination.clickhouse.credentials]"),
    ],
)
def test_what_is_missing_is_named_with_the_section_of_the_destination(destination, said):
    with pytest.raises(ConfigurationException) as raised:
        Target(destination).sql_client()
    code, text = explained(raised.value)
    assert (code, said in text) == (ExitCode.WRONG_USE, True), text


def test_credentials_in_one_piece_that_dlt_cannot_take_apart_are_wrong_use(monkeypatch):
    monkeypatch.setenv("DESTINATION__DATABRICKS__CREDENTIALS", '{"server_hostname": "x", "access_token": "secret-one"}')
    with pytest.raises(Stop, match=r"\[destination.databricks.credentials\].*DESTINATION__DATABRICKS__") as stopped:
        Target("databricks").sql_client()
    assert stopped.value.code is ExitCode.WRONG_USE
    assert "secret-one" not in str(stopped.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[sources.intercom\n", "is not valid TOML"),
        (b"region = 'us'\nregion = 'eu'\n", "is not valid TOML"),
        (b'region = "\xff"', "is not UTF-8"),
        (b"\xef\xbb\xbf[sources.intercom]\n", "byte order mark"),
    ],
)
def test_of_several_files_the_broken_one_is_named(tmp_path, content, said):
    right, broken = tmp_path / "right.toml", tmp_path / "broken.toml"
    right.write_text("[sources.intercom]\n")
    broken.write_bytes(content)
    found = broken_file(f"A problem when loading from paths ['{right}', '{tmp_path}/missing.toml', '{broken}']: odd")
    assert found.startswith(str(broken))
    assert said in found


@pytest.mark.parametrize("destination", ["filesystem", "athena", "dummy"])
def test_a_destination_of_mere_files_is_refused_with_what_takes_its_place(destination):
    with pytest.raises(Stop, match=rf"{destination} keeps files.*--destination ducklake.*Files") as stopped:
        Target(destination)
    assert stopped.value.code is ExitCode.WRONG_USE


@pytest.mark.parametrize("destination", ["mssql", "synapse", "fabric"])
def test_a_destination_with_t_sql_is_refused(destination):
    with pytest.raises(Stop, match=rf"--destination {destination} is not supported.*docs/warehouses.md") as stopped:
        Target(destination)
    assert stopped.value.code is ExitCode.WRONG_USE
