"""One pass over a search: every record that is new or changed since the watermark, in the order of `updated_at`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Generic, TypeAlias

from ...api.lists.lookahead import completed
from ...api.lists.search_endpoint import PER_PAGE, Search
from ...api.record import Record, record_id, updated_at
from ...reading.reading import Reading
from ..attempted_records import Unreadable, account, attempted
from ..dlt_state import SearchState, opened
from ..earlier_start import say_earlier_start
from ..entity import Detail, Whole
from ..vanished_records import CONTROLS, check_controls, confirmed
from .batch import Batch
from .failing_records import records_of_span
from .page_selection import PageSelection
from .pages import pages_of_pass
from .pass_completeness import conclude, is_doubtful, say_gap
from .shown_records import NOTHING_SHOWN, Shown
from .stored_progress import StoredProgress

_Result: TypeAlias = Whole[Detail] | Unreadable | None


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
    shown: Shown[Detail] = NOTHING_SHOWN
    _read_last: str | None = None

    def batches(self) -> Iterator[list[Detail]]:
        """Yield the completed records page by page; the progress follows what was taken.

        Raises RecordsUnread at the end of the pass where some could not be read; everything else is loaded by then.
        """
        session, unreadable = self.reading.session, self.reading.unreadable
        unreadable.is_listed_whole = session.wishes.from_scratch
        is_first_chunk = session.begins(self.reading.report.resource)
        stored = self._stored_progress(is_first_chunk)
        selection = PageSelection.begun(self.search.path, self.reading, stored, self.shown.is_asked)
        if is_first_chunk and unreadable.ids:
            yield self._retried(unreadable.records, selection)
        for span in unreadable.spans if is_first_chunk else ():
            yield self._retried(self._listed_again(span, selection), selection)
        try:
            for batch, results in completed(
                session.details,
                self._selected(selection),
                lambda batch: batch.asked,
                self._attempt,
                session.stop.is_set,
            ):
                asked = confirmed(session.details, batch.asked, results, self._attempt, self._check)
                details, shown = self._as_shown(batch.shown)
                yield [*details, *_details_of(asked)]
                self._account(selection, batch, asked, shown)
        finally:
            stored.save_versions()
        if not (stored.progress.going_on or session.stop.is_set()):
            unreadable.check()

    def _attempt(self, record: Record) -> _Result[Detail]:
        return attempted(self.complete, record)

    def _check(self, missing: Sequence[Record]) -> None:
        """Raise IncompleteListing if Intercom does not even find the oldest records that the search lists."""
        gone = [record_id(record, self.search.path) for record in missing]
        client = replace(self.reading.client, strays=[])  # those of a second look count no more
        listed = next(self.search.pages(client, 0, None, min(len(gone) + CONTROLS, PER_PAGE))).records
        ids = (record_id(record, self.search.path) for record in listed)
        controls = islice((one for one in (self._read_last, *ids) if one and one not in gone), CONTROLS)
        path = self.search.path.replace("search", "{id}")
        check_controls(lambda one: self.complete({"id": one}), controls, path, gone)

    def _as_shown(self, records: list[Record]) -> tuple[list[Detail], list[_Result[Any]]]:
        """Return the details of records that need no call, and the result of each: one by one only if one is odd."""
        together = self.shown.together(records) if records else None
        if together is None:
            results = [self._attempt(record) for record in records]
            return _details_of(results), results
        return [together], [Whole(None, updated_at(record), None) for record in records]

    def _retried(self, records: list[Record], selection: PageSelection) -> list[Detail]:
        """Retry the records that earlier runs could not read; failures stay remembered."""
        details = self.reading.session.details
        results = confirmed(details, records, list(details.map(self._attempt, records)), self._attempt, self._check)
        for record, result in zip(records, results, strict=True):
            selection.add_retried(record, result)
            self._count(record_id(record, self.search.path), result)
        return _details_of(results)

    def _listed_again(self, span: tuple[int, int], selection: PageSelection) -> list[Record]:
        """Return the records of a span in which something had no id, and the next one: by now it may have an id."""
        found = records_of_span(self.search, self.reading.client, span)
        if found.is_whole:
            self.reading.unreadable.looked_again(span)
        else:
            self.reading.unreadable.still_unlisted(span)
        return [record for identity, record in found.records.items() if identity not in selection.taken]

    def _count(self, identity: str, result: _Result[Any]) -> None:
        """Count a record, and remember if it, or rows of it, could not be read or loaded."""
        report = self.reading.report
        account(self.reading.unreadable, report.resource, identity, result)
        report.count_vanished += result is None
        if isinstance(result, Whole):
            report.count_records += 1
            self._read_last = identity

    def _stored_progress(self, is_first_chunk: bool) -> StoredProgress:
        session, state = self.reading.session, opened(self.reading.state, SearchState)
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

    def _selected(self, selection: PageSelection) -> Iterator[Batch]:
        session = self.reading.session
        for page in pages_of_pass(self.search, self.reading, selection.stored):
            self.reading.report.count_expected = page.total_count
            batch = selection.batch_of(page)
            session.chunk.take(len(batch.asked) + len(batch.shown))
            yield batch
            if batch.is_cut or session.chunk.is_spent:
                return

    def _account(
        self, selection: PageSelection, batch: Batch, asked: list[_Result[Any]], shown: list[_Result[Any]]
    ) -> None:
        # An interrupted run brings fewer results than it has asked for: the page is asked for again then.
        for record, result in (*zip(batch.asked, asked, strict=False), *zip(batch.shown, shown, strict=True)):
            self._count(record_id(record, self.search.path), result)
            if isinstance(result, Whole):
                self._remember(selection, batch, record, result)
        if len(asked) == len(batch.asked):
            self._advance(selection, batch)
        self.reading.report.read_to = selection.stored.progress.watermark

    def _remember(self, selection: PageSelection, batch: Batch, record: Record, whole: Whole[Any]) -> None:
        """Remember the version that was read, and whether only the overlap has brought it."""
        found_at, stored = updated_at(record), selection.stored
        version = selection.taken[record_id(record, self.search.path)]
        if (seconds_late := stored.versions.seconds_late(version, found_at, stored.known_to)) is not None:
            self.reading.report.rescued(seconds_late)
        if whole.updated_at < found_at:  # a replica may answer with the version before
            return
        read_at = whole.read_at or batch.server_at
        versions = stored.versions.settled if batch.is_settled(found_at, read_at) else stored.versions.unsettled
        versions.add(version, found_at)

    def _advance(self, selection: PageSelection, batch: Batch) -> None:
        """Move the progress past the batch; a pass in which records may be hidden is repeated once."""
        read_at = self.reading.session.identity.now() if batch.server_at is None else batch.server_at
        stored = selection.stored
        overlap_seconds = stored.overlap_seconds
        if batch.goes_on_after is not None:
            stored.progress = stored.progress.moved_on(batch.updated_at, batch.goes_on_after, read_at, overlap_seconds)
            return
        progress = stored.progress.listed(batch.count_listed, batch.total_count, batch.came_again)
        if not batch.is_last:
            stored.progress = progress.advanced(batch.updated_at, batch.page_cursor, read_at, overlap_seconds)
            return
        ended, path, excess = progress.in_pass, self.search.path, self.reading.client.excess
        if is_doubtful(ended, path, excess, batch.total_count):
            stored.progress = progress.repeated()
            if not ended.is_repeated:
                return
            conclude(ended, path, excess, batch.total_count)
        say_gap(ended, path, self.reading.client)
        stored.progress = progress.ended(batch.updated_at, overlap_seconds)


def _details_of(results: Sequence[_Result[Detail]]) -> list[Detail]:
    """Return the details of the records that were read in full."""
    return [result.detail for result in results if isinstance(result, Whole)]
