"""Office hours between two moments, counted a second way: second by second, or rather quarter by quarter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.office_hours import OfficeHours

MINUTE = 60
MOMENTS = st.integers(
    int(datetime(2023, 10, 20, tzinfo=UTC).timestamp()) // MINUTE,
    int(datetime(2024, 4, 10, tzinfo=UTC).timestamp()) // MINUTE,
)
NIGHT_SHIFT = "mon-sun 00:00-24:00"


def open_minutes(since, until, zone, weekdays, hours):
    """Count the minutes that begin on a weekday and an hour in which the office is open."""
    local = (datetime.fromtimestamp(minute * MINUTE, zone) for minute in range(since, until))
    return sum(at.weekday() in weekdays and hours[0] <= at.hour < hours[1] for at in local)


@pytest.mark.parametrize("timezone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
@settings(max_examples=15)
@given(since=MOMENTS, minutes=st.integers(0, 12_000))
def test_they_are_counted_on_the_local_clock(timezone, since, minutes):
    hours = OfficeHours("mon-fri 09:00-17:00", timezone)
    expected = open_minutes(since, since + minutes, ZoneInfo(timezone), range(5), (9, 17))
    assert hours.seconds_between(since * MINUTE, (since + minutes) * MINUTE) == expected * MINUTE


@given(since=MOMENTS, seconds=st.integers(0, 10**8))
def test_an_office_that_never_closes_counts_every_second(since, seconds):
    hours = OfficeHours(NIGHT_SHIFT, "America/New_York")
    assert hours.seconds_between(since * MINUTE, since * MINUTE + seconds) == seconds


def test_a_day_may_have_a_break_and_another_end():
    hours = OfficeHours("mon-thu 09:00-12:30, mon-thu 13:30-18:00, fri 09:00-15:00", "UTC")
    monday = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
    assert hours.seconds_between(monday, monday + 7 * 86_400) == (4 * 8 + 6) * 3_600


def test_hours_that_two_entries_name_are_open_once():
    hours = OfficeHours("mon-tue 09:00-17:00, mon 08:00-12:00, mon 10:00-11:00, mon 17:00-18:00", "UTC")
    monday = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp())
    assert hours.seconds_between(monday, monday + 7 * 86_400) == (10 + 8) * 3_600


@pytest.mark.parametrize(
    "text", ["always", "mon 9-17", "mon-fri 17:00-09:00", "fri-mon 09:00-17:00", "xyz 09:00-17:00", "mon 09:00-24:01"]
)
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match="office hours"):
        OfficeHours(text, "UTC")
