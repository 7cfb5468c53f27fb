"""Reads lists of every contact of the workspace, with one call or more for each."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice

from ..api.errors import Failure, IncompleteListing, IntercomError, NotFound, TooManyUnread
from ..api.identity import not_ahead
from ..api.lists.completeness import check_listed, say_too_high
from ..api.lists.lookahead import completed, prefetched
from ..api.lists.pagination import Page, paged, resumed
from ..api.lists.records_without_id import identified
from ..api.lists.repeated_pages import MOST_PAGES_WITHOUT_NEWS
from ..api.record import Record, record_id, updated_at
from ..reading.reading import Reading
from ..reading.resource import Continuation, Resource
from ..rows.table import Row, Rows, Table
from ..rows.validation import fitting
from .attempted_records import Unreadable, account, attempted
from .dlt_state import ContactPass, PerContactState, is_unfinished, opened, reset
from .entity import Whole, fetched
from .sizing import of_every_contact
from .vanished_records import CONTROLS, check_controls, confirmed

logger = logging.getLogger(__name__)

PATH = "/contacts"
PER_PAGE = 150
SEVERAL_RUNS = (
    "%s: all contacts were read, but in several runs, so that nothing proves that none was left out; the next pass "
    "reads as much of each again. It reads only what is new once one run has read all contacts from first to last"
)

RowsOfContact = Callable[[Reading, Record], list[Row]]
_Asked = tuple[str, Whole[list[Row]] | Unreadable | None]  # a contact's id, and its rows; None: it is gone


def per_contact(
    name: str, table: Table, rows_of: RowsOfContact, operation: str, *, is_since_last: bool = False
) -> Resource:
    """Return a resource that fills `table` with `rows_of(reading, contact)` of every contact.

    The listing of contacts goes on where the last chunk ended. A contact that is gone by then is counted and left out;
    one that cannot be read is given to `rows_of` by its id alone in every run until it can. `is_since_last`: `rows_of`
    asks only for records since the last pass that has met every contact.
    """
    return Resource(
        name,
        (table,),
        partial(_read, table, rows_of, is_since_last),
        (f"GET {PATH}", operation),
        continuation=Continuation.EVERY_CONTACT,
        is_opt_in=True,
        size_of=of_every_contact,
    )


def _read(table: Table, rows_of: RowsOfContact, is_since_last: bool, reading: Reading) -> Iterator[Rows]:
    session, state = reading.session, opened(reading.state, PerContactState)
    is_first_chunk = session.begins(reading.report.resource)
    if is_first_chunk:
        if session.wishes.from_scratch:
            reset(state)
        elif (since := session.wishes.since) is not None:
            # The wish applies to every contact, also to those that a later run reads.
            state["since"] = min(since, state.get("since", since), state.get("pass", {}).get("since", since))
            state["pass"] = {}
    unreadable = reading.unreadable
    _take_up(reading, state, is_first_chunk=is_first_chunk)
    taken = session.chunk.taken(reading.report.resource)
    quick = replace(reading, client=reading.client.quick())

    def untaken(contacts: list[Record]) -> list[Record]:
        """One load package must not hold two versions of one contact's list."""
        by_id = {record_id(contact, PATH): contact for contact in contacts}
        new = [contact for contact_id, contact in by_id.items() if contact_id not in taken]
        taken.update(dict.fromkeys(by_id, b""))
        return new

    def asked(contact: Record) -> _Asked:
        return record_id(contact, PATH), attempted(partial(_rows_or_none, table, rows_of, reading), contact)

    def asked_by_id(contact_id: str) -> _Asked:
        return contact_id, attempted(partial(_rows_or_none, table, rows_of, quick), {"id": contact_id})

    if is_first_chunk and unreadable.ids:
        taken.update(dict.fromkeys(unreadable.ids, b""))
        answers = _confirmed(reading, list(session.details.map(asked_by_id, unreadable.ids)), [], asked_by_id)
        yield [(table, _rows(answers))]
        _account(reading, answers)
    pages = _within_chunk(prefetched(session.lists, _contacts(reading, state)), reading)
    for page, answers in completed(
        session.details, pages, lambda page: untaken(page.records), asked, session.stop.is_set
    ):
        answers = _confirmed(reading, answers, page.records, asked_by_id)  # noqa: PLW2901 - what was not found may be
        yield [(table, _rows(answers))]
        _account(reading, answers)
        if session.stop.is_set():
            return
        ended = _advance(reading, state, page)
        if is_since_last and ended is not None and ended.get("is_taken_up"):
            logger.warning(SEVERAL_RUNS, reading.report.resource)
    if not (is_unfinished(reading.state) or session.stop.is_set()):
        unreadable.check()


def _take_up(reading: Reading, state: PerContactState, *, is_first_chunk: bool) -> None:
    """Remember if this run continues a pass: what an earlier run listed without an id is not forgotten then."""
    going_on: ContactPass = state.get("pass", {})
    if is_first_chunk and "page_cursor" in going_on:
        going_on["is_taken_up"] = True
    reading.unreadable.is_listed_whole = not going_on.get("is_taken_up", False)


def _rows_or_none(
    table: Table, rows_of: RowsOfContact, reading: Reading, contact: Record
) -> Whole[list[Row]] | Unreadable | None:
    """Return the rows of a contact, or None if it is gone; a contact without such a list counts as unreadable.

    However many such contacts there are, it is no outage.
    """
    try:
        [(_, rows)], misfits = fitting([(table, rows_of(reading, contact))])
        return Whole(rows, updated_at(contact), None, misfits)
    except NotFound as error:
        if fetched(reading.client, PATH, record_id(contact, PATH)) is None:
            return None
        return Unreadable(f"the contact exists, but {error.failure.without_words()}")


def _confirmed(
    reading: Reading, answers: list[_Asked], listed: list[Record], ask: Callable[[str], _Asked]
) -> list[_Asked]:
    """Return the answers once it is certain that missing contacts are gone, by asking for others that are `listed`."""

    def check(gone: Sequence[str]) -> None:
        ids = (record_id(contact, PATH) for contact in _controls(reading, listed))
        controls = islice((one for one in ids if one not in gone), CONTROLS)
        check_controls(lambda one: fetched(reading.client, PATH, one), controls, f"{PATH}/{{id}}", gone)

    ids = [contact_id for contact_id, _ in answers]
    results = [answer for _, answer in answers]
    return list(zip(ids, confirmed(reading.session.details, ids, results, lambda one: ask(one)[1], check), strict=True))


def _controls(reading: Reading, listed: list[Record]) -> Iterator[Record]:
    """Yield the contacts of a page, then all others, for a short page may consist of missing contacts alone."""
    yield from listed
    reading = replace(reading, client=replace(reading.client, strays=[]))  # those of a second look count no more
    for page in _listed(reading, None):
        yield from page.records


def _rows(answers: list[_Asked]) -> list[Row]:
    return [row for _, answer in answers if isinstance(answer, Whole) for row in answer.detail]


def _account(reading: Reading, answers: list[_Asked]) -> None:
    """Count the contacts, and remember which could not be read."""
    for contact_id, answer in answers:
        # Of more than can be remembered the end of the pass says so, and the next one reads as much again.
        with suppress(TooManyUnread):
            account(reading.unreadable, reading.report.resource, contact_id, answer)
        reading.report.count_records += isinstance(answer, Whole)
        reading.report.count_vanished += answer is None


def _advance(reading: Reading, state: PerContactState, page: Page) -> ContactPass | None:
    """Take the page into account; return the pass where it has come to its end."""
    going_on: ContactPass = state.setdefault("pass", {})
    begun_at = going_on.setdefault("begun_at", None if page.server_at is None else not_ahead(page.server_at))
    counted = reading.session.counted[reading.report.resource]
    if not going_on.get("count_listed"):
        counted.clear()
    count_new = counted.add(record_id(contact, PATH) for contact in page.records)
    going_on["count_listed"] = going_on.get("count_listed", 0) + count_new + page.count_strays
    going_on["count_strays"] = going_on.get("count_strays", 0) + page.count_strays
    if isinstance(page.total_count, int):
        going_on.setdefault("total_count", page.total_count)
    if page.next_page_cursor is not None:
        if counted.added_in_vain > MOST_PAGES_WITHOUT_NEWS:  # a circle, which no load package sees as a whole
            state.pop("pass")
            message = f"{counted.added_in_vain} pages with new page cursors and no new record"
            raise IncompleteListing(Failure("GET", PATH, message=message))
        going_on["page_cursor"] = page.next_page_cursor
        return None
    state.pop("pass")  # also where it turns out to be short: the next run starts over
    count_listed, total_count = going_on["count_listed"], going_on.get("total_count", 0)
    check_listed("GET", PATH, count_listed, total_count)
    if count_listed < total_count:
        say_too_high(reading.client.tally, PATH, count_listed, total_count)
    # Of a contact that was not listed, or without an id, the next pass has to read as much as this one would have.
    if _is_proven(going_on) and not reading.report.is_overfull:
        state["complete_at"] = begun_at
        state.pop("since", None)
    return going_on


def _is_proven(ended: ContactPass) -> bool:
    """Return True if a pass has met every contact, which is unknown if an earlier run has counted some."""
    is_whole = ended["count_listed"] >= ended.get("total_count", 0)
    return is_whole and not ended["count_strays"] and not ended.get("is_taken_up", False)


def _contacts(reading: Reading, state: PerContactState) -> Iterator[Page]:
    going_on: ContactPass = state.get("pass", {})
    page_cursor = going_on.get("page_cursor")
    pages = _listed(reading, page_cursor)
    if page_cursor is None:
        return pages

    def on_restart(error: IntercomError) -> None:
        going_on["count_listed"] = going_on["count_strays"] = 0
        going_on.pop("total_count", None)
        going_on.pop("is_taken_up", None)
        reading.unreadable.is_listed_whole = True
        logger.warning("%s: the page cursor is refused, starting over (%s)", reading.report.resource, error)

    return resumed(pages, lambda: _listed(reading, None), on_restart)


def _listed(reading: Reading, page_cursor: str | None) -> Iterator[Page]:
    """Yield the pages of all contacts from `page_cursor` on."""
    per_page = min(PER_PAGE, reading.session.chunk.records)
    pages = paged(reading.client, PATH, per_page=per_page, starting_after=page_cursor)
    return identified(pages, reading.client, "GET", PATH)


def _within_chunk(pages: Iterator[Page], reading: Reading) -> Iterator[Page]:
    for page in pages:
        reading.report.count_expected = page.total_count
        reading.session.chunk.take(len(page.records))
        yield page
        if reading.session.chunk.is_spent:
            return
