"""What the failures of a build mean for whoever scheduled it: whether running again helps."""

from pipelines.destination.failures.failure import unavailable
from pipelines.exit_code import ExitCode
from transforms import BuildReport
from transforms.runner.warehouse.postgres.lock_waiting import Blocked


def code_of(build: BuildReport) -> ExitCode:
    """Return the exit code of a build: FAILED if a model or check failed for a reason that is not its own.

    A lost connection, a full disk or a lock of others ends whatever happens to run, and the same build succeeds later.
    """
    if build.is_ok:
        return ExitCode.DONE
    if any(isinstance(cause, Blocked) or unavailable(cause) for cause in build.causes):
        return ExitCode.FAILED
    return ExitCode.CHECK_FAILED
