"""Accounting for a run: whatever ends its loads goes into its outcome, and the outcome into the run log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.destination.failures.failure import DESTINATION_ERRORS
from pipelines.destination.tables.forgotten_records import record_found
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.exit_code import ExitCode
from pipelines.journal.run_log_tables import record
from pipelines.run.comments import write_comments
from pipelines.run.run import Run
from pipelines.run.signals import graceful
from pipelines.stop import Stop, was_interrupted
from sources.intercom import Session

AT_ONCE = (
    "Stopped at once. What was read since the last load package is not loaded; run the same command again to continue."
)


@contextmanager
def accounted(run: Run, session: Session) -> Iterator[None]:
    """Account for a run in the block: show progress, handle Ctrl-C, record a failing destination in the outcome."""
    outcome, started = run.outcome, time.monotonic()
    try:
        reading = run.display.reading(outcome.report, lambda: run.client.pacer.calls_per_second)
        with graceful(session.stop, run.display.interrupted), reading:
            yield
    except KeyboardInterrupt as error:
        raise Stop(AT_ONCE, ExitCode.FAILED) from error
    except (Stop, *DESTINATION_ERRORS) as error:
        if was_interrupted(error):
            raise Stop(AT_ONCE, ExitCode.FAILED) from error
        outcome.fail(error)
        outcome.report.not_loaded()
    run.journal.all_ended()
    outcome.is_interrupted = session.stop.is_set()
    outcome.seconds_reading = time.monotonic() - started
    outcome.finished_at = int(time.time())
    outcome.count_held_back = run.guard.forgotten.count_held_back.total()
    outcome.rate_limit = run.client.pacer.limit


def record_run(run: Run) -> None:
    """Record a run: write the new records of forgotten people, the run log, and the comments of the tables."""
    try:
        run.lock.confirm()
        # A load that failed left its package behind, which dlt would load instead of the run log.
        raw = run.raw if run.outcome.error is None else RawTables(run.target.pipeline())
        with run.target.held_open(run.memory.limit(0)):
            try:
                record_found(raw, run.guard.forgotten)
            except DESTINATION_ERRORS as error:
                run.outcome.fail_log(error)  # which the run log then says
            record(raw, run.outcome)
            write_comments(raw, run.target)
    except (Stop, *DESTINATION_ERRORS) as error:
        run.outcome.fail_log(error)
