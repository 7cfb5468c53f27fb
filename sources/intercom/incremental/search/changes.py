"""One pass over a search: every record that is new or changed since the watermark, in the order of `updated_at`."""

import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeAlias

from ...api.completeness.overstated_totals import Excess
from ...api.completeness.shortfall import conclude
from ...api.errors import BadAnswer
from ...api.lists.page import PER_PAGE, Page, Span
from ...api.lists.search_endpoint import Search
from ...api.record import Record, record_id, updated_at
from ...reading.reading import Reading
from ...records.attempts import Unreadable, account, attempted, each_attempted
from ...records.entity import AnyEntity, shaped, shaped_together
from ...records.single_record import Whole
from ...records.vanished import CONTROLS, check_controls, confirmed
from ...rows.table import Rows
from ...rows.validation import merged
from ..dlt_state import MOST_VANISHED, SearchState, opened
from ..earlier_start import say_earlier_start
from .batch import Batch
from .day_comparison import as_compared
from .gaps import records_of_span
from .page_selection import PageSelection
from .pages import pages_of_pass
from .stored_progress import StoredProgress

logger = logging.getLogger(__name__)

UNSORTED = (
    "%s: Intercom does not list by `updated_at`, as it was asked to; should a page cursor be refused, "
    "the search starts over and all of it is read again"
)

MANY_VANISHED = (
    f"more than {MOST_VANISHED:,} records that are listed answer 404; run again: each run asks once more for as many"
)

_Result: TypeAlias = Whole[Any] | Unreadable | None


@dataclass
class Changes:
    """The changes that a search finds in one pass, as far as the chunk allows: rows of the records of `entity`."""

    search: Search
    reading: Reading
    entity: AnyEntity
    _read_last: str | None = None

    def batches(self) -> Iterator[Rows]:
        """Yield rows of new and changed records, completed, page by page; the progress follows what was taken.

        Raises RecordsUnread at the end of the pass where some could not be read; everything else is loaded by then.
        """
        session, unreadable = self.reading.session, self.reading.unreadable
        unreadable.is_listed_whole = session.wishes.from_scratch
        is_first_chunk = session.begins(self.reading.report.resource)
        stored = self._stored_progress(is_first_chunk)
        selection = PageSelection(self.search.path, self.entity.table, self.reading, stored, self.entity.as_listed)
        # What vanished comes first: a second 404 makes room for others that are not found any more.
        if is_first_chunk and (again := dict.fromkeys([*stored.vanished, *unreadable.ids])):
            yield from self._read_again(again, selection)
        for span in unreadable.spans if is_first_chunk else ():
            yield from self._read_span_again(span, selection)
        try:
            for batch, results in each_attempted(
                session, self._selected(selection), lambda batch: batch.asked, self._completed
            ):
                asked = confirmed(session.details, results, self._completed, self._check_vanished)
                rows, shown = self._as_shown(batch)
                yield merged([rows, *_rows_of(asked)])
                self._account(selection, batch, [*asked, *shown])
                if len(asked) == len(batch.asked):  # otherwise the run is interrupted: the page is asked for again
                    self._advance(selection, batch)
                self.reading.report.read_to = stored.progress.watermark
        finally:
            stored.save_versions()
        if not (stored.progress.going_on or session.stop.is_set()):
            unreadable.check()

    def _completed(self, found: Record) -> Whole[Rows] | None:
        return shaped(self.entity.completed(self.reading.client, found), self.entity.rows)

    def _by_id(self, identity: str) -> Whole[Rows] | None:
        return shaped(self.entity.whole(self.reading.client.quick(), identity), self.entity.rows)

    def _as_shown(self, batch: Batch) -> tuple[Rows, Sequence[tuple[Record, _Result]]]:
        """Return rows of changed records that the search shows whole, and the result of each.

        Together they are shaped in half the time; where one of them cannot be loaded as it is, each by itself.
        """
        if not batch.shown:
            return [], []
        rows_of = self.entity.rows
        together = shaped_together([whole.detail for _, whole in batch.shown], rows_of)
        if together is not None:
            return together, batch.shown
        alone = [(record, attempted(partial(shaped, rows=rows_of), whole)) for record, whole in batch.shown]
        return merged(_rows_of(alone)), alone

    def _check_vanished(self, vanished: Sequence[Record]) -> None:
        self._check_gone([record_id(record, self.search.path) for record in vanished])

    def _check_gone(self, gone: Sequence[str]) -> None:
        """Raise IncompleteListing if Intercom finds neither the oldest nor the newest records that the search lists."""
        whole = partial(self.entity.whole, self.reading.client.quick())
        check_controls(whole, self._controls(gone), self.search.path_of_one, gone)

    def _controls(self, gone: Sequence[str]) -> Iterator[str]:
        """Yield ids that Intercom is to find if a 404 says anything; an index may keep what is gone for long."""
        if self._read_last is not None:
            yield self._read_last
        client, per_page = self.reading.client, min(len(gone) + CONTROLS, PER_PAGE)
        yield from self._not_among(gone, self.search.pages(client, 0, None, per_page))
        until = math.ceil(self.reading.session.identity.now()) + 1
        with suppress(BadAnswer):
            yield from self._not_among(gone, self.search.pages_down(client, 0, until, per_page))

    def _not_among(self, gone: Sequence[str], pages: Iterator[Page]) -> Iterator[str]:
        ids = (record_id(record, self.search.path) for record in next(pages).records)
        return islice((one for one in ids if one not in gone), CONTROLS)

    def _read_again(self, listed: Mapping[str, Record | None], selection: PageSelection) -> Iterator[Rows]:
        """Yield rows of records that earlier runs could not read or find, before the changes; failures stay remembered.

        What is not found by two runs is gone. None: nothing but the id is known, because the search need not list the
        record. The rows come first: an outage that shows in the middle of the rest ends the resource, and what the
        state has forgotten by then nobody would ask for again.
        """

        def read(identity: str) -> Whole[Rows] | None:
            found = listed[identity]
            return self._by_id(identity) if found is None else self._completed(found)

        details = self.reading.session.details
        attempts = zip(listed, details.map(partial(attempted, read), listed), strict=True)
        results = confirmed(details, list(attempts), read, self._check_gone)
        yield merged(_rows_of(results))
        for identity, result in results:
            selection.add_read_again(identity, listed[identity], result)
            if result is None and identity in selection.stored.vanished:
                selection.stored.note_vanished(identity, is_vanished=False)
            else:
                self._count(selection.stored, identity, result)

    def _read_span_again(self, span: Span, selection: PageSelection) -> Iterator[Rows]:
        """Yield rows of a span in which something had no id, and the next change: by now it may have one."""
        found = records_of_span(self.search, self.reading.client, span)
        self.reading.strays.extend(found.strays)
        taken = self.reading.taken
        yield from self._read_again(
            {one: record for one, record in found.records.items() if one not in taken}, selection
        )
        if found.is_whole:
            self.reading.unreadable.looked_again(span)
        else:
            self.reading.unreadable.still_unlisted(span)

    def _count(self, stored: StoredProgress, identity: str, result: _Result) -> None:
        """Count a changed record, and remember if it, or rows of it, could not be found, read or loaded."""
        report = self.reading.report
        is_known_to_be_gone = identity in self.reading.session.marked.get(self.entity.table.name, ())
        if result is None and not is_known_to_be_gone and not stored.has_room_for_vanished(identity):
            raise self.search.call.contradiction(MANY_VANISHED)  # before the state forgets that it is unreadable
        account(self.reading.unreadable, report.resource, identity, result)
        if result is None and is_known_to_be_gone:
            return
        stored.note_vanished(identity, is_vanished=result is None)
        report.count_vanished += result is None
        if isinstance(result, Whole):
            report.count_records += 1
            self._read_last = identity

    def _stored_progress(self, is_first_chunk: bool) -> StoredProgress:
        session, state = self.reading.session, opened(self.reading.state, SearchState)
        horizon_seconds = as_compared(self.search, state).horizon_seconds(session.overlap_seconds)
        stored = StoredProgress(state, session.overlap_seconds, horizon_seconds)
        if is_first_chunk:
            if session.wishes.from_scratch:
                stored.reset()
            if stored.start(session.wishes.start_at):
                say_earlier_start(self.search.path, session.wishes)
            if session.wishes.since is not None:
                stored.reread(session.wishes.since, session.wishes.start_at)
        self.search = stored.as_compared(self.search)
        return stored

    def _selected(self, selection: PageSelection) -> Iterator[Batch]:
        for page in self.reading.noting_strays(pages_of_pass(self.search, self.reading, selection.stored)):
            self.reading.report.count_expected = page.total_count
            batch = selection.batch_of(page)
            self.reading.chunk.take(batch.count)
            yield batch
            if batch.is_cut or self.reading.chunk.is_spent:
                return

    def _account(self, selection: PageSelection, batch: Batch, results: Iterable[tuple[Record, _Result]]) -> None:
        for record, result in results:
            self._count(selection.stored, record_id(record, self.search.path), result)
            if isinstance(result, Whole):
                self._remember(selection, batch, record, result)

    def _remember(self, selection: PageSelection, batch: Batch, record: Record, whole: Whole[Any]) -> None:
        """Remember the changed version that was read, and whether only the overlap has brought it."""
        found_at, stored = updated_at(record), selection.stored
        version = self.reading.taken[record_id(record, self.search.path)]
        if (seconds_late := stored.versions.seconds_late(version, found_at, stored.known_to)) is not None:
            self.reading.report.rescued(seconds_late)
        stored.versions.forget_newer(version, whole.updated_at)
        if whole.updated_at < found_at:  # a replica may answer with the version before
            return
        read_at = whole.read_at or batch.server_at
        versions = stored.versions.settled if batch.is_settled(found_at, read_at) else stored.versions.unsettled
        versions.add(version, found_at)

    def _advance(self, selection: PageSelection, batch: Batch) -> None:
        """Move the progress past a batch of changes; a pass in which records may be hidden is repeated once."""
        read_at = self.reading.session.identity.now() if batch.server_at is None else batch.server_at
        stored = selection.stored
        overlap_seconds = stored.overlap_seconds
        if batch.goes_on_after is not None:
            stored.progress = stored.progress.moved_on(
                batch.updated_at, batch.goes_on_after, read_at, overlap_seconds, batch.count_in_range
            )
            return
        progress = stored.progress.listed(batch.count_listed, batch.total_count, batch.came_again, batch.again_at)
        if batch.is_unsorted and not progress.in_pass.is_unsorted:
            progress = progress.found_unsorted(stored.overlap_seconds, is_over=batch.is_last)
            if not batch.is_last:
                logger.warning(UNSORTED, self.search.path)
        if not batch.is_last:
            stored.progress = progress.advanced(batch.updated_at, batch.page_cursor, read_at, overlap_seconds)
            return
        ended, call = progress.in_pass, self.search.call
        count, excess = ended.count(batch.total_count), Excess(self.reading.state, call.path, ended.after)
        is_doubtful = count.is_doubtful(excess.count)
        if not ended.is_repeated and count.is_worth_another_reading(excess.count):
            stored.progress = progress.repeated(overlap_seconds, is_short=is_doubtful)
            logger.warning("%s; the search is read once more", count.shortfall(call))
            return
        if is_doubtful:
            stored.progress = progress.repeated(overlap_seconds)
        conclude(count, call, excess, self.reading.client.tally, is_loaded=True)
        stored.progress = progress.ended(batch.updated_at, overlap_seconds)


def _rows_of(results: Iterable[tuple[object, _Result]]) -> Iterator[Rows]:
    """Yield the rows of each changed record that was read in full."""
    return (result.detail for _, result in results if isinstance(result, Whole))
