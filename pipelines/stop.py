"""Stops a command before its end: with one line for the person at the shell, or because of Ctrl-C."""

from pipelines.exit_code import ExitCode

STOPPED = "Stopped."  # by Ctrl-C or SIGTERM


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
