"""The deadline of an answer's beginning; deadlines are seconds of the monotonic clock."""

import time

import httpx


class TooSlow(httpx.ReadTimeout):
    """The deadline passed before the request was sent or its answer began."""


def seconds_left(deadline: float) -> float:
    """Return the seconds until the deadline; raises TimeoutError if it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
