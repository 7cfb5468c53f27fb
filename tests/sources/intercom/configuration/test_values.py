"""A value of the wrong kind is named with its section and an example of how it is written."""

import pytest

from sources.intercom.configuration import ConfigurationError, IntercomConfiguration


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CONNECTIONS", "many", "connections under [sources.intercom] is no whole number"),
        ("OVERLAP_MINUTES", "2.5", "overlap_minutes under [sources.intercom] is no whole number"),
        ("EXPORT_HOURS", "soon", "export_hours under [sources.intercom] is no number"),
        ("EXCLUDE", "tickets", 'exclude under [sources.intercom] is no list, such as ["tickets"'),
        ("VERSIONS", "2.9", "versions under [sources.intercom] is no table"),
        ("PRIVACY__LEAVE_OUT", "contacts.phone", "leave_out under [sources.intercom.privacy] is no list"),
    ],
)
def test_a_value_of_another_kind_is_named_with_an_example(monkeypatch, name, value, said):
    monkeypatch.setenv(f"SOURCES__INTERCOM__{name}", value)
    with pytest.raises(ConfigurationError) as raised:
        IntercomConfiguration.resolved(is_for_reading=False)
    assert said in str(raised.value)
