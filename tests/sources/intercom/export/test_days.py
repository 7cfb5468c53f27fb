"""Days are whole, in UTC, and both ends count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.export.days import Days, day_of, start_of

FIRST, LAST = date(2026, 2, 27), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("at", "day"),
    [(0, date(1970, 1, 1)), (86_399, date(1970, 1, 1)), (86_400, date(1970, 1, 2)), (1_772_366_400, date(2026, 3, 1))],
)
def test_a_moment_lies_in_its_utc_day(at, day):
    assert day_of(at) == day
    assert start_of(day) <= at < start_of(day) + 86_400


def test_moments_beyond_every_calendar_have_a_day():
    assert (day_of(-5), day_of(10**17)) == (date(1970, 1, 1), date(9999, 12, 31))


def test_both_ends_belong_to_the_days():
    days = Days(FIRST, LAST)
    assert list(days) == [FIRST, date(2026, 2, 28), date(2026, 3, 1), LAST]
    assert (FIRST in days, LAST in days, date(2026, 3, 3) in days) == (True, True, False)
    assert (days.start_at, days.last_at) == (start_of(FIRST), start_of(date(2026, 3, 3)) - 1)


@pytest.mark.parametrize(("last", "half"), [(FIRST, FIRST), (date(2026, 2, 28), FIRST), (LAST, date(2026, 2, 28))])
def test_the_first_half_is_the_older_one(last, half):
    assert Days(FIRST, last).first_half() == Days(FIRST, half)


def test_days_end_where_there_is_nothing_more():
    assert Days.starting(FIRST, 31, not_after=LAST) == Days(FIRST, LAST)
    assert Days.starting(FIRST, 2, not_after=LAST) == Days(FIRST, date(2026, 2, 28))
    assert Days.starting(LAST, 31, not_after=FIRST) == Days(LAST, LAST)


@pytest.mark.parametrize(("count", "until"), [(0, LAST), (1, date(2026, 3, 3)), (9, date(2026, 3, 5))])
def test_days_that_follow_end_where_there_is_nothing_more(count, until):
    assert Days(FIRST, LAST).followed_by(count, not_after=date(2026, 3, 5)) == Days(FIRST, until)
    assert Days(FIRST, LAST).followed_by(count, not_after=FIRST) == Days(FIRST, LAST)


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(1, 40))
def test_jobs_side_by_side_cover_every_day_once(first_on, count_more, days_per_job):
    """Holes and doubles between windows are how exports lose rows."""
    last_on = first_on + timedelta(count_more)
    covered, next_on = [], first_on
    while next_on <= last_on:
        days = Days.starting(next_on, days_per_job, not_after=last_on)
        covered += days
        next_on = days.last_on + timedelta(1)
    assert covered == list(Days(first_on, last_on))


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 400))
def test_halving_comes_to_an_end_at_one_day(first_on, count):
    days, rounds = Days.starting(first_on, count, not_after=date(2040, 1, 1)), 0
    while len(days) > 1:
        half = days.first_half()
        assert half.first_on == first_on
        assert len(half) < len(days)
        days, rounds = half, rounds + 1
    assert rounds <= 10
