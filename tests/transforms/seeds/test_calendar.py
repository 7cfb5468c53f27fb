"""Days as spans of epoch seconds, also where the clock changes."""

from datetime import date
from itertools import pairwise

import pytest

from transforms.seeds.calendar import CALENDAR_COLUMNS, Calendar

HOUR = 3600
MAY_DAY = 1_714_564_800  # 2024-05-01 12:00 UTC


def day(calendar, moment):
    return dict(zip(CALENDAR_COLUMNS, calendar.row(calendar.day_at(moment), is_business_day=True), strict=True))


def local_hours(row):
    """The hours that the clock shows during the day, slot by slot, as SQL reads them."""
    shifts = [row["shift_slots"] if slot >= row["shift_at_slot"] else 0 for slot in range(row["count_slots"])]
    return [(row["first_local_slot"] + slot + shift) // 4 for slot, shift in enumerate(shifts)]


def test_a_day_begins_at_local_midnight():
    row = day(Calendar("Asia/Kathmandu"), MAY_DAY)  # UTC+5:45
    assert (row["day"], row["starts_at_epoch"]) == (date(2024, 5, 1), MAY_DAY - 12 * HOUR - 5 * HOUR - 45 * 60)
    assert (row["week_start"], row["month_start"], row["weekday"]) == (date(2024, 4, 29), date(2024, 5, 1), 3)


def test_days_follow_each_other_without_a_gap():
    calendar = Calendar("America/New_York")
    days = [day(calendar, MAY_DAY - number * 24 * HOUR) for number in range(400, -1, -1)]
    assert all(earlier["ends_at_epoch"] == later["starts_at_epoch"] for earlier, later in pairwise(days))
    assert sorted({row["count_slots"] for row in days}) == [92, 96, 100]


@pytest.mark.parametrize(
    ("time_zone", "on", "count_slots", "hours"),
    [
        ("Europe/Berlin", date(2024, 3, 31), 92, [0] * 4 + [1] * 4 + [3] * 4),
        ("Europe/Berlin", date(2024, 10, 27), 100, [0] * 4 + [1] * 4 + [2] * 8 + [3] * 4),
        ("Africa/Cairo", date(2024, 4, 26), 92, [1] * 4 + [2] * 4),  # midnight is skipped
        ("America/Havana", date(2023, 11, 5), 100, [0] * 8 + [1] * 4),  # midnight to one comes twice
        ("Australia/Lord_Howe", date(2024, 4, 7), 98, [0] * 4 + [1] * 6 + [2] * 4),  # half an hour
    ],
)
def test_a_clock_change_makes_the_day_longer_or_shorter(time_zone, on, count_slots, hours):
    calendar = Calendar(time_zone)
    row = day(calendar, calendar.starts_at(on))
    assert (row["day"], row["count_slots"]) == (on, count_slots)
    assert local_hours(row)[: len(hours)] == hours
    assert local_hours(row)[-1] == 23


def test_a_day_that_never_was_has_no_slot():
    calendar = Calendar("Pacific/Apia")  # the island went from 29 to 31 December 2011
    assert [calendar.count_slots(date(2011, 12, number)) for number in (29, 30, 31)] == [96, 0, 96]


def test_a_time_in_milliseconds_does_not_make_an_endless_calendar():
    first, last = Calendar().span(MAY_DAY, MAY_DAY * 1000, MAY_DAY)
    assert first == date(2024, 5, 1)
    assert last.year < 2026
    assert Calendar().span(0, MAY_DAY, MAY_DAY) == (date(2000, 1, 1), date(2024, 5, 1))


def test_an_unknown_time_zone_becomes_utc_with_a_warning():
    calendar = Calendar("Mars/Olympus_Mons")
    assert calendar.time_zone == "UTC"
    assert calendar.warning == "time zone 'Mars/Olympus_Mons' is unknown: days are counted in UTC"
