"""The settings file: what it may say, and how it complains."""

from datetime import date

import pytest

from transforms.seeds.settings import Settings, SettingsError, SlaTarget, parse_settings, read_settings

TEXT = """
[schedules.default]
time_zone = "Europe/Berlin"
monday = ["09:00-12:30", "13:30-18:00"]
holidays = [2024-12-25]

[schedules.night]
teams = ["814865", 7]
saturday = ["22:45-24:00"]

[[sla_targets]]
priority = "priority"
team_id = 7
first_response_seconds = 3600
"""


def test_a_file_gives_schedules_and_targets(tmp_path):
    (tmp_path / "support.toml").write_text(TEXT, encoding="utf-8-sig")  # with a mark, as editors of Windows do
    settings = read_settings(tmp_path / "support.toml")
    default, night = settings.schedules
    assert default.open_slots == {1: frozenset([*range(36, 50), *range(54, 72)])}
    assert (default.time_zone, default.holidays) == ("Europe/Berlin", frozenset({date(2024, 12, 25)}))
    assert night.open_slots == {6: frozenset(range(91, 96))}
    assert (night.time_zone, night.team_ids) == (None, ("814865", "7"))
    assert settings.sla_targets == (SlaTarget("priority", "7", 3600),)


def test_nothing_said_is_the_default():
    assert parse_settings({}) == Settings()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[schedules.default]\nmonday = ['9-17']", "schedules.default.monday: '9-17' is not a range of quarter hours"),
        ("[schedules.default]\nmonday = ['09:10-17:00']", "'09:10-17:00' is not a range"),
        ("[schedules.default]\nmonday = ['22:00-06:00']", "a night is two: to '24:00', and from '00:00' on"),
        ("[schedules.default]\nmonday = ['22:00-24:15']", "'22:00-24:15' is not a range"),
        ("[schedules.default]\nmontag = ['09:00-17:00']", "schedules.default: 'montag' is not known here"),
        ("[schedules.default]\ntime_zone = 'Berlin'", "'Berlin' is not a time zone name"),
        ("[schedules.default]\nholidays = ['2024-12-25']", "schedules.default.holidays: write days like 2024-12-25"),
        (
            "[schedules.default]\nholidays = [2024-12-25T00:00:00]",
            "write days like 2024-12-25, without quotes and time",
        ),
        ("[schedules.default]\nholidays = 2024-12-25", "holidays: 2024-12-25 is not a list like [2024-12-25]"),
        ("[schedules.default]\nmonday = '09:00-17:00'", 'monday: 09:00-17:00 is not a list like ["09:00-17:30"]'),
        ("[schedules.a]\nteams = 814865", 'schedules.a.teams: 814865 is not a list like ["814865"]'),
        ("[schedules.a]\nteams = '123'", 'schedules.a.teams: 123 is not a list like ["814865"]'),
        ("[[schedules]]\nteams = [1]", "schedules: write hours under a line like [schedules.default]"),
        (
            "[schedules]\nmonday = ['09:00-17:00']",
            "schedules.monday: write hours under a line like [schedules.default]",
        ),
        ("[sla_targets]\nfirst_response_seconds = 5", "sla_targets: write each target under a line [[sla_targets]]"),
        (
            "[schedules.a]\nteams = [1]\nmonday = []\n[schedules.b]\nteams = [1]\nmonday = []",
            "team 1 has more than one schedule",
        ),
        (
            "[schedules.Default]\nmonday = ['09:00-17:00']",
            "schedules.Default: these are nobody's hours; write teams = [",
        ),
        (
            "[schedules.default]\nholidays = [2024-12-25]",
            "schedules.default: a day that is left out is closed, and all",
        ),
        ("[schedules.a]\nteams = ['']\nmonday = []", "schedules.a.teams: '' is not an id"),
        ("[[sla_targets]]\nteam_id = ' 7'", "sla_targets.team_id: ' 7' is not an id"),
        ("[[sla_targets]]\nfirst_response_seconds = '1h'", "sla_targets.first_response_seconds: '1h' is not a whole"),
        ("[[sla_targets]]\nfirst_response_seconds = true", "first_response_seconds: True is not a whole number"),
        ("[[sla_targets]]\nnext_response_seconds = 1.0", "next_response_seconds: 1.0 is not a whole number"),
        ("[[sla_targets]]\npriority = 'high'", "sla_targets.priority: 'high' is not one of priority, not_priority"),
        ("[[sla_targets]]\npriority = true", "sla_targets.priority: True is not one of priority, not_priority"),
        ("[[sla_targets]]\nteam_id = true", 'sla_targets.team_id: True is not an id like "814865"'),
        ("[[sla_targets]]\nteam_id = 7.0", "sla_targets.team_id: 7.0 is not an id"),
        (
            "[[sla_targets]]\nfirst_response_seconds = 30\n[[sla_targets]]\nresolution_seconds = 86400",
            "more than one target of all conversations; write its seconds under one [[sla_targets]]",
        ),
        (
            "[[sla_targets]]\nteam_id = 7\npriority = 'priority'\n[[sla_targets]]\nteam_id = '7'\npriority='priority'",
            "more than one target of team_id '7' and priority 'priority'; write",
        ),
        ("[schedules.a]\nteams = [7.5]", "schedules.a.teams: 7.5 is not an id"),
        ("[schedules.default]\ntime_zone = 'America'", "'America' is not a time zone name"),
        ("[schedules.default]\ntime_zone = '../Berlin'", "'../Berlin' is not a time zone name"),
        ("[[sla_targets]]\nfirst_response = 5", "'first_response' is not known here"),
        ("schedule = 1", "settings: 'schedule' is not known here"),
        ("[schedules", "support.toml cannot be used: "),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, complaint):
    path = tmp_path / "support.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    assert complaint in str(caught.value)
