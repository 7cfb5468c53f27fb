"""The context in which one resource reads into one load package."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Event
from typing import Any

from ..api.call import Call
from ..api.http.client import Client
from ..api.lists.page import Page, Span, Stray
from ..api.lists.pagination import listed
from ..api.lists.records_without_id import identified
from .chunk_budget import Chunk
from .resource_report import ResourceReport
from .session import Session
from .unreadable_records import UnreadableRecords
from .unreadable_state import UnreadableFacts


def is_unfinished(raw: Mapping[str, Any]) -> bool:
    """Return True if dlt's state of a resource holds a pass that goes on in the next load package."""
    return "pass" in raw


@dataclass(frozen=True)
class Reading:
    """What one resource reads with into a load package: the session, its own counting client, report and state of dlt.

    `chunk`: the package's budget. `others_ended`: set while nothing else is read into it than what Intercom is waited
    for. `load_id`: dlt's name of the package, greater than those before. `taken`: id -> version of the resource's
    records in the package, because two versions of one parent's lists would both be merged; `read_again`: id ->
    `updated_at` of those read outside of pages, None where that failed. `strays`: records without an id that were
    listed, until `unreadable` looks at them. Any thread may add some.
    """

    session: Session
    client: Client
    report: ResourceReport
    state: dict[str, Any]
    chunk: Chunk
    others_ended: Event
    load_id: str
    taken: dict[str, bytes] = field(default_factory=dict)
    read_again: dict[str, int | None] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)

    @cached_property
    def unreadable(self) -> UnreadableRecords:
        """What this reading knows of the resource's records that cannot be read or loaded."""
        session = self.session
        facts = UnreadableFacts(self.state, self.report, session.identity.now, session.most_remembered)
        return UnreadableRecords(facts, self.strays)

    @property
    def is_unfinished(self) -> bool:
        """True if the resource's pass goes on in the next load package."""
        return is_unfinished(self.state)

    def listed(
        self,
        path: str,
        records_key: str = "data",
        *,
        bad_answers: int | None = None,
        span: Span | None = None,
        **params: Any,
    ) -> Iterator[Page]:
        """Yield the pages of a GET list, and note the strays of each; see `pagination.listed` and `identified`."""
        pages = listed(self.client, path, records_key, bad_answers=bad_answers, kept_in=self.state, **params)
        return self.noting_strays(identified(pages, Call("GET", path), span))

    def noting_strays(self, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield `pages`, and note the strays of each."""
        for page in pages:
            self.strays.extend(page.strays)
            yield page

    @classmethod
    def of(
        cls, session: Session, resource: str, state: dict[str, Any], chunk: Chunk, others_ended: Event, load_id: str
    ) -> "Reading":
        """Return the reading of `resource` in `session` into the load package of `chunk`."""
        report = session.report.of(resource)
        client = session.client.counting(report.tally, session.versions.get(resource))
        return cls(session, client, report, state, chunk, others_ended, load_id)

    @classmethod
    def alone(
        cls, session: Session, resource: str, state: dict[str, Any] | None = None, chunk: Chunk | None = None
    ) -> "Reading":
        """Return the reading of `resource` with which no other is read; without a `state` it begins anew."""
        others_ended = Event()
        others_ended.set()
        chunk = chunk or Chunk.of_a_run(None)
        return cls.of(session, resource, {} if state is None else state, chunk, others_ended, load_id="0")
