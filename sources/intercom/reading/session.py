"""What the resources of one run share, and what one resource gets of it."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from ..api.client import Client
from ..api.identity import Identity
from ..export.settings import ExportSettings
from ..privacy.guard import Guard
from .chunk import Chunk
from .report import Report, ResourceReport

LISTS_AT_ONCE = 8


@dataclass
class Reading:
    """One run's client, threads, budget of the current load package, and wishes.

    `named`: resources that a person named; they are read however fresh they are.
    `start_at`: nothing older is read (unix seconds, 0 for everything). `since`: read again from there on.
    `from_scratch`: forget every watermark first. `overlap_seconds`: how far before its watermark a search starts.
    `versions`: API versions of resources that are not read in the usual one.
    `people`: user ids met while reading or before; some of them may be visitors. `guard`: what every row passes.
    `marked`: by table, the ids that the destination marks as gone; whoever is read loses the mark.
    """

    client: Client
    identity: Identity
    lists: Executor
    details: Executor
    chunk: Chunk
    named: frozenset[str] = frozenset()
    start_at: int = 0
    since: int | None = None
    from_scratch: bool = False
    overlap_seconds: int = 900
    people: set[str] = field(default_factory=set)
    marked: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    export: ExportSettings = field(default_factory=ExportSettings)
    report: Report = field(default_factory=Report)
    guard: Guard = field(default_factory=Guard)
    _begun: set[str] = field(default_factory=set)

    @property
    def stop(self) -> Event:
        """Set when the run is interrupted."""
        return self.client.stop

    def begins(self, resource: str) -> bool:
        """Return True for the first chunk of `resource` in this run, and False afterwards."""
        begins = resource not in self._begun
        self._begun.add(resource)
        return begins


@dataclass(frozen=True)
class ResourceReading:
    """What one resource reads with: its own counting client, its report, and its part of dlt's state."""

    run: Reading
    client: Client
    report: ResourceReport
    state: dict[str, Any]


@contextmanager
def threads(connections: int) -> Iterator[tuple[Executor, Executor]]:
    """Open the thread pools for lists and for details: a list never waits behind hundreds of details."""
    lists = ThreadPoolExecutor(LISTS_AT_ONCE, "intercom-list")
    details = ThreadPoolExecutor(connections, "intercom-detail")
    try:
        yield lists, details
    finally:
        for pool in (lists, details):
            pool.shutdown(wait=False, cancel_futures=True)
