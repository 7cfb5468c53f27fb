"""The main flow of a run: lock, identify, load, record, transform, check."""

import gc
import time
from dataclasses import dataclass
from pathlib import Path

import dlt
import stamina
from dlt.common.destination.exceptions import DestinationException
from dlt.common.exceptions import SignalReceivedException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.comments import write_comments
from pipelines.display import Display
from pipelines.interruption import graceful
from pipelines.load import load
from pipelines.lock import only_run
from pipelines.models import transform
from pipelines.outcome import Outcome
from pipelines.run_log import record
from pipelines.selection import Selection
from pipelines.target import Target
from pipelines.workspace import connected, identify, refuse_other_workspace
from sources.intercom import Reading
from sources.intercom.chunk import Chunk
from sources.intercom.client import Client
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.export_settings import ExportSettings
from sources.intercom.identity import Identity
from sources.intercom.reading import threads
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
    _prepare_process()
    outcome = Outcome(options.selection.resources(configuration.exclude))
    with only_run(target), connected(configuration, options.max_rate_share) as client:
        identity = identify(client.counting(outcome.report.of("workspace").tally))
        target.check()
        pipeline = target.pipeline()
        refuse_other_workspace(pipeline, target, identity)
        _load(pipeline, _Run(client, identity, configuration, options), outcome, display)
        _record(pipeline, target, outcome)
        if options.transform and outcome.error is None and not outcome.is_interrupted:
            outcome.build = transform(pipeline, target, display, options.settings, now=identity.now())
    return outcome


@dataclass(frozen=True)
class _Run:
    client: Client
    identity: Identity
    configuration: IntercomConfiguration
    options: SyncOptions

    def new_chunk(self) -> Chunk:
        return Chunk(self.configuration.chunk_records, self.configuration.chunk_minutes * 60)


def _prepare_process() -> None:
    """Set this process up for moving many small objects: they live for one page, so collecting often finds nothing."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    # Retries are counted and shown in the summary; a line for each would drown the rest.
    stamina.instrumentation.set_on_retry_hooks([])


def _load(pipeline: dlt.Pipeline, run: _Run, outcome: Outcome, display: Display) -> None:
    configuration, options = run.configuration, run.options
    started = time.monotonic()
    with threads(configuration.connections) as (lists, details):
        reading = Reading(
            client=run.client,
            identity=run.identity,
            lists=lists,
            details=details,
            chunk=run.new_chunk(),
            named=frozenset(options.selection.names),
            start_at=min(configuration.start_at(), options.since or configuration.start_at()),
            since=options.since,
            from_scratch=options.full_refresh,
            overlap_seconds=configuration.overlap_minutes * 60,
            report=outcome.report,
            people=set(configuration.visitor_user_ids),
            versions=configuration.versions,
            export=ExportSettings.of(configuration, Path(pipeline.pipelines_dir)),
        )
        try:
            with graceful(reading.stop, display.interrupted), display.reading(outcome.report):
                load(pipeline, reading, outcome.resources, run.new_chunk)
        except (PipelineStepFailed, SignalReceivedException) as error:
            outcome.error = _destination_failure(error)
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
        outcome.error = outcome.error or _destination_failure(error)


def _destination_failure(error: BaseException) -> str:
    """Return the innermost cause in one line, without the rows that dlt may quote."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else 'no details'}"
