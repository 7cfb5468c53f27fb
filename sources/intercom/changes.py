"""One pass over a search: every record that is new or changed since the watermark, in the order of `updated_at`."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic

from sources.intercom.entity import Detail, Whole
from sources.intercom.errors import BadAnswer, PageCursorRefused
from sources.intercom.lookahead import completed, prefetched
from sources.intercom.pagination import Page, searched
from sources.intercom.position import Position
from sources.intercom.reading import ResourceReading
from sources.intercom.record import Record, record_id, updated_at
from sources.intercom.seen import digest

logger = logging.getLogger(__name__)

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
    """The new or changed records of one page, and where the pass stands once they are loaded.

    `is_cut`: the page goes on with a record that belongs into the next load package.
    """

    records: list[Record]
    updated_at: int | None
    page_cursor: str | None
    is_last: bool
    is_cut: bool
    server_at: float | None


@dataclass
class Changes(Generic[Detail]):
    """A pass of `search`, as much of it as the chunk allows.

    `complete` fetches what the search does not show, or returns None for a record that has vanished since.
    """

    search: Search
    reading: ResourceReading
    complete: Callable[[Record], Whole[Detail] | None]
    _taken: dict[str, bytes] = field(default_factory=dict)

    def batches(self) -> Iterator[list[Detail]]:
        """Yield the completed records page by page; the position follows what was taken."""
        run = self.reading.run
        position = self._position()
        try:
            for batch, wholes in completed(
                run.details, self._selected(position), lambda batch: batch.records, self.complete, run.stop.is_set
            ):
                yield [whole.detail for whole in wholes if whole is not None]
                self._account(position, batch, wholes)
        finally:
            position.save_seen()

    def _position(self) -> Position:
        run = self.reading.run
        horizon_seconds = self.search.horizon_seconds(run.overlap_seconds)
        position = Position(self.reading.state, run.overlap_seconds, horizon_seconds)
        if run.begins(self.reading.report.resource):
            if run.from_scratch:
                position.forget()
            elif run.since is not None:
                position.reread(run.since)
            else:
                position.resume()
        return position

    def _selected(self, position: Position) -> Iterator[_Batch]:
        run = self.reading.run
        for page in prefetched(run.lists, self._pages(position)):
            self.reading.report.count_expected = page.total_count
            batch = self._select(page, position)
            run.chunk.take(len(batch.records))
            yield batch
            if batch.is_cut or run.chunk.is_spent:
                return

    def _pages(self, position: Position) -> Iterator[Page]:
        after, page_cursor = position.after(self.reading.run.start_at), position.page_cursor
        pages = self._searched(after, page_cursor)
        if page_cursor is None:
            yield from pages
            return
        try:
            first = next(pages)
        except (PageCursorRefused, BadAnswer) as error:
            # Expired cursors have answered 400 and 500. An outage looks the same: the cursor is given up only once a
            # search without it has answered.
            pages = self._searched(position.restarted_after(), None)
            first = next(pages)
            position.restart()
            logger.warning("%s: the page cursor is refused, back to the watermark (%s)", self.search.path, error)
        yield first
        yield from pages

    def _searched(self, after: int, page_cursor: str | None) -> Iterator[Page]:
        per_page = min(PER_PAGE, self.reading.run.chunk.records)
        query = self.search.query(after)
        return searched(self.reading.client, self.search.path, self.search.records_key, query, page_cursor, per_page)

    def _select(self, page: Page, position: Position) -> _Batch:
        """Return what of `page` is not loaded yet.

        A record that was already taken into this load package in another version ends the chunk before it: two versions
        of one parent's lists in one package would both be merged.
        """
        records: list[Record] = []
        newest_at: int | None = None
        is_cut = False
        # Of two versions on one page only the last one counts.
        for identity, record in {record_id(record, self.search.path): record for record in page.records}.items():
            version = digest(record)
            if version in position.seen or self._taken.get(identity) == version:
                self.reading.report.count_repeated += 1
            elif identity in self._taken:
                is_cut = True
                break
            elif updated_at(record) >= self.reading.run.start_at:
                self._taken[identity] = version
                records.append(record)
            newest_at = max(updated_at(record), newest_at or 0)
        return _Batch(
            records=records,
            updated_at=_not_in_the_future(newest_at, page),
            page_cursor=page.page_cursor if is_cut else page.next_page_cursor,
            is_last=not is_cut and page.next_page_cursor is None,
            is_cut=is_cut,
            server_at=page.server_at,
        )

    def _account(self, position: Position, batch: _Batch, wholes: list[Whole[Detail] | None]) -> None:
        report = self.reading.report
        # An interrupted run brings fewer wholes than the batch has records: the page is asked for again then.
        for record, whole in zip(batch.records, wholes, strict=False):
            if whole is None:
                report.count_vanished += 1
                continue
            report.count_records += 1
            found_at = updated_at(record)
            is_current = whole.updated_at >= found_at  # a replica may answer with the version before
            if is_current and _is_settled(found_at, whole.read_at or batch.server_at, batch.updated_at):
                position.seen.add(self._taken[record_id(record, self.search.path)], found_at)
        if len(wholes) == len(batch.records):
            position.advance(batch.updated_at, batch.page_cursor, batch.is_last, batch.server_at or time.time())
        report.watermark = position.watermark


def _not_in_the_future(newest_at: int | None, page: Page) -> int | None:
    """Hold the watermark at Intercom's clock: one record dated ahead would hide all changes until then.

    Where the whole page lies ahead, it is the clock that is wrong.
    """
    if newest_at is None or page.server_at is None or updated_at(page.records[0]) > page.server_at:
        return newest_at
    return min(newest_at, int(page.server_at))


def _is_settled(found_at: int, read_at: float | None, newest_at: int | None) -> bool:
    """Tell whether a record was read late enough that no later change can carry the same `updated_at`."""
    if read_at is None:
        return newest_at is not None and found_at < newest_at
    return read_at - found_at >= SETTLED_SECONDS
