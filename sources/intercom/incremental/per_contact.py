"""Reads lists of every contact of the workspace, with one call or more for each."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, islice

from ..api.call import Call
from ..api.completeness.overstated_totals import Excess
from ..api.completeness.repeated_pages import MOST_PAGES_WITHOUT_NEWS
from ..api.completeness.shortfall import Count, conclude
from ..api.errors import IntercomError, NotFound, TooManyUnread
from ..api.http.client import Client
from ..api.identity import not_ahead
from ..api.lists.lookahead import prefetched
from ..api.lists.page import PER_PAGE, Page
from ..api.lists.pagination import paged, resumed
from ..api.lists.records_without_id import identified
from ..api.record import Record, record_id, updated_at
from ..reading.reading import Reading
from ..reading.resource import Continuation, Resource
from ..records.attempts import Unreadable, account, attempted, each_attempted
from ..records.single_record import Whole, fetched
from ..records.vanished import CONTROLS, check_controls, confirmed
from ..rows.table import Row, Rows, Table
from ..rows.validation import fitting
from .dlt_state import MOST_VANISHED, ContactPass, PerContactState, opened, reset
from .sizing import of_every_contact
from .vanished_contacts import VanishedContacts

logger = logging.getLogger(__name__)

PATH = "/contacts"
CALL = Call("GET", PATH)
SEVERAL_RUNS = (
    "%s: all contacts were read, but in several runs, so that nothing proves that none was left out; the next pass "
    "reads as much of each again. It reads only what is new once one run has read all contacts from first to last"
)
CONTINUED = (
    "%s: this run went on where an earlier one was stopped; changes since then to the contacts that were read before "
    "that come with the next run"
)
CAME_TWICE = (
    "%s: Intercom has listed contacts twice (%s times), and may have left others out; the next pass reads as much of "
    "each again"
)
COUNTS_MORE = (
    "%s: Intercom counts more contacts than it lists (%s more), and may have left some out; the next pass reads as "
    "much of each again. Every run will do so until the two counts agree"
)
TOO_MANY_VANISHED = (
    "%s: Intercom lists more than %s contacts that their own calls do not find; the next pass reads as much of each "
    "again"
)

RowsOfContact = Callable[[Reading, Record], list[Row]]
_Rows = Whole[list[Row]] | Unreadable | None  # of a contact; None: it is gone


def per_contact(
    name: str, table: Table, rows_of: RowsOfContact, operation: str, *, is_since_last: bool = False
) -> Resource:
    """Return a resource that reads contact by contact: `table` gets `rows_of(reading, contact)` of each.

    The listing of contacts goes on where the last chunk ended. A contact that is gone by then is counted and left out;
    one that cannot be read is given to `rows_of` by its id alone in every run until it can, and one that is listed and
    not found until it is neither. `is_since_last`: `rows_of` asks only for records since the last pass that has met
    every contact.
    """

    def read(reading: Reading) -> Iterator[Rows]:
        yield from _ContactLists(reading, table, rows_of, is_since_last).batches()

    return Resource(
        name,
        (table,),
        read,
        (str(CALL), operation),
        continuation=Continuation.EVERY_CONTACT,
        is_opt_in=True,
        size_of=of_every_contact,
    )


@dataclass(frozen=True)
class _ContactLists:
    """A pass over all contacts, as much of it as the chunk allows: the rows of one list of each."""

    reading: Reading
    table: Table
    rows_of: RowsOfContact
    is_since_last: bool

    @cached_property
    def state(self) -> PerContactState:
        return opened(self.reading.state, PerContactState)

    @property
    def vanished(self) -> VanishedContacts:
        return VanishedContacts(self.state)

    def batches(self) -> Iterator[Rows]:
        """Yield the rows of a page of contacts at a time; the progress follows what was taken.

        Raises RecordsUnread at the end of the pass where some contacts could not be read.
        """
        session, unreadable = self.reading.session, self.reading.unreadable
        is_first_chunk = session.begins(self.reading.report.resource)
        if is_first_chunk:
            self._apply_wishes()
        self._take_up(is_first_chunk=is_first_chunk)
        if is_first_chunk and (again := self._left_out()):
            results = self._read_again(again)
            yield self._loaded(results)
            self._account_again(results)
        for page, attempts in each_attempted(session, self._pages(), self._untaken, self._read):
            results = self._confirmed([(record_id(contact, PATH), rows) for contact, rows in attempts], page.records)
            yield self._loaded(results)
            self._account(results)
            for contact_id, rows in results:
                self.vanished.listed(contact_id, is_found=rows is not None)
            if session.stop.is_set():
                return
            self._advance(page)
        if not (self.reading.is_unfinished or session.stop.is_set()):
            unreadable.check()

    def _apply_wishes(self) -> None:
        wishes, state = self.reading.session.wishes, self.state
        if wishes.from_scratch:
            reset(state)
        elif (since := wishes.since) is not None:
            # The wish applies to every contact, also to those that a later run reads.
            state["since"] = min(since, state.get("since", since), state.get("pass", {}).get("since", since))
            state["pass"] = {}

    def _take_up(self, *, is_first_chunk: bool) -> None:
        """Note if this run continues a pass: what an earlier run listed without an id is not forgotten then."""
        going_on: ContactPass = self.state.get("pass", {})
        if is_first_chunk and "page_cursor" in going_on:
            going_on["is_taken_up"] = True
        self.reading.unreadable.is_listed_whole = not going_on.get("is_taken_up", False)

    def _left_out(self) -> list[str]:
        """Return the ids of contacts to ask for before the pass, which lists vanished ones itself if it begins now."""
        is_taken_up = self.state.get("pass", {}).get("is_taken_up", False)
        return list(dict.fromkeys([*self.reading.unreadable.ids, *(self.vanished.ids if is_taken_up else ())]))

    def _untaken(self, page: Page) -> list[Record]:
        by_id = {record_id(contact, PATH): contact for contact in page.records}
        new = [contact for contact_id, contact in by_id.items() if contact_id not in self.reading.taken]
        self.reading.taken.update(dict.fromkeys(by_id, b""))
        return new

    def _read(self, contact: Record, client: Client | None = None) -> _Rows:
        """Return the rows of one contact, or None if it is gone; one without such a list counts as unreadable.

        However many such contacts there are, it is no outage.
        """
        reading = self.reading if client is None else replace(self.reading, client=client)
        try:
            made = [(self.table, self.rows_of(reading, contact))]
            [(_, rows)], misfits = fitting(made, identity=record_id(contact, PATH))
            return Whole(rows, updated_at(contact), None, misfits)
        except NotFound as error:
            if fetched(reading.client, PATH, record_id(contact, PATH)) is None:
                return None
            return Unreadable(f"the contact exists, but {error.failure.without_words()}")

    def _read_by_id(self, contact_id: str) -> _Rows:
        return self._read({"id": contact_id}, self.reading.client.quick())

    def _read_again(self, ids: list[str]) -> list[tuple[str, _Rows]]:
        """Read the contacts that earlier runs could not read or find; one that is not found yet may still be listed."""
        attempts = self.reading.session.details.map(partial(attempted, self._read_by_id), ids)
        results = self._confirmed(list(zip(ids, attempts, strict=True)), [])
        self.reading.taken.update({contact_id: b"" for contact_id, rows in results if rows is not None})
        return results

    def _confirmed(self, results: list[tuple[str, _Rows]], listed: list[Record]) -> list[tuple[str, _Rows]]:
        """Return the answers once it is certain that what has vanished is gone, by asking for others, `listed` ones."""

        def check(gone: Sequence[str]) -> None:
            # All others, too, for a short page may consist of vanished contacts alone.
            others = self._listed(None)
            contacts = chain(listed, (contact for page in others for contact in page.records))
            controls = (one for one in (record_id(contact, PATH) for contact in contacts) if one not in gone)
            ask = partial(fetched, self.reading.client, PATH)
            check_controls(ask, islice(controls, CONTROLS), f"{PATH}/{{id}}", gone)

        return confirmed(self.reading.session.details, results, self._read_by_id, check)

    def _loaded(self, results: list[tuple[str, _Rows]]) -> Rows:
        return [(self.table, [row for _, rows in results if isinstance(rows, Whole) for row in rows.detail])]

    def _account(self, results: list[tuple[str, _Rows]]) -> None:
        """Count the contacts that were asked, and remember which could not be read."""
        report = self.reading.report
        for contact_id, rows in results:
            # Of more than can be remembered the end of the pass says so, and the next one reads as much again.
            with suppress(TooManyUnread):
                account(self.reading.unreadable, report.resource, contact_id, rows)
            report.count_records += isinstance(rows, Whole)
            report.count_vanished += rows is None

    def _account_again(self, results: list[tuple[str, _Rows]]) -> None:
        """Count the contacts that were asked once more: of those that had vanished, it is said already."""
        vanished = set(self.vanished.ids)
        self._account([(one, rows) for one, rows in results if rows is not None or one not in vanished])
        for contact_id, rows in results:
            if rows is not None:
                self.vanished.found(contact_id)

    def _advance(self, page: Page) -> None:
        """Move the progress of the pass past a page of contacts."""
        going_on: ContactPass = self.state.setdefault("pass", {})
        going_on.setdefault("begun_at", None if page.server_at is None else not_ahead(page.server_at))
        counted = self.reading.session.counted[self.reading.report.resource]
        if not going_on.get("count_listed"):
            counted.clear()
        added = counted.add(page.records, PATH)
        going_on["came_again"] = going_on.get("came_again", 0) + added.again
        going_on["count_listed"] = going_on.get("count_listed", 0) + added.new + len(page.strays)
        going_on["count_strays"] = going_on.get("count_strays", 0) + len(page.strays)
        if isinstance(page.total_count, int):
            going_on.setdefault("total_count", page.total_count)
        if page.next_page_cursor is None:
            self._end(self.state.pop("pass"))  # also where it turns out to be short: the next run starts over
        elif counted.added_in_vain > MOST_PAGES_WITHOUT_NEWS:  # a circle, which no load package sees as a whole
            self.state.pop("pass")
            raise CALL.contradiction(f"{counted.added_in_vain} pages with new page cursors and no new record")
        else:
            going_on["page_cursor"] = page.next_page_cursor

    def _end(self, ended: ContactPass) -> None:
        """Check that the pass has met every contact; where it has, the next one needs to read only what is new."""
        count = Count(ended["count_listed"], ended.get("total_count"))
        not_kept = Excess({}, PATH)  # which would save another reading, and a short pass is never repeated
        conclude(count, CALL, not_kept, self.reading.client.tally)
        # Of a contact that was not listed, or without an id, the next pass has to read as much as this one would have.
        self.vanished.end_pass()
        if _is_proven(ended) and not self.reading.report.is_overfull:
            self.state["complete_at"] = ended["begun_at"]
            self.state.pop("since", None)
        if self.is_since_last and ended.get("has_forgotten"):
            logger.warning(TOO_MANY_VANISHED, self.reading.report.resource, f"{MOST_VANISHED:,}")
        if ended.get("is_taken_up") and not self.is_since_last:
            logger.warning(CONTINUED, self.reading.report.resource)
        if self.is_since_last and ended.get("is_taken_up"):
            logger.warning(SEVERAL_RUNS, self.reading.report.resource)
        elif ended.get("came_again"):
            logger.warning(CAME_TWICE, self.reading.report.resource, ended["came_again"])
        elif self.is_since_last and count.missing:
            logger.warning(COUNTS_MORE, self.reading.report.resource, f"{count.missing:,}")

    def _pages(self) -> Iterator[Page]:
        """Yield the pages of contacts from where the pass goes on, as many as the chunk allows."""
        reading = self.reading
        for page in reading.noting_strays(prefetched(reading.session.lists, self._contacts())):
            reading.report.count_expected = page.total_count
            reading.chunk.take(len(page.records))
            yield page
            if reading.chunk.is_spent:
                return

    def _contacts(self) -> Iterator[Page]:
        going_on: ContactPass = self.state.get("pass", {})
        page_cursor = going_on.get("page_cursor")
        pages = self._listed(page_cursor)
        if page_cursor is None:
            return pages

        def on_restart(error: IntercomError) -> None:
            going_on["count_listed"] = going_on["count_strays"] = 0
            going_on["came_again"] = 0
            going_on.pop("total_count", None)
            going_on.pop("is_taken_up", None)
            self.reading.unreadable.is_listed_whole = True
            logger.warning("%s: the page cursor is refused, starting over (%s)", self.reading.report.resource, error)

        return resumed(pages, lambda: self._listed(None), on_restart)

    def _listed(self, page_cursor: str | None) -> Iterator[Page]:
        """Yield the pages of all contacts to be asked, from `page_cursor` on."""
        per_page = min(PER_PAGE, self.reading.chunk.records)
        pages = paged(self.reading.client, PATH, per_page=per_page, starting_after=page_cursor)
        going_on: ContactPass = {} if page_cursor is None else self.state.get("pass", {})
        return identified(pages, CALL, count_before=going_on.get("count_listed", 0) + going_on.get("came_again", 0))


def _is_proven(ended: ContactPass) -> bool:
    """Return True if the pass has met every contact, and knows which of them were not found.

    That is unknown if an earlier run has counted some.
    """
    is_whole = ended["count_listed"] >= ended.get("total_count", 0) and not ended.get("came_again")
    is_whole = is_whole and not ended.get("has_forgotten", False)
    return is_whole and not ended["count_strays"] and not ended.get("is_taken_up", False)
