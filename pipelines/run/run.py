"""A run that has begun: the things that its steps share, and the session that the source reads with."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

import dlt

from pipelines.destination.duckdb.package_memory import PackageMemory
from pipelines.destination.locks.holder import Lock
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.journal import Journal
from pipelines.journal.outcome import Outcome
from pipelines.run.loaded_receipts import LoadedReceipts
from sources.intercom import Session
from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.export.jobs import KeptJob
from sources.intercom.privacy.guard import Guard
from sources.intercom.reading.chunk_budget import Chunk
from sources.intercom.reading.newcomers import Newcomers
from sources.intercom.reading.session import Wishes

EXPORT_JOB = "export.json"  # remembers the export job of a killed run for the next one


@dataclass(frozen=True)
class Run:
    """A run that has begun and holds its target's lock: who answers, the raw tables, and the threads to read with.

    `guard`: what every row passes before it is loaded; `marked`: table -> ids of the records that were marked as gone
    when the run began; `newcomers`: what it has loaded into tables that did not exist then; `outcome`: what comes of
    it, said by `journal` and shown on `display`; `memory`: what a package of many may take; `packages`: the
    resources of each load package that it has begun.
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
    outcome: Outcome
    display: Display
    journal: Journal
    memory: PackageMemory = field(default_factory=PackageMemory)
    packages: list[list[str]] = field(default_factory=list)

    @property
    def pipeline(self) -> dlt.Pipeline:
        """The run's pipeline of dlt on its target."""
        return self.raw.pipeline

    def new_chunk(self) -> Chunk:
        """Return the budget of one of the run's load packages."""
        configuration = self.configuration
        return Chunk(configuration.chunk_records, configuration.chunk_rows, configuration.chunk_minutes * 60)

    def session(self, wishes: Wishes | None = None, versions: Mapping[str, str] | None = None) -> Session:
        """Return the run's configured session, with which its resources read.

        `versions`: API versions of further resources, those of a sweep for instance.
        """
        session = Session.of(
            self.configuration,
            self.client,
            self.identity,
            lists=self.lists,
            details=self.details,
            wishes=wishes,
            guard=self.guard,
            folder=Path(self.pipeline.pipelines_dir),
        )
        session.report = self.outcome.report
        session.versions |= versions or {}
        session.marked, session.newcomers = self.marked, self.newcomers
        # dlt's folder is removed with the run; a killed run's job is remembered outside of it.
        kept = KeptJob(self.target.kept_file(EXPORT_JOB))
        session.export = replace(session.export, kept=kept, loaded=LoadedReceipts(self.raw))
        return session
