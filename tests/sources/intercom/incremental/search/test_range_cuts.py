"""Where a long search is cut: every moment is in a range, and ranges have about the size that is wanted."""

from bisect import bisect_left
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.incremental.search.range_cuts import Cuts, Fit, Scale

DAY = 86_400
START = 1_700_000_000
END = START + 200 * DAY
SCALE = Scale(per_page=10, records=100, ahead=600)
ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland", "Pacific/Kiritimati", "Etc/GMT+12", "Australia/Lord_Howe")


def cut(moments, *, is_by_day=False, timezone="UTC", end=END):
    """Cut a search over these moments; return the ranges with their sizes, and what ended them."""
    moments = sorted(moments)
    cuts = Cuts(moments[0], end, len(moments), SCALE, is_by_day=is_by_day, timezone=timezone)
    ranges, asked, last = [], 0, None
    while following := cuts.following(1):
        asked += 1
        [(after, until)] = following
        count = bisect_left(moments, until) - bisect_left(moments, after)
        last = cuts.sized(until, count)
        if last is Fit.TOO_DENSE:
            break
        if last is Fit.GOOD:
            ranges.append((after, until, count))
    return ranges, asked, last


def test_evenly_spread_records_are_cut_into_ranges_of_the_wanted_size():
    ranges, asked, _ = cut(range(START, END, 200 * DAY // 5_000))
    assert 45 <= len(ranges) <= 55
    assert asked <= len(ranges) + 1
    assert {count for *_, count in ranges[:-1]} <= set(range(90, 111))


def test_a_busy_time_is_cut_short_and_a_quiet_one_long():
    busy = range(START + 100 * DAY, START + 101 * DAY, 43)  # 2,000 in a day, and one a day otherwise
    ranges, asked, _ = cut([*range(START, END, DAY), *busy])
    assert max(count for *_, count in ranges) <= 2 * SCALE.records
    assert asked < 3 * len(ranges)
    assert ranges[-1][1] == END


def test_a_day_with_more_than_may_be_held_is_left_to_page_after_page():
    busy = [START + 50 * DAY] * 700
    ranges, _, last = cut([*range(START, END, DAY), *busy], is_by_day=True)
    assert last is Fit.TOO_DENSE
    assert ranges[-1][1] <= START + 50 * DAY


def test_a_day_that_may_be_held_is_a_range_of_its_own():
    busy = [START + 50 * DAY] * 500
    ranges, _, _ = cut([*range(START, END, DAY), *busy], is_by_day=True)
    assert max(count for *_, count in ranges) < 510
    assert END - ranges[-1][1] < DAY


@pytest.mark.parametrize("timezone", ZONES)
def test_ranges_of_days_begin_and_end_at_noon(timezone):
    ranges, _, _ = cut(range(START, END, 3_600), is_by_day=True, timezone=timezone)
    assert {datetime.fromtimestamp(until, ZoneInfo(timezone)).hour for _, until, _ in ranges} == {12}


@pytest.mark.parametrize("timezone", [None, "", "Mars/Olympus", 7])
def test_a_time_zone_that_nobody_knows_is_none(timezone):
    ranges, _, _ = cut(range(START, END, 3_600), is_by_day=True, timezone=timezone)
    assert {until % DAY for _, until, _ in ranges} == {DAY // 2}


@pytest.mark.parametrize(
    ("count", "end"),
    [(399, END), (5_000, START + 100), (5_000, START - 5)],
    ids=["few records", "a short time", "none before the present"],
)
def test_what_is_short_is_read_page_by_page(count, end):
    assert not Cuts(START, end, count, SCALE, is_by_day=False).is_worthwhile


def test_what_is_long_is_read_in_ranges():
    assert Cuts(START, END, 400, SCALE, is_by_day=False).is_worthwhile
    assert Cuts(START, END, 400, SCALE, is_by_day=True).is_worthwhile


@given(
    moments=st.lists(st.integers(0, 90 * DAY), min_size=1, max_size=400),
    repeats=st.integers(1, 20),
    is_by_day=st.booleans(),
    timezone=st.sampled_from(ZONES),
)
def test_ranges_join_and_reach_the_end_unless_it_is_too_dense(moments, repeats, is_by_day, timezone):
    ranges, asked, last = cut(
        [START + moment for moment in moments] * repeats,
        is_by_day=is_by_day,
        timezone=timezone,
        end=START + 90 * DAY,
    )
    for (_, until, _), (after, _, _) in pairwise(ranges):
        assert after == until
    assert all(after < until for after, until, _ in ranges)
    assert all(count <= SCALE.ahead for *_, count in ranges)
    assert asked < 60 + 4 * len(ranges)
    if ranges and last is not Fit.TOO_DENSE:
        assert START + 90 * DAY - ranges[-1][1] <= (DAY if is_by_day else 0)


@given(
    count=st.integers(400, 100_000), most=st.integers(1, 12), is_by_day=st.booleans(), timezone=st.sampled_from(ZONES)
)
def test_ranges_that_follow_each_other_join_and_begin_with_the_next_one(count, most, is_by_day, timezone):
    cuts = Cuts(START, END, count, SCALE, is_by_day=is_by_day, timezone=timezone)
    following = cuts.following(most)
    assert 1 <= len(following) <= most
    assert following[0][0] == START
    assert following[:1] == cuts.following(1)
    assert all(until == after for (_, until), (after, _) in pairwise(following))
    assert all(after < until <= END for after, until in following)
