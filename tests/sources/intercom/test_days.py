"""Days are whole, in UTC, and both ends count."""

from datetime import date

import pytest

from sources.intercom.days import Days, day_of, start_of

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
