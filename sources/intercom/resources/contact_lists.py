"""Segments and subscriptions of contacts: one call per contact, so they are read only when asked for.

Nothing tells which contacts have changed here (entering a segment does not move a contact's `updated_at`), so every
contact of the workspace is asked.
"""

import logging
from collections.abc import Callable, Iterator
from functools import partial

from sources.intercom.errors import BadAnswer, NotFound, PageCursorRefused
from sources.intercom.flatten import as_id, flatten
from sources.intercom.lookahead import completed, prefetched
from sources.intercom.pagination import Page, listed
from sources.intercom.reading import ResourceReading
from sources.intercom.record import Record, record_id
from sources.intercom.resource import Resource, Rows
from sources.intercom.table import Row, Table, json, text

logger = logging.getLogger(__name__)

PATH = "/contacts"
PER_PAGE = 150

CONTACT_SEGMENTS_TABLE = Table(
    name="contact_segments",
    one_row="a contact's membership in a segment",
    key=("contact_id", "segment_id"),
    columns=text(contact_id="contacts.id", segment_id="segments.id"),
    replaced="parent",
)
CONTACT_SUBSCRIPTIONS_TABLE = Table(
    name="contact_subscriptions",
    one_row="a choice that a contact made about a subscription type; defaults are not listed",
    key=("contact_id", "subscription_type_id"),
    columns=text(
        contact_id="contacts.id",
        subscription_type_id="subscription_types.id",
        type="always subscription",
        state="live, draft or archived",
        consent_type="opt_in: the contact opted in; opt_out: the contact opted out",
        default_translation__name="subscription type's name",
        default_translation__description="subscription type's description",
        default_translation__locale="language of the name",
    )
    | json(translations="name and description in other languages", content_types="email, sms_message"),
    replaced="parent",
)


def _per_contact(
    table: Table, list_name: str, row: Callable[[Record], Row]
) -> Callable[[ResourceReading], Iterator[Rows]]:
    """Return a reader of `/contacts/{id}/<list_name>` for every contact; it goes on where the last chunk ended."""

    def rows_of(reading: ResourceReading, contact: Record) -> list[Row] | None:
        contact_id = str(as_id(contact["id"]))
        try:
            pages = list(listed(reading.client, f"/contacts/{contact_id}/{list_name}"))
        except NotFound:
            return None
        items = {as_id(item.get("id")): item for page in pages for item in page.records}
        return [{"contact_id": contact_id, table.key[1]: item_id, **row(item)} for item_id, item in items.items()] or [
            table.emptied(contact_id)
        ]

    def read(reading: ResourceReading) -> Iterator[Rows]:
        run = reading.run
        if run.begins(reading.report.resource) and run.from_scratch:
            reading.state.clear()
        taken: set[str] = set()

        def untaken(page: Page) -> list[Record]:
            """One load package must not hold two versions of one contact's list."""
            by_id = {record_id(contact, PATH): contact for contact in page.records}
            contacts = [contact for contact_id, contact in by_id.items() if contact_id not in taken]
            taken.update(by_id)
            return contacts

        pages = _within_chunk(prefetched(run.lists, _contacts(reading)), reading)
        rows_of_contact = partial(rows_of, reading)
        for page, lists in completed(run.details, pages, untaken, rows_of_contact, run.stop.is_set):
            yield [(table, [item for rows in lists if rows is not None for item in rows])]
            reading.report.count_records += sum(rows is not None for rows in lists)
            reading.report.count_vanished += sum(rows is None for rows in lists)
            if run.stop.is_set():
                return
            reading.state.clear()
            if page.next_page_cursor is not None:
                reading.state["pass"] = {"page_cursor": page.next_page_cursor}

    return read


def _contacts(reading: ResourceReading) -> Iterator[Page]:
    page_cursor = reading.state.get("pass", {}).get("page_cursor")
    pages = _listed(reading, page_cursor)
    if page_cursor is None:
        yield from pages
        return
    try:
        first = next(pages)
    except (PageCursorRefused, BadAnswer):
        # Expired cursors have answered 400 and 500. In an outage the listing from the start fails, too.
        pages = _listed(reading, None)
        first = next(pages)
        logger.warning("%s: the page cursor is refused, starting over", reading.report.resource)
    yield first
    yield from pages


def _listed(reading: ResourceReading, page_cursor: str | None) -> Iterator[Page]:
    per_page = min(PER_PAGE, reading.run.chunk.records)
    return listed(reading.client, PATH, per_page=per_page, starting_after=page_cursor)


def _within_chunk(pages: Iterator[Page], reading: ResourceReading) -> Iterator[Page]:
    for page in pages:
        reading.report.count_expected = page.total_count
        reading.run.chunk.take(len(page.records))
        yield page
        if reading.run.chunk.is_spent:
            return


CONTACT_SEGMENTS = Resource(
    "contact_segments",
    (CONTACT_SEGMENTS_TABLE,),
    "per_contact",
    _per_contact(CONTACT_SEGMENTS_TABLE, "segments", lambda segment: {}),
)
CONTACT_SUBSCRIPTIONS = Resource(
    "contact_subscriptions",
    (CONTACT_SUBSCRIPTIONS_TABLE,),
    "per_contact",
    _per_contact(
        CONTACT_SUBSCRIPTIONS_TABLE, "subscriptions", lambda subscription: flatten(subscription, without={"id"})
    ),
)
