"""One pass over a search: every record that is new or changed since the watermark, in the order of `updated_at`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeAlias

from ...api.identity import not_ahead
from ...api.lists.lookahead import completed
from ...api.lists.pagination import Page
from ...api.lists.search_endpoint import PER_PAGE, Search
from ...api.record import Record, is_older, record_id, updated_at
from ...reading.reading import Reading
from ..attempted_records import Unreadable, account, attempted
from ..dlt_state import SearchState, opened
from ..earlier_start import say_earlier_start
from ..entity import Detail, Whole
from ..vanished_records import CONTROLS, check_controls, confirmed
from .batch import Batch
from .failing_records import records_of_span
from .loaded_versions import digest
from .pages import pages_of_pass
from .pass_completeness import conclude, is_pass_short
from .stored_progress import StoredProgress


class _Seen(NamedTuple):
    """A record without a call of its own."""

    record: Record


_Result: TypeAlias = Whole[Detail] | Unreadable | _Seen | None


@dataclass(frozen=True)
class Shown(Generic[Detail]):
    """Records that a search shows whole, so that Intercom `is_asked` for the others only.

    `together` makes one detail of many in half the time, or None if one of them cannot be loaded as it is.
    """

    is_asked: Callable[[Record], bool]
    together: Callable[[list[Record]], Detail | None]


@dataclass
class Changes(Generic[Detail]):
    """A pass of `search`, as much of it as the chunk allows.

    `complete` fetches what the search does not show, or returns None for a record that has vanished since. It may get
    an id alone (`{"id": …}`), of a record that could not be read before. It raises one of SHAPE_ERRORS for a record of
    unknown shape. `shown`: handles the records for which it would ask Intercom nothing.
    """

    search: Search
    reading: Reading
    complete: Callable[[Record], Whole[Detail] | None]
    shown: Shown[Detail] | None = None
    _taken: dict[str, bytes] = field(init=False)
    _asked: dict[str, int | None] = field(init=False)
    _read_last: list[str] = field(default_factory=list)  # at most one id
    _met: set[str] = field(default_factory=set)
    _came_again: int = 0

    def batches(self) -> Iterator[list[Detail]]:
        """Yield the completed records page by page; the progress follows what was taken.

        Raises RecordsUnread at the end of the pass where some could not be read; everything else is loaded by then.
        """
        session = self.reading.session
        state = opened(self.reading.state, SearchState)
        self._taken = session.chunk.taken(self.reading.report.resource)
        self._asked = session.chunk.asked(self.reading.report.resource)
        unreadable = self.reading.unreadable
        unreadable.is_listed_whole = session.wishes.from_scratch
        is_first_chunk = session.begins(self.reading.report.resource)
        stored = self._stored_progress(state, is_first_chunk)
        if is_first_chunk and unreadable.ids:
            yield self._read_at_last(unreadable.records)
        for span in unreadable.spans if is_first_chunk else ():
            yield self._read_at_last(self._listed_again(span))
        try:
            for batch, results in completed(
                session.details,
                self._selected(stored),
                lambda batch: batch.records,
                self._attempt,
                session.stop.is_set,
                at_once=self._seen,
            ):
                sure = confirmed(session.details, batch.records, results, self._attempt, self._check)
                details, wholes = self._taken_in(sure)
                yield details
                self._account(stored, batch, wholes)
        finally:
            stored.save_versions()
        if not (stored.progress.going_on or session.stop.is_set()):
            unreadable.check()

    def _attempt(self, record: Record) -> Whole[Detail] | Unreadable | None:
        return attempted(self.complete, record)

    def _check(self, missing: Sequence[Record]) -> None:
        """Raise IncompleteListing if Intercom does not even find the oldest records that the search lists."""
        gone = [record_id(record, self.search.path) for record in missing]
        client = replace(self.reading.client, strays=[])  # those of a second look count no more
        listed = next(self.search.pages(client, 0, None, min(len(gone) + CONTROLS, PER_PAGE))).records
        ids = (record_id(record, self.search.path) for record in listed)
        controls = islice((one for one in (*self._read_last, *ids) if one not in gone), CONTROLS)
        path = self.search.path.replace("search", "{id}")
        check_controls(lambda one: self.complete({"id": one}), controls, path, gone)

    def _is_asked(self, record: Record) -> bool:
        return self.shown is None or self.shown.is_asked(record)

    def _seen(self, record: Record) -> _Seen | None:
        return None if self._is_asked(record) else _Seen(record)

    def _taken_in(self, results: list[_Result[Detail]]) -> tuple[list[Detail], list[Whole[Any] | Unreadable | None]]:
        """Return the details of a batch, one for all records without calls, and the result of each record."""
        seen = [result.record for result in results if isinstance(result, _Seen)]
        together = self.shown.together(seen) if self.shown is not None and seen else None
        if together is None:  # there are none, or one of them cannot be loaded as it is
            wholes = [self._attempt(result.record) if isinstance(result, _Seen) else result for result in results]
            return [whole.detail for whole in wholes if isinstance(whole, Whole)], wholes
        return (
            [together, *(result.detail for result in results if isinstance(result, Whole))],
            [
                Whole(None, updated_at(result.record), None) if isinstance(result, _Seen) else result
                for result in results
            ],
        )

    def _read_at_last(self, records: list[Record]) -> list[Detail]:
        """Retry the records that earlier runs could not read; failures stay remembered."""
        details = self.reading.session.details
        results = confirmed(details, records, list(details.map(self._attempt, records)), self._attempt, self._check)
        for record, result in zip(records, results, strict=True):
            identity = record_id(record, self.search.path)
            if isinstance(result, Whole):
                self._taken[identity] = digest(record)
                self._asked[identity] = result.updated_at
            elif result is not None:
                self._asked[identity] = None
            self._note(identity, result)
        return [result.detail for result in results if isinstance(result, Whole)]

    def _listed_again(self, span: tuple[int, int]) -> list[Record]:
        """Return the records of a span in which something had no id, and the next one: by now it may have an id."""
        found = records_of_span(self.search, self.reading.client, span)
        if found.is_whole:
            self.reading.unreadable.looked_again(span)
        else:
            self.reading.unreadable.still_unlisted(span)
        return [record for identity, record in found.records.items() if identity not in self._taken]

    def _note(self, identity: str, result: Whole[Any] | Unreadable | None) -> None:
        """Count a record, and remember if it, or rows of it, could not be read or loaded."""
        report = self.reading.report
        account(self.reading.unreadable, report.resource, identity, result)
        report.count_vanished += result is None
        if isinstance(result, Whole):
            report.count_records += 1
            self._read_last = [identity]

    def _stored_progress(self, state: SearchState, is_first_chunk: bool) -> StoredProgress:
        session = self.reading.session
        horizon_seconds = self.search.horizon_seconds(session.overlap_seconds)
        stored = StoredProgress(state, session.overlap_seconds, horizon_seconds)
        if is_first_chunk:
            if session.wishes.from_scratch:
                stored.reset()
            if stored.start(session.wishes.start_at):
                say_earlier_start(self.search.path, session.wishes)
            if session.wishes.since is not None:
                stored.reread(session.wishes.since, session.wishes.start_at)
        return stored

    def _selected(self, stored: StoredProgress) -> Iterator[Batch]:
        session = self.reading.session
        for page in pages_of_pass(self.search, self.reading, stored):
            self.reading.report.count_expected = page.total_count
            batch = self._select(page, stored)
            session.chunk.take(len(batch.records))
            yield batch
            if batch.is_cut or session.chunk.is_spent:
                return

    def _is_answered(self, identity: str, record: Record) -> bool:
        """Return True if a listed record was requested in this load package, and has not changed since."""
        if identity not in self._asked:
            return False
        loaded_at = self._asked[identity]
        return self._is_asked(record) if loaded_at is None else updated_at(record) <= loaded_at

    def _select(self, page: Page, stored: StoredProgress) -> Batch:
        """Return the records of `page` that are not loaded yet.

        A record that was already taken into this load package in another version ends the chunk before it: two versions
        of one parent's lists in one package would both be merged.
        """
        start_at = stored.progress.earliest(self.reading.session.wishes.start_at)
        records: list[Record] = []
        newest_at: int | None = None
        is_cut = False
        listed: list[str] = []
        # Of two versions on one page only the last one counts.
        by_id = {record_id(record, self.search.path): record for record in page.records}
        is_proven = page.goes_on_after is not None  # a range, whose records may come again behind it
        if not is_proven:
            self._came_again += len(page.records) - len(by_id) + len(self._met & by_id.keys())
        for identity, record in by_id.items():
            version = digest(record)
            is_taken = version in stored.versions.settled or self._taken.get(identity) == version
            if is_taken or self._is_answered(identity, record):
                self.reading.report.count_repeated += 1
            elif identity in self._taken:
                is_cut = True
                break
            elif not is_older(record, start_at):
                self._taken[identity] = version
                records.append(record)
            newest_at = max(updated_at(record), newest_at or 0)
            if not is_proven:
                self._met.add(identity)
                listed.append(identity)
        return Batch(
            records=records,
            updated_at=None if newest_at is None else int(not_ahead(newest_at, page.server_at)),
            page_cursor=page.page_cursor if is_cut else page.next_page_cursor,
            is_last=not (is_cut or is_proven) and page.next_page_cursor is None,
            is_cut=is_cut,
            server_at=page.server_at,
            count_listed=0 if is_cut else self._count_new(page, listed) + page.count_strays,  # it is asked for again
            total_count=page.total_count if isinstance(page.total_count, int) and not is_proven else None,
            goes_on_after=None if is_cut else page.goes_on_after,
        )

    def _count_new(self, page: Page, listed: list[str]) -> int:
        """Return how many ids of a page are new to this pass, within this run."""
        counted = self.reading.session.counted[self.reading.report.resource]
        if page.page_cursor is None:
            counted.clear()
        return counted.add(listed)

    def _account(self, stored: StoredProgress, batch: Batch, results: list[Whole[Any] | Unreadable | None]) -> None:
        # An interrupted run brings fewer results than the batch has records: the page is asked for again then.
        for record, result in zip(batch.records, results, strict=False):
            self._note(record_id(record, self.search.path), result)
            if isinstance(result, Whole):
                self._remember(stored, batch, record, result)
        if len(results) == len(batch.records):
            self._advance(stored, batch)
        self.reading.report.read_to = stored.progress.watermark

    def _remember(self, stored: StoredProgress, batch: Batch, record: Record, whole: Whole[Any]) -> None:
        """Note the version that was read, and whether only the overlap has brought it."""
        found_at = updated_at(record)
        version = self._taken[record_id(record, self.search.path)]
        if (seconds_late := stored.versions.seconds_late(version, found_at, stored.known_to)) is not None:
            self.reading.report.rescued(seconds_late)
        if whole.updated_at < found_at:  # a replica may answer with the version before
            return
        read_at = whole.read_at or batch.server_at
        versions = stored.versions.settled if batch.is_settled(found_at, read_at) else stored.versions.unsettled
        versions.add(version, found_at)

    def _advance(self, stored: StoredProgress, batch: Batch) -> None:
        """Move the progress past the batch; a pass that brought fewer records than Intercom counts is repeated once."""
        read_at = self.reading.session.identity.now() if batch.server_at is None else batch.server_at
        overlap_seconds = stored.overlap_seconds
        if batch.goes_on_after is not None:
            stored.progress = stored.progress.moved_on(batch.updated_at, batch.goes_on_after, read_at, overlap_seconds)
            return
        progress = stored.progress.listed(batch.count_listed, batch.total_count)
        path, excess = self.search.path, self.reading.client.excess
        if batch.is_last and is_pass_short(progress.in_pass, path, excess):
            stored.progress = progress.repeated()
            if not progress.in_pass.is_repeated:
                return
            conclude(progress.in_pass, path, excess, batch.total_count, self._came_again)
        if batch.is_last:
            stored.progress = progress.ended(batch.updated_at, overlap_seconds)
            return
        stored.progress = progress.advanced(batch.updated_at, batch.page_cursor, read_at, overlap_seconds)
