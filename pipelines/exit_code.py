"""The exit codes that schedulers rely on, and which of several wins."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes: what the command's stop means for whoever started it."""

    DONE = 0
    FAILED = 1  # the run failed; state is kept, run again
    CHECK_FAILED = 2  # loaded, but a check of the models failed
    WRONG_USE = 64  # arguments or configuration; running again does not help

    @property
    def next_step(self) -> str:
        """What to do after a failure with this exit code, in a sentence to follow the reason."""
        return "Correct this first, then run again." if self is ExitCode.WRONG_USE else "Run again."


_FROM_MILD_TO_WORST = (ExitCode.DONE, ExitCode.CHECK_FAILED, ExitCode.FAILED, ExitCode.WRONG_USE)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the worst of several exit codes: a failed check is the mildest, because everything is loaded."""
    return max(codes, key=_FROM_MILD_TO_WORST.index, default=ExitCode.DONE)
