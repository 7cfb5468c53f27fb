"""Pacing: arithmetic of the headers, and a rate that no window exceeds."""

import time
from email.utils import formatdate
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.http import rate_limit
from sources.intercom.api.http.rate_limit import WINDOW_SECONDS, Pacer, RateLimit, server_time, wait_seconds
from tests.support.clock import Clock

NOW = 1_772_366_400


def headers(limit=166, remaining=100, reset_at=NOW + 6, at=NOW):
    told = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset_at}
    return {name: str(value) for name, value in told.items()} | ({"date": formatdate(at, usegmt=True)} if at else {})


def test_the_window_is_read_from_the_headers():
    assert RateLimit.from_headers(headers()) == RateLimit(limit=166, remaining=100, seconds_left=6.0)


@pytest.mark.parametrize("missing", ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"])
def test_missing_headers_are_a_normal_case(missing):
    assert RateLimit.from_headers({name: value for name, value in headers().items() if name != missing}) is None


@pytest.mark.parametrize("field", ["limit", "remaining", "reset_at"])
def test_unreadable_headers_are_as_good_as_none(field):
    assert RateLimit.from_headers(headers(**{field: "soon"})) is None


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_is_no_limit(limit):
    assert RateLimit.from_headers(headers(limit=limit)) is None


@pytest.mark.parametrize(
    ("reset_at", "seconds"),
    [
        (NOW + 6, 6.0),
        (NOW, 0.0),
        (NOW - 3, 0.0),  # the window has ended meanwhile
        (NOW + 11, WINDOW_SECONDS),  # `Date` has whole seconds
        (NOW + 3_600, WINDOW_SECONDS),  # clocks that disagree
        (NOW - 3_600, WINDOW_SECONDS),
        ((NOW + 6) * 1_000, WINDOW_SECONDS),  # milliseconds
        (10, WINDOW_SECONDS),  # a duration
        ("nan", WINDOW_SECONDS),
        ("inf", WINDOW_SECONDS),
    ],
)
def test_the_rest_of_a_window_is_never_longer_than_a_window(reset_at, seconds):
    assert RateLimit.from_headers(headers(reset_at=reset_at)).seconds_left == seconds


def test_our_own_clock_does_not_matter_where_intercom_tells_its_own():
    assert RateLimit.from_headers(headers(reset_at=5_000_000_004, at=5_000_000_000)).seconds_left == 4.0


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Mar 2026 12:00:00 GMT", "Mon, 01 Jan 2001 12:00:00 GMT"])
def test_a_date_that_is_none_is_no_clock(date):
    assert server_time({"date": date}) is None


def test_the_date_header_is_intercoms_clock():
    assert server_time({"date": "Sun, 01 Mar 2026 12:00:00 GMT"}) == NOW


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"retry-after": "7"} | headers(), 7.0),
        ({"retry-after": "3600"}, rate_limit.LONGEST_WAIT_SECONDS),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:09 GMT"} | headers(), 9.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:00:25 GMT", "date": formatdate(NOW, usegmt=True)}, 25.0),
        ({"retry-after": "Sunday, 01-Mar-26 11:00:00 GMT"} | headers(), rate_limit.SHORTEST_WAIT_SECONDS),
        ({"retry-after": "in a while"} | headers(), 6.0),
        (headers(), 6.0),
        ({}, WINDOW_SECONDS),
    ],
)
def test_a_refused_call_waits_as_told_or_until_the_window_ends(told, seconds):
    assert wait_seconds(told) == seconds


def sent_at(pacer, clock, pauses):
    """Return when each call is let through; `pauses` are what callers do between two calls, in seconds."""
    times = []
    for pause in pauses:
        clock.now += pause
        pacer.wait(clock)
        times.append(clock.now)
    return times


def busiest(times, width=WINDOW_SECONDS):
    return max(sum(start <= at < start + width - 1e-6 for at in times) for start in times)


@given(
    limit=st.integers(1, 400),
    share=st.floats(0.05, 1.0),
    pauses=st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.001, 0.2, 3.0]), min_size=1, max_size=600),
)
def test_no_ten_seconds_hold_more_calls_than_the_limit(limit, share, pauses):
    clock = Clock()
    pacer = Pacer(share, clock.monotonic)
    pacer.observe(headers(limit=limit, remaining=limit))
    clock.now += 11  # whatever the first answer closed is open again
    assert busiest(sent_at(pacer, clock, pauses)) <= limit


@pytest.mark.parametrize("share", [0.5, 0.9, 1.0])
@pytest.mark.parametrize("limit", [83, 166, 1_666])
def test_the_share_is_used_up(clock, limit, share):
    pacer = Pacer(share, clock.monotonic)
    pacer.observe(headers(limit=limit, remaining=limit))
    times = sent_at(pacer, clock, [0.0] * limit * 3)
    used = sum(at >= times[0] + WINDOW_SECONDS and at < times[0] + 2 * WINDOW_SECONDS for at in times)
    assert used == pytest.approx(limit * share, abs=2)


def test_without_headers_nothing_is_held_back(clock):
    assert sent_at(Pacer(0.9, clock.monotonic), clock, [0.0] * 500) == [1_000.0] * 500


def test_when_others_have_used_the_window_up_all_wait_for_the_next(clock):
    pacer = Pacer(0.9, clock.monotonic)
    pacer.observe(headers(limit=166, remaining=5))
    [at] = sent_at(pacer, clock, [0.0])
    assert 1_006.0 <= at <= 1_006.3


def test_after_a_refusal_calls_go_on_evenly_and_not_all_at_once(clock):
    pacer = Pacer(0.9, clock.monotonic)
    pacer.observe(headers(limit=166, remaining=166))
    pacer.pause(10)
    times = sent_at(pacer, clock, [0.0] * 100)
    assert times[0] >= 1_010.0
    assert sum(at < times[0] + 1 for at in times) <= 166 / 10 + 166 * 0.05 + 2


def test_a_shorter_pause_never_ends_a_longer_one(clock):
    pacer = Pacer(0.9, clock.monotonic)
    pacer.pause(10)
    pacer.pause(1)
    [at] = sent_at(pacer, clock, [0.0])
    assert at >= 1_010.0


def test_a_limit_that_changes_is_followed(clock):
    pacer = Pacer(1.0, clock.monotonic)
    for limit in (166, 83):
        pacer.observe(headers(limit=limit, remaining=limit))
        times = sent_at(pacer, clock, [0.0] * limit)
        assert times[-1] - times[0] == pytest.approx(WINDOW_SECONDS, rel=0.05)


def test_a_stopped_run_does_not_wait_for_its_turn():
    pacer = Pacer(0.9)
    pacer.pause(60)
    stop = Event()
    stop.set()
    began_at = time.monotonic()
    pacer.wait(stop)
    assert time.monotonic() - began_at < 1


@pytest.mark.parametrize(
    "headers",
    [
        {
            "x-ratelimit-limit": "83",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": "1772366400",
            "date": "Sun, 01 Mar 2026 12:00:20 GMT",
        },
        {"retry-after": "0"},
        {"retry-after": "nan"},
    ],
)
def test_a_refused_call_never_asks_again_at_once(headers):
    assert wait_seconds(headers) > 0.5


def test_nobody_waits_behind_those_who_came_later():
    pacer, order, here = Pacer(1.0), [], Event()
    pacer.observe(headers(limit=200, remaining=200))  # 50 ms apart: threads wake as the system likes
    pacer.pause(0.5)

    def call(number):
        pacer.wait(here)
        order.append(number)

    callers = [Thread(target=call, args=(number,)) for number in range(12)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(10)
    assert sorted(order) == list(range(12))
    assert max(abs(place - number) for place, number in enumerate(order)) <= 3


def test_a_line_that_a_refusal_breaks_up_forms_anew_and_lets_nobody_through_before(clock):
    pacer = Pacer(0.9, clock.monotonic)
    pacer.observe(headers(limit=10, remaining=10))
    refused = iter([True])

    class Refused(Clock):
        def wait(self, timeout=None):
            if next(refused, False):
                pacer.pause(20)  # another call's answer
            clock.now += timeout
            return False

    sent_at(pacer, clock, [0.0] * 2)
    pacer.wait(Refused())
    assert clock.now >= 1_020.0
