"""Passes on what the source logs while a run reads, as the run's own warnings."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from sources.intercom.secrecy.safe_text import masked

SOURCE = "sources"  # the loggers of its modules begin so


@contextmanager
def source_heard(display: Display) -> Iterator[None]:
    """Show the source's warnings and other log records on `display` while the block runs.

    Without a handler Python would print bare lines to standard error: no JSON in a log for machines, and output in a
    quiet run that succeeds.
    """
    logger, handler = logging.getLogger(SOURCE), _Handler(display)
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


class _Handler(logging.Handler):
    def __init__(self, display: Display) -> None:
        super().__init__(logging.WARNING)
        self._display = display
        self._context = copy_context()  # in which the run has its name; the threads that read have none

    def emit(self, record: logging.LogRecord) -> None:
        """Show one of the source's warnings; one thread at a time does, as logging holds the handler's lock."""
        self._context.run(self._say, masked(record.getMessage()))

    def _say(self, message: str) -> None:
        self._display.say(WARNING, message=message)
