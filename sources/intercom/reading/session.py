"""The context of one run of the source: its client, threads, and wishes."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from ..api.completeness.listed_versions import ListedVersions
from ..api.http.client import Client
from ..api.identity import Identity
from ..configuration import IntercomConfiguration
from ..export.settings import ExportSettings
from ..privacy.guard import Guard
from ..rows.column_types import MOST_UNDECLARED
from .newcomers import Newcomers
from .resource_report import Report
from .unreadable_state import MOST_REMEMBERED

LISTS_AT_ONCE = 20  # about as many as there are resources, or ranges of a search


@dataclass(frozen=True)
class Wishes:
    """What the user wishes of one run's session.

    `named`: resources that were named; they are read however fresh they are. `start_at`: nothing older is read (unix
    seconds, 0 for everything). `since`: read again from there on. `from_scratch`: reset every watermark first.
    `people`: user ids to look up; some of them may be visitors. `has_all_people`: they include whom earlier runs could
    not look up, as far as the destination knows them.
    """

    named: frozenset[str] = frozenset()
    start_at: int = 0
    since: int | None = None
    from_scratch: bool = False
    people: frozenset[str] = frozenset()
    has_all_people: bool = False


@dataclass
class Session:
    """The session of a run: what its resources share.

    `overlap_seconds`: how far before its watermark a search starts. `versions`: API versions of resources that are not
    read in the usual one. `people`: user ids wished for, and those met while reading. `guard`: what every row passes.
    `marked`: by table, the ids that the destination marks as gone; a record that is read loses its mark. `ahead`: what
    a search has read for the next load package already, by path (see `ranges`). `max_columns`: how many a table may
    have that nobody declared. `most_remembered`: how many records that cannot be read or loaded a resource remembers.
    `overfull`: tables that were said to have more. `newcomers`: which removal rows change nothing. `counted`: what the
    listing of a resource has brought, by the resource's name. `looked_up_to`: the place of visitors in this run.
    """

    client: Client
    identity: Identity
    lists: Executor
    details: Executor
    wishes: Wishes = field(default_factory=Wishes)
    overlap_seconds: int = 900
    marked: dict[str, set[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    export: ExportSettings = field(default_factory=ExportSettings)
    report: Report = field(default_factory=Report)
    guard: Guard = field(default_factory=Guard)
    max_columns: int = MOST_UNDECLARED
    most_remembered: int = MOST_REMEMBERED
    people: set[str] = field(init=False)
    ahead: dict[str, Any] = field(default_factory=dict)
    overfull: set[str] = field(default_factory=set)
    newcomers: Newcomers = field(default_factory=Newcomers)
    counted: defaultdict[str, ListedVersions] = field(default_factory=lambda: defaultdict(ListedVersions))
    looked_up_to: str = ""
    _begun: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Start the session with the people of the wishes."""
        self.people = set(self.wishes.people)

    @classmethod
    def of(
        cls,
        configuration: IntercomConfiguration,
        client: Client,
        identity: Identity,
        lists: Executor,
        details: Executor,
        wishes: Wishes | None = None,
        guard: Guard | None = None,
        folder: Path | None = None,
    ) -> "Session":
        """Return a session as it is configured; `folder`: where the content data export keeps what it downloads."""
        return cls(
            client=client,
            identity=identity,
            lists=lists,
            details=details,
            wishes=wishes or Wishes(start_at=configuration.start_at()),
            overlap_seconds=configuration.overlap_minutes * 60,
            versions=dict(configuration.versions),
            export=ExportSettings.of(configuration, folder),
            guard=guard or Guard(),
            max_columns=configuration.max_columns,
        )

    @property
    def stop(self) -> Event:
        """Set when the run of the session is interrupted."""
        return self.client.stop

    def begins(self, resource: str) -> bool:
        """Return True for the first chunk of `resource` in this session, and False afterwards."""
        begins = resource not in self._begun
        self._begun.add(resource)
        return begins


@contextmanager
def threads(connections: int) -> Iterator[tuple[Executor, Executor]]:
    """Open the session's thread pools for lists and for details: a list never waits behind hundreds of details."""
    lists = ThreadPoolExecutor(LISTS_AT_ONCE, "intercom-list")
    details = ThreadPoolExecutor(connections, "intercom-detail")
    try:
        yield lists, details
    finally:
        for pool in (lists, details):
            pool.shutdown(wait=False, cancel_futures=True)
