"""Pacing: spreads calls evenly over the workspace's rate budget, and leaves a part to other apps.

Intercom counts calls in windows of 10 seconds and says with every answer how many the window allows, how many are left
and when it ends (`X-RateLimit-Limit`, `-Remaining`, `-Reset`; API reference, "Rate limiting"). Calls are spread over
the window instead of being sent until a 429 comes, so that a 429 is the exception and not the regulator.
"""

import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache

from ..record import INTERCOM_FOUNDED_AT

WINDOW_SECONDS = 10.0
DEFAULT_RATE_SHARE = 0.9  # leaves a tenth to other apps
LONGEST_WAIT_SECONDS = 60.0
SHORTEST_WAIT_SECONDS = 1.0
LARGEST_LIMIT = 10_000_000  # calls in a window; a higher limit must be a mistake


@dataclass(frozen=True)
class RateLimit:
    """What the headers of one answer say about the rate limit in the current window."""

    limit: int
    remaining: int
    seconds_left: float

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "RateLimit | None":
        """Return the rate limit in the headers; None if it is missing or unreadable, which is a normal case."""
        try:
            limit = int(headers["x-ratelimit-limit"])
            remaining = int(headers["x-ratelimit-remaining"])
            reset_at = float(headers["x-ratelimit-reset"])
        except (KeyError, ValueError):
            return None
        if not 0 < limit <= LARGEST_LIMIT:
            return None
        return cls(limit, remaining, _seconds_left(reset_at, headers))


def server_time(headers: Mapping[str, str]) -> float | None:
    """Return Intercom's clock (unix seconds) from the `Date` header; None if it is missing or absurd."""
    date = headers.get("date")
    return None if date is None else _moment(date)


# All answers within a second have the same date, and parsing it takes as long as sending a request.
@lru_cache(maxsize=8)
def _moment(date: str) -> float | None:
    try:
        seconds = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if seconds >= INTERCOM_FOUNDED_AT else None


def wait_seconds(headers: Mapping[str, str]) -> float:
    """Return how long a 429 for the rate limit asks to wait: `Retry-After`, else the window's end, else one window."""
    seconds = _retry_after(headers)
    if seconds is None:
        window = RateLimit.from_headers(headers)
        seconds = window.seconds_left if window else WINDOW_SECONDS
    if math.isnan(seconds):
        seconds = WINDOW_SECONDS
    # Never at once: `Date` has whole seconds, so the window may end a second later than it seems to.
    return min(max(seconds, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how long `Retry-After` says to wait: seconds, or a date by the server's clock (RFC 9110); or None."""
    text = headers.get("retry-after", "")
    try:
        return float(text)
    except ValueError:
        moment = _moment(text)
    return None if moment is None else moment - (server_time(headers) or time.time())


def _seconds_left(reset_at: float, headers: Mapping[str, str]) -> float:
    seconds = reset_at - (server_time(headers) or time.time())
    # `Date` has whole seconds, so the difference may be off by one; an absurd one means that the clocks disagree.
    return min(max(seconds, 0.0), WINDOW_SECONDS) if abs(seconds) <= LONGEST_WAIT_SECONDS else WINDOW_SECONDS


@dataclass(frozen=True)
class _Slot:
    """A slot under the rate limit: when its call may be sent, unless the window has been closed since."""

    at: float
    count_closed: int


class Pacer:
    """Keeps calls under the rate limit: lets threads through evenly, at `share` of what the last answer named.

    A generic cell rate algorithm. Short bursts may borrow half of what `share` leaves free, so that a run of twenty
    calls is not slowed down, and a window never exceeds the limit. Without headers it lets everything through. Waiting
    calls queue up in order: the company scroll would expire if it waited a minute behind later calls.
    """

    def __init__(self, share: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.share = share
        self._clock = clock
        self.limit: int | None = None
        self._lock = threading.Lock()
        self._due_at = 0.0
        self._closed_until = 0.0
        self._count_closed = 0

    @property
    def calls_per_second(self) -> float | None:
        """Calls that may be sent per second under the rate limit; None if Intercom names none."""
        return None if self.limit is None else self.limit * self.share / WINDOW_SECONDS

    def wait(self, stop: threading.Event) -> None:
        """Block until the rate limit lets the next call be sent, or until `stop` is set."""
        slot: _Slot | None = None
        while not stop.is_set():
            with self._lock:
                now = self._clock()
                if slot is None or slot.count_closed != self._count_closed:
                    slot = self._next_slot(now)
            if slot.at <= now:
                return
            stop.wait(slot.at - now)

    def _next_slot(self, now: float) -> _Slot:
        at = max(now, self._closed_until)
        if self.limit is None:
            return _Slot(at, self._count_closed)
        interval = WINDOW_SECONDS / (self.limit * self.share)
        burst = self.limit * (1 - self.share) / 2
        due_at = max(self._due_at, at)
        self._due_at = due_at + interval
        return _Slot(max(at, due_at - burst * interval), self._count_closed)

    def observe(self, headers: Mapping[str, str]) -> None:
        """Learn the rate limit from an answer; close the window early when other apps have used it up."""
        window = RateLimit.from_headers(headers)
        if window is None:
            return
        with self._lock:
            self.limit = window.limit
            reserve = window.limit * (1 - self.share) / 2
            if window.remaining <= reserve:
                self._close(window.seconds_left)

    def pause(self, seconds: float) -> None:
        """Hold all threads for `seconds` after a 429 of the rate limit, then go on evenly: no stampede at the reset."""
        with self._lock:
            self._close(seconds)

    def _close(self, seconds: float) -> None:
        until = self._clock() + seconds + random.uniform(0.0, 0.2)
        if until > self._closed_until:
            self._closed_until = self._due_at = until
            self._count_closed += 1  # the queue forms again, in the same order
