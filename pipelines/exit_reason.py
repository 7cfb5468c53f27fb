"""Why a command ended early: the exit code, and one line that says what to do."""

from pipelines.destination.failures.failure import DESTINATION_ERRORS, explained
from pipelines.exit_code import ExitCode
from pipelines.stop import STOPPED, Stop, was_interrupted
from sources.intercom.configuration import ConfigurationError


def reason(error: Exception) -> tuple[ExitCode, str]:
    """Return the reason of a command's early exit, for the person at the shell: exit code and line."""
    if isinstance(error, Stop):
        return error.code, str(error)
    if was_interrupted(error):
        return ExitCode.FAILED, STOPPED
    if isinstance(error, ConfigurationError):
        return ExitCode.WRONG_USE, str(error)
    if isinstance(error, DESTINATION_ERRORS):
        code, said = explained(error)
        return code, f"{said}. {code.next_step}"
    return ExitCode.FAILED, f"{type(error).__name__}: {error} (run again with --verbose for the traceback)"
