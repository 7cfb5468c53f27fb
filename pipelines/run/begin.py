"""What every command begins with that reads Intercom for a target: lock, connect, identify, refuse other workspaces."""

import gc
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import dlt

from pipelines.destination.locks.holder import Lock
from pipelines.destination.locks.lock import only_run
from pipelines.destination.postgres.rights import check_rights
from pipelines.destination.tables.dropped import Look, make_anew, refuse_what_is_others
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.forget.forgotten_records import forgotten_ids
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.journal.journal import Journal
from pipelines.journal.source_log import source_heard
from pipelines.run.identify import connected, identify, refuse_other_workspace
from pipelines.run.loaded_receipts import LoadedReceipts
from pipelines.run.outcome import Outcome
from pipelines.run.selection import check_resources
from pipelines.run.weaker_privacy import refuse_weaker_privacy
from sources.intercom import TABLES, Session
from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.export.jobs import KeptJob
from sources.intercom.privacy.forgotten import Forgotten
from sources.intercom.privacy.guard import Guard
from sources.intercom.privacy.rules import Privacy
from sources.intercom.reading.chunk_budget import Chunk
from sources.intercom.reading.newcomers import Newcomers
from sources.intercom.reading.report import Report
from sources.intercom.reading.session import Wishes, threads

EXPORT_JOB = "export.json"  # what remembers the export job of a killed run for the next one


@dataclass(frozen=True)
class Run:
    """A run that holds its target's lock: who answers, the raw tables of the target, and the threads to read with.

    `guard`: what every row passes before it is loaded; `marked`: table -> ids of the records that were marked as gone
    when the run began; `newcomers`: what it has loaded into tables that did not exist then; `journal`: what is said of
    it.
    """

    configuration: IntercomConfiguration
    target: Target
    client: Client
    identity: Identity
    raw: RawTables
    guard: Guard
    marked: dict[str, set[str]]
    newcomers: Newcomers
    lists: Executor
    details: Executor
    lock: Lock
    journal: Journal

    @property
    def pipeline(self) -> dlt.Pipeline:
        """Dlt's pipeline on the target."""
        return self.raw.pipeline

    def new_chunk(self) -> Chunk:
        """Return the budget of one load package."""
        configuration = self.configuration
        return Chunk(configuration.chunk_records, configuration.chunk_rows, configuration.chunk_minutes * 60)

    def session(
        self, report: Report, wishes: Wishes | None = None, versions: Mapping[str, str] | None = None
    ) -> Session:
        """Return what resources read with, as it is configured.

        `versions`: API versions of further resources, those of a sweep for instance.
        """
        session = Session.of(
            self.configuration,
            self.client,
            self.identity,
            self.lists,
            self.details,
            self.new_chunk(),
            wishes,
            self.guard,
            Path(self.pipeline.pipelines_dir),
        )
        versions_of_all = {**session.versions, **(versions or {})}
        # dlt's folder goes with the run; the job of a killed one is remembered outside of it.
        kept = KeptJob(self.target.kept_file(EXPORT_JOB))
        export = replace(session.export, kept=kept, loaded=LoadedReceipts(self.raw))
        return replace(
            session,
            report=report,
            versions=versions_of_all,
            marked=self.marked,
            export=export,
            newcomers=self.newcomers,
        )


@contextmanager
def begun(
    configuration: IntercomConfiguration,
    target: Target,
    outcome: Outcome,
    display: Display,
    max_rate_share: float,
    accepts_weaker_privacy: bool = False,
) -> Iterator[Run]:
    """Begin a run on `target`, or raise Stop where nothing can be begun; the call to `/me` is counted in `outcome`."""
    privacy = Privacy.of(configuration.privacy, TABLES)
    check_resources(configuration.versions)
    with _many_small_objects(), only_run(target) as lock, connected(configuration, max_rate_share) as client:
        identity = identify(client.counting(outcome.report.of("workspace").tally))
        with target.held_open():
            target.check()
            check_rights(target)
            pipeline = target.pipeline()
            raw = RawTables(pipeline)
            refuse_other_workspace(raw, target, identity)
            if not accepts_weaker_privacy:
                refuse_weaker_privacy(pipeline, target, privacy)
            look = Look.at(pipeline)
            refuse_what_is_others(look, pipeline, target)
            for line in make_anew(look, pipeline, target):
                display.say(WARNING, message=line)
            guard = Guard(privacy, Forgotten.of(forgotten_ids(raw)))
            marked = raw.marked()
            newcomers = Newcomers(look.never_made)
        with threads(configuration.connections) as (lists, details):
            journal = Journal(display, outcome)
            journal.run_begun(target, identity)
            held = (guard, marked, newcomers)
            with source_heard(display):
                yield Run(configuration, target, client, identity, raw, *held, lists, details, lock, journal)


@contextmanager
def _many_small_objects() -> Iterator[None]:
    """Set the garbage collector up for objects that live for one page, so that collecting often finds nothing."""
    usual = gc.get_threshold()
    gc.freeze()  # for good: nothing of it is garbage before the end
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
