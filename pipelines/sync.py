"""The main flow of a run: lock, identify, load, transform, check, record, report."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dlt
import stamina
from dlt.common.destination.exceptions import DestinationException
from dlt.common.exceptions import SignalReceivedException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.display import Display
from pipelines.interruption import graceful
from pipelines.load import load
from pipelines.lock import only_run
from pipelines.outcome import Outcome
from pipelines.run_log import record
from pipelines.selection import Selection
from pipelines.stop import ExitCode, Stop
from pipelines.target import Target
from sources.intercom import Reading
from sources.intercom.chunk import Chunk
from sources.intercom.client import Client
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.errors import IntercomError
from sources.intercom.export_settings import ExportSettings
from sources.intercom.identity import Identity
from sources.intercom.reading import LISTS_AT_ONCE, threads
from transforms import BuildReport, build
from transforms.model import ModelError


@dataclass(frozen=True)
class SyncOptions:
    """What a person asks of one run. `since` is unix seconds."""

    selection: Selection
    since: int | None = None
    full_refresh: bool = False
    transform: bool = True
    max_rate_share: float = 0.9


def sync(configuration: IntercomConfiguration, target: Target, options: SyncOptions, display: Display) -> Outcome:
    """Load what is new or changed into `target`, then build and check the models.

    Raises Stop where nothing could be begun; once loading has begun, failures stand in the outcome.
    """
    _prepare_process()
    resources = options.selection.resources(configuration.exclude)
    with only_run(target), connected(configuration, options.max_rate_share) as client:
        identity = identify(client)
        target.check()
        pipeline = target.pipeline()
        _refuse_other_workspace(pipeline, target, identity.id_code)
        outcome = _load(pipeline, client, identity, configuration, options, resources, display)
        if options.transform and outcome.error is None and not outcome.is_interrupted:
            outcome.build = transform(pipeline, target, display)
    return outcome


def transform(pipeline: dlt.Pipeline, target: Target, display: Display, select: str | None = None) -> BuildReport:
    """Build and check the models on what is loaded."""
    with display.building() as on_model, _model_errors_explained():
        return build(pipeline.sql_client, target.destination, target.datasets, select=select, on_model=on_model)


@contextmanager
def _model_errors_explained() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise Stop(f"{error}", ExitCode.WRONG_USE) from error


@contextmanager
def connected(configuration: IntercomConfiguration, max_rate_share: float = 0.9) -> Iterator[Client]:
    """Open a client for the configured workspace."""
    connections = configuration.connections + LISTS_AT_ONCE
    with Client.connect(configuration.url, configuration.access_token.strip(), max_rate_share, connections) as client:
        yield client


def identify(client: Client) -> Identity:
    """Return whose workspace answers, or raise Stop: if `/me` cannot be read, nothing else can."""
    try:
        return Identity.of(client)
    except IntercomError as error:
        raise Stop(str(error), ExitCode.FAILED) from error


def _prepare_process() -> None:
    """Set this process up for moving many small objects: they live for one page, so collecting often finds nothing."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    # Retries are counted and shown in the summary; a line for each would drown the rest.
    stamina.instrumentation.set_on_retry_hooks([])


def _refuse_other_workspace(pipeline: dlt.Pipeline, target: Target, workspace_id: str | None) -> None:
    held = target.workspace_in(pipeline)
    if held is not None and workspace_id is not None and held[0] != workspace_id:
        message = (
            f"{target} holds workspace {held[0]} ({held[1]}), but the access token belongs to {workspace_id}. "
            "Choose another --database or --dataset, or the other workspace's token."
        )
        raise Stop(message, ExitCode.WRONG_USE)


def _load(
    pipeline: dlt.Pipeline,
    client: Client,
    identity: Identity,
    configuration: IntercomConfiguration,
    options: SyncOptions,
    resources: list[str],
    display: Display,
) -> Outcome:
    def new_chunk() -> Chunk:
        return Chunk(configuration.chunk_records, configuration.chunk_minutes * 60)

    outcome = Outcome(resources)
    for name in resources:
        outcome.report.of(name)
    started = time.monotonic()
    with threads(configuration.connections) as (lists, details):
        reading = Reading(
            client=client,
            identity=identity,
            lists=lists,
            details=details,
            chunk=new_chunk(),
            start_at=min(configuration.start_at(), options.since or configuration.start_at()),
            since=options.since,
            from_scratch=options.full_refresh,
            overlap_seconds=configuration.overlap_minutes * 60,
            report=outcome.report,
            people=set(configuration.visitor_user_ids),
            named=frozenset(options.selection.names),
            export=ExportSettings.of(configuration, Path(pipeline.pipelines_dir)),
        )
        try:
            with graceful(reading.stop, display.interrupted), display.reading(outcome.report):
                load(pipeline, reading, resources, new_chunk)
        except (PipelineStepFailed, SignalReceivedException) as error:
            outcome.error = _destination_failure(error)
            outcome.report.not_loaded()
        outcome.is_interrupted = reading.stop.is_set()
    outcome.seconds_reading = time.monotonic() - started
    outcome.finished_at = int(time.time())
    outcome.rate_limit = client.pacer.limit
    _record(pipeline, outcome)
    return outcome


def _record(pipeline: dlt.Pipeline, outcome: Outcome) -> None:
    try:
        record(pipeline, outcome)
    except (PipelineStepFailed, DestinationException) as error:
        # The load itself may have failed for the same reason, which is then the better message.
        outcome.error = outcome.error or _destination_failure(error)


def _destination_failure(error: BaseException) -> str:
    """Return the innermost cause in one line, without the rows that dlt may quote."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else 'no details'}"
