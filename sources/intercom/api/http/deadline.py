"""The deadline of an answer's beginning; deadlines are seconds of the monotonic clock."""

import time

import httpx


class TooSlow(httpx.ReadTimeout):
    """A request that was not sent, or whose answer had not begun, by its deadline, however steadily they went."""


def seconds_left(deadline: float) -> float:
    """Return how long it is until then; raises TimeoutError where it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
