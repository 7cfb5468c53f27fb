"""One pass over a search: every record that is new or changed since the watermark, in the order of `updated_at`."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sources.intercom.errors import BadAnswer, PageCursorRefused
from sources.intercom.flatten import as_id
from sources.intercom.lookahead import completed, prefetched
from sources.intercom.pagination import Page, searched
from sources.intercom.position import Position
from sources.intercom.reading import ResourceReading
from sources.intercom.seen import digest

logger = logging.getLogger(__name__)

Record = dict[str, Any]
Detail = TypeVar("Detail")

PER_PAGE = 150
SETTLED_SECONDS = 2


@dataclass(frozen=True)
class Search:
    """A search endpoint: where it is, under which key it lists its records, and how coarse its time filter is.

    `granularity_seconds`: contacts are compared by calendar day of the workspace's time zone, so asking 25 hours
    earlier starts at or before the wanted second in every time zone, daylight saving included.
    """

    path: str
    records_key: str
    granularity_seconds: int = 0

    def query(self, after: int) -> Record:
        """Return the filter for records updated at or after `after`, whether `>` is strict or not."""
        return {"field": "updated_at", "operator": ">", "value": max(after - 1 - self.granularity_seconds, 0)}

    def horizon_seconds(self, overlap_seconds: int) -> int:
        """Return how far before the watermark a pass can bring records again."""
        return overlap_seconds + 2 * self.granularity_seconds


@dataclass
class _Batch:
    """The new or changed records of one page, and where the pass stands once they are loaded."""

    records: list[Record]
    updated_at: int | None
    page_cursor: str | None
    is_last: bool
    is_cut: bool
    server_at: float | None


@dataclass
class Changes(Generic[Detail]):
    """A pass of `search`, as much of it as the chunk allows.

    `complete` fetches what the search does not show and returns it with Intercom's clock at that moment, or None for a
    record that has vanished since.
    """

    search: Search
    reading: ResourceReading
    complete: Callable[[Record], tuple[Detail, float | None] | None]
    _taken: dict[str, bytes] = field(default_factory=dict)

    def batches(self) -> Iterator[list[Detail]]:
        """Yield the completed records page by page; the position follows what was taken."""
        run = self.reading.run
        overlap_seconds = run.overlap_seconds
        position = Position(self.reading.state, self.search.horizon_seconds(overlap_seconds))
        if run.begins(self.reading.report.resource):
            if run.from_scratch:
                position.forget()
            elif run.since is not None:
                position.reread(run.since)
        batches = self._selected(position, overlap_seconds)
        try:
            for batch, details in completed(
                run.details, batches, lambda batch: batch.records, self.complete, run.stop.is_set
            ):
                yield [detail[0] for detail in details if detail is not None]
                self._account(position, batch, details)
        finally:
            position.save_seen()

    def _selected(self, position: Position, overlap_seconds: int) -> Iterator[_Batch]:
        chunk = self.reading.run.chunk
        for page in prefetched(self.reading.run.lists, self._pages(position, overlap_seconds)):
            self.reading.report.count_expected = page.total_count
            batch = self._select(page, position)
            chunk.take(len(batch.records))
            yield batch
            if batch.is_cut or chunk.is_spent or self.reading.run.stop.is_set():
                return

    def _pages(self, position: Position, overlap_seconds: int) -> Iterator[Page]:
        run = self.reading.run
        resumed_at = position.page_cursor
        query = self.search.query(position.after(run.start_at, overlap_seconds))
        pages = searched(self.reading.client, self.search.path, self.search.records_key, query, resumed_at, PER_PAGE)
        if resumed_at is not None:
            try:
                yield next(pages)
            except (PageCursorRefused, BadAnswer) as error:
                logger.warning("%s: the page cursor is no good any more, back to the watermark (%s)", self.name, error)
                position.restart()
                yield from self._pages(position, overlap_seconds)
                return
        yield from pages

    @property
    def name(self) -> str:
        """The resource that is read."""
        return self.reading.report.resource

    def _select(self, page: Page, position: Position) -> _Batch:
        """Return what of `page` is not loaded yet.

        A record that was already taken into this load package in another version ends the chunk before it: two versions
        of one parent's lists in one package would both be merged.
        """
        records: list[Record] = []
        updated_at: int | None = None
        is_cut = False
        for record in page.records:
            record_id, version = str(as_id(record["id"])), digest(record)
            if version in position.seen or self._taken.get(record_id) == version:
                self.reading.report.count_repeated += 1
            elif record_id in self._taken:
                is_cut = True
                break
            elif _updated_at(record) >= self.reading.run.start_at:
                self._taken[record_id] = version
                records.append(record)
            updated_at = max(_updated_at(record), updated_at or 0)
        return _Batch(
            records=records,
            updated_at=updated_at,
            page_cursor=page.page_cursor if is_cut else page.next_page_cursor,
            is_last=not is_cut and page.next_page_cursor is None,
            is_cut=is_cut,
            server_at=page.server_at,
        )

    def _account(self, position: Position, batch: _Batch, details: list[tuple[Detail, float | None] | None]) -> None:
        report = self.reading.report
        for record, detail in zip(batch.records, details, strict=True):
            if detail is None:
                report.count_vanished += 1
            else:
                report.count_records += 1
                if _is_settled(_updated_at(record), detail[1] or batch.server_at, batch.updated_at):
                    position.seen.add(self._taken[str(as_id(record["id"]))], _updated_at(record))
        position.advance(batch.updated_at, batch.page_cursor, batch.is_last)
        report.watermark = position.watermark


def _is_settled(updated_at: int, read_at: float | None, newest_at: int | None) -> bool:
    """Tell whether a record was read late enough that no later change can carry the same `updated_at`."""
    if read_at is None:
        return newest_at is not None and updated_at < newest_at
    return read_at - updated_at >= SETTLED_SECONDS


def _updated_at(record: Record) -> int:
    return int(record.get("updated_at") or record.get("created_at") or 0)
