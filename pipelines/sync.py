"""The main flow of a run: lock, identify, load, record, transform, check."""

import time
from dataclasses import dataclass

import dlt
from dlt.common.destination.exceptions import DestinationException
from dlt.common.exceptions import SignalReceivedException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.comments import write_comments
from pipelines.display import Display
from pipelines.interruption import graceful
from pipelines.load import load
from pipelines.models import transform
from pipelines.outcome import Outcome
from pipelines.run import Run, begun, destination_failure
from pipelines.run_log import record
from pipelines.selection import Selection
from pipelines.target import Target
from sources.intercom.configuration import IntercomConfiguration
from transforms import Settings


@dataclass(frozen=True)
class SyncOptions:
    """What a person asks of one run. `since` is unix seconds."""

    selection: Selection
    since: int | None = None
    full_refresh: bool = False
    transform: bool = True
    settings: Settings | None = None
    max_rate_share: float = 0.9


def sync(configuration: IntercomConfiguration, target: Target, options: SyncOptions, display: Display) -> Outcome:
    """Load what is new or changed into `target`, then build and check the models.

    Raises Stop where nothing could be begun; once loading has begun, failures stand in the outcome.
    """
    outcome = Outcome(options.selection.resources(configuration.exclude))
    with begun(configuration, target, outcome.report, options.max_rate_share) as run:
        _load(run, options, outcome, display)
        _record(run.pipeline, target, outcome)
        if options.transform and outcome.error is None and not outcome.is_interrupted:
            outcome.build = transform(run.pipeline, target, display, options.settings, now=run.identity.now())
    return outcome


def _load(run: Run, options: SyncOptions, outcome: Outcome, display: Display) -> None:
    started = time.monotonic()
    start_at = run.configuration.start_at()
    reading = run.reading(
        outcome.report,
        named=frozenset(options.selection.names),
        start_at=min(start_at, options.since or start_at),
        since=options.since,
        from_scratch=options.full_refresh,
    )
    try:
        with graceful(reading.stop, display.interrupted), display.reading(outcome.report):
            load(run.pipeline, reading, outcome.resources, run.new_chunk)
    except (PipelineStepFailed, SignalReceivedException) as error:
        outcome.error = destination_failure(error)
        outcome.report.not_loaded()
    outcome.is_interrupted = reading.stop.is_set()
    outcome.seconds_reading = time.monotonic() - started
    outcome.finished_at = int(time.time())
    outcome.rate_limit = run.client.pacer.limit


def _record(pipeline: dlt.Pipeline, target: Target, outcome: Outcome) -> None:
    try:
        record(pipeline, outcome)
        write_comments(pipeline, target)
    except (PipelineStepFailed, DestinationException) as error:
        # The load itself may have failed for the same reason, which is then the better message.
        outcome.error = outcome.error or destination_failure(error)
