"""Ctrl-C and SIGTERM: the run ends at the next page, and keeps what it has read."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType


@contextmanager
def graceful(stop: Event, on_first: Callable[[], None]) -> Iterator[None]:
    """Set `stop` on the first signal; a second one, of either kind, ends the run at once and loses the chunk in flight.

    A signal that is ignored stays ignored: a run that was started with `&` in a script, or with `nohup`, is not meant.
    """
    if current_thread() is not main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    previous = {number: handler for number, handler in handlers.items() if handler != signal.SIG_IGN}

    def restore() -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)

    def receive(number: int, frame: FrameType | None) -> None:
        restore()
        stop.set()
        on_first()

    for number in previous:
        signal.signal(number, receive)
    try:
        yield
    finally:
        restore()
