"""Output streams that can no longer be written: a pipe whose reader is gone (`query … | head -1`), a full disk."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from typing import IO, Any, TextIO, cast


@contextmanager
def ended_by_a_closed_pipe() -> Iterator[None]:
    """Let the process end silently, as every Unix tool does, where the reader of its rows has had enough of them."""
    if not hasattr(signal, "SIGPIPE") or current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield
        sys.stdout.flush()
    finally:
        signal.signal(signal.SIGPIPE, before)


def open_what_is_closed() -> None:
    """Give the process the standard streams that it was started without; Python itself leaves them None."""
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


class Unfailing:
    """Wraps a stream so that a failed write never fails the command.

    Standard error is one, and standard output where it has a summary of what was done.

    What comes after a failed write goes nowhere; a pipe that is full for a moment loses that alone.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        """Return what the stream itself has."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the text, or nothing."""
        try:
            return self._stream.write(text)
        except BlockingIOError:
            return len(text)
        except OSError:
            read_no_more(self._stream.fileno())
            return len(text)

    def flush(self) -> None:
        """Write what is left, or nothing."""
        try:
            self._stream.flush()
        except BlockingIOError:
            return
        except OSError:
            read_no_more(self._stream.fileno())


def unfailing(stream: IO[str]) -> TextIO:
    """Return the stream as one that no command fails at."""
    return cast(TextIO, stream if isinstance(stream, Unfailing) else Unfailing(cast(TextIO, stream)))


def never_fail_at_the_log() -> None:
    """Let whatever writes to standard error go on where that takes nothing."""
    sys.stderr = unfailing(sys.stderr)


def flush_what_is_read() -> None:
    """Write what is left to the standard streams; what nobody reads any more is no failure, nor is the rest of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            read_no_more(stream.fileno())
        except (OSError, ValueError):  # of a stream that is closed
            continue


def read_no_more(descriptor: int) -> None:
    """Redirect a broken pipe to /dev/null."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
