"""Why a command ends early, and the exit codes that schedulers rely on."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes: what the command's stop means for whoever started it."""

    DONE = 0
    FAILED = 1  # the run failed; state is kept, run again
    CHECK_FAILED = 2  # loaded, but a check of the models failed
    WRONG_USE = 64  # arguments or configuration; running again does not help


_FROM_MILD_TO_WORST = (ExitCode.DONE, ExitCode.CHECK_FAILED, ExitCode.FAILED, ExitCode.WRONG_USE)
STOPPED = "Stopped."  # by Ctrl-C or SIGTERM


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the worst of several exit codes: a failed check is the mildest, because everything is loaded."""
    return max(codes, key=_FROM_MILD_TO_WORST.index, default=ExitCode.DONE)


def was_interrupted(error: BaseException) -> bool:
    """Return True if Ctrl-C or SIGTERM is behind an error: dlt wraps it, and DuckDB makes an error of its own of it."""
    one: BaseException | None = error
    while one is not None:
        if isinstance(one, KeyboardInterrupt) or (type(one) is RuntimeError and str(one) == "Query interrupted"):
            return True
        one = one.__cause__ or one.__context__
    return False


class Stop(Exception):
    """Stops a command with one clear line; `code` goes to the shell."""

    def __init__(self, message: str, code: ExitCode) -> None:
        super().__init__(message)
        self.code = code
