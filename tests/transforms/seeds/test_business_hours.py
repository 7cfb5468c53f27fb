"""Working hours as spans of slots: exact over clock changes, holidays and time zones."""

from datetime import date
from itertools import pairwise

import pytest

from transforms.seeds.business_hours import Schedule
from transforms.seeds.calendar import Calendar, epoch_now
from transforms.seeds.settings import parse_settings

HOUR = 3600


def schedule(**entry):
    return parse_settings({"schedules": {"default": entry}}).schedules[0]


def open_seconds(one, calendar, first, last):
    """The open seconds of the days from first to last, from the spans alone."""
    return sum(count * 900 * is_open for _, _, count, is_open, _ in one.spans(calendar, first, last))


def test_spans_tile_the_days_and_count_what_was_open_before():
    spans = list(Schedule().spans(Calendar("Europe/Berlin"), date(2024, 3, 1), date(2024, 4, 30)))
    for earlier, later in pairwise(spans):
        assert later[1] == earlier[1] + earlier[2]
        assert later[4] == earlier[4] + earlier[2] * 900 * earlier[3]
    assert max(span[2] for span in spans) <= 100


def test_the_default_is_monday_to_friday_from_nine_to_five():
    assert open_seconds(Schedule(), Calendar(), date(2024, 4, 29), date(2024, 5, 5)) == 5 * 8 * HOUR


def test_a_holiday_is_closed():
    one = schedule(monday=["09:00-17:00"], tuesday=["09:00-12:00", "13:00-17:15"], holidays=[date(2024, 4, 29)])
    assert open_seconds(one, Calendar(), date(2024, 4, 29), date(2024, 4, 30)) == 7.25 * HOUR
    assert [one.is_business_day(date(2024, 4, day)) for day in (22, 29, 30)] == [True, False, True]


@pytest.mark.parametrize(
    ("hours", "on", "hours_open"),
    [
        ("00:00-24:00", date(2024, 3, 31), 23),
        ("00:00-24:00", date(2024, 10, 27), 25),
        ("02:00-03:00", date(2024, 3, 31), 0),  # the hour that is skipped
        ("02:00-03:00", date(2024, 10, 27), 2),  # the hour that comes twice
        ("09:00-17:00", date(2024, 10, 27), 8),
    ],
)
def test_hours_on_the_day_of_a_clock_change(hours, on, hours_open):
    assert open_seconds(schedule(sunday=[hours]), Calendar("Europe/Berlin"), on, on) == hours_open * HOUR


def test_a_team_on_the_other_side_of_the_date_line_has_its_conversations(house):
    """Ten past midnight on an island where it is two calendar days later than on the other."""
    at = 1_714_471_800  # 2024-04-30 10:10 UTC: 1 May on Kiritimati, 29 April in Pago Pago
    house.raw.add("workspace", id_code="w", timezone="Pacific/Kiritimati")
    house.raw.conversation("1", at, team_assignee_id="t1")
    samoa = {"teams": ["t1"], "time_zone": "Pacific/Pago_Pago", "monday": ["09:00-17:00"]}
    settings = parse_settings({"schedules": {"samoa": samoa}})
    assert house.answer("fct_conversations", "conversation_id", settings=settings, now_epoch=at + 60) == [("1",)]


def test_models_are_built_however_far_ahead_intercoms_clock_is(house):
    house.raw.conversation("1", 1_714_471_800)
    now_epoch = epoch_now() + 2 * 366 * 24 * HOUR
    assert house.answer("fct_conversations", "conversation_id", now_epoch=now_epoch) == [("1",)]
