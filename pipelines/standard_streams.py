"""The standard streams, also where they cannot be written: the reader of a pipe is gone, a disk is full."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from typing import IO, Any, TextIO, cast


@contextmanager
def ended_by_a_closed_pipe() -> Iterator[None]:
    """Let the process end silently, as every Unix tool does, when the reader of its rows has closed the pipe."""
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
    sys.stdin = sys.stdin or os.fdopen(os.open(os.devnull, os.O_RDONLY))  # first: what others open would be number 0
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


class Unfailing:
    """Wraps a standard stream so that a failed write never fails the command.

    Used for standard error, and for standard output when it gets the summary of a run.

    Everything after a failed write is dropped; a pipe that is full for a moment loses only the text of that moment.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the wrapped standard stream."""
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the text to the standard stream, or drop it if that fails."""
        try:
            return self._stream.write(text)
        except BlockingIOError:
            return len(text)
        except OSError:
            read_no_more(self._stream.fileno())
            return len(text)

    def flush(self) -> None:
        """Flush the standard stream, or drop what is left if that fails."""
        try:
            self._stream.flush()
        except BlockingIOError:
            return
        except OSError:
            read_no_more(self._stream.fileno())


def unfailing(stream: IO[str]) -> TextIO:
    """Return a standard stream, wrapped so that a failed write never fails the command."""
    return cast(TextIO, stream if isinstance(stream, Unfailing) else Unfailing(cast(TextIO, stream)))


def never_fail_at_the_log() -> None:
    """Let code that writes to standard error go on when that stream cannot be written."""
    sys.stderr = unfailing(sys.stderr)


def flush_what_is_read() -> None:
    """Flush the standard streams; output that nobody reads any more is no failure."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            read_no_more(stream.fileno())
        except (OSError, ValueError):  # of a stream that is closed
            continue


def read_no_more(descriptor: int) -> None:
    """Redirect a standard stream whose reader is gone to /dev/null."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
