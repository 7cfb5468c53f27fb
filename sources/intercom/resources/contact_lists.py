"""Segments and subscriptions of contacts: one call per contact, so they are read only when asked for.

Nothing says which contacts have changed here (entering a segment does not move a contact's `updated_at`), so every
contact of the workspace is asked.
"""

from collections.abc import Callable

from ..api.lists.pagination import listed
from ..api.record import Record, path_of
from ..incremental.per_contact import RowsOfContact, per_contact
from ..reading.reading import Reading
from ..rows.flatten import as_id, distinct, flatten, objects_of
from ..rows.table import Row, Table, json, text

CONTACT_SEGMENTS_TABLE = Table(
    name="contact_segments",
    one_row="a contact's membership in a segment",
    key=("contact_id", "segment_id"),
    is_of_one_person=True,
    columns=text("contact_id", contact_id="contacts.id") | text("impersonal", segment_id="segments.id"),
    replaced="parent",
)
CONTACT_SUBSCRIPTIONS_TABLE = Table(
    name="contact_subscriptions",
    one_row="a choice that a contact made about a subscription type; defaults are not listed",
    key=("contact_id", "subscription_type_id"),
    is_of_one_person=True,
    columns=text(
        "impersonal",
        subscription_type_id="subscription_types.id",
        type="always subscription",
        state="live, draft or archived",
        consent_type="opt_in: the contact opted in; opt_out: the contact opted out",
        default_translation__name="subscription type's name",
        default_translation__description="subscription type's description",
        default_translation__locale="language of the name",
    )
    | text("contact_id", contact_id="contacts.id")
    | json("impersonal", translations="name and description in other languages", content_types="email, sms_message"),
    replaced="parent",
)


def _list_of(table: Table, list_name: str, row: Callable[[Record], Row]) -> RowsOfContact:
    """Return the reader of a contact's list, `/contacts/{id}/<list_name>`; an empty one becomes its removal row."""

    def rows_of(reading: Reading, contact: Record) -> list[Row]:
        contact_id = str(contact["id"])
        pages = listed(reading.client, f"{path_of('/contacts', contact_id)}/{list_name}")
        items = distinct(objects_of([item for page in pages for item in page.records]))
        rows = [row(item) | {"contact_id": contact_id, table.key[1]: as_id(item.get("id"))} for item in items]
        return table.of_parent(contact_id, rows)

    return rows_of


def _nothing_more(segment: Record) -> Row:
    """A row of a contact's list needs nothing more: the table segments has the segments themselves."""
    return {}


def _subscription(subscription: Record) -> Row:
    return flatten(subscription, without={"id"})


segments_of = _list_of(CONTACT_SEGMENTS_TABLE, "segments", _nothing_more)
subscriptions_of = _list_of(CONTACT_SUBSCRIPTIONS_TABLE, "subscriptions", _subscription)

CONTACT_SEGMENTS = per_contact(
    "contact_segments",
    CONTACT_SEGMENTS_TABLE,
    segments_of,
    "GET /contacts/{contact_id}/segments",
)
CONTACT_SUBSCRIPTIONS = per_contact(
    "contact_subscriptions",
    CONTACT_SUBSCRIPTIONS_TABLE,
    subscriptions_of,
    "GET /contacts/{contact_id}/subscriptions",
)
