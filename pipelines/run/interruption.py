"""Ctrl-C and SIGTERM: the run ends at the next page, and keeps what it has read."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType


@contextmanager
def graceful(stop: Event, on_first: Callable[[], None]) -> Iterator[None]:
    """Set `stop` on the first signal; a second one ends the process at once, and loses the chunk in flight."""
    if current_thread() is not main_thread():
        yield
        return
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def receive(number: int, frame: FrameType | None) -> None:
        signal.signal(number, previous[signal.Signals(number)])
        stop.set()
        on_first()

    for number in previous:
        signal.signal(number, receive)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
