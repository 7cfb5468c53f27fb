"""What of a person stands where: rows that are theirs alone, and texts of records that they take part in.

Two readers follow these declarations: the guard, which holds rows back on their way in, and `forget`, which erases what
is loaded. A column that nobody declared is theirs if it can hold a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..rows.table import Table

FORGOTTEN = "[forgotten]"  # stands where a text was, so that an answer still counts as an answer
TEAMMATES = ("admin", "bot", "team")  # authors whose names stay

# Rows that go: table -> the column with the contact's id. `message_*` tables follow by their receipt.
OWN_ROWS: Mapping[str, str] = {
    "contacts": "id",
    "contact_tags": "contact_id",
    "contact_companies": "contact_id",
    "contact_notes": "contact_id",
    "contact_social_profiles": "contact_id",
    "contact_segments": "contact_id",
    "contact_subscriptions": "contact_id",
    "data_events": "contact_id",
    "data_event_summaries": "contact_id",
    "message_receipts": "user_id",
}
TABLE_OF_VISITORS = "visitors"
VISITOR_USER_ID = "user_id"
# Where a contact's own id outside of Intercom stands, by which a visitor is known: table -> (contact's id, own id).
USER_IDS: Mapping[str, tuple[str, str]] = {
    "contacts": ("id", "external_id"),
    "conversation_contacts": ("contact_id", "external_id"),
    "ticket_contacts": ("contact_id", "external_id"),
    "data_events": ("contact_id", "user_id"),
}
TABLE_OF_RECEIPTS = "message_receipts"
RECEIPT_ID = "receipt_id"


@dataclass(frozen=True)
class Texts:
    """The texts of one table that stay not when a person of the record is forgotten.

    `record` is the column with the id of the record (of `entity`) that they belong to. `replaced` columns get a fixed
    text where there is one, `emptied` ones become null, and so do undeclared ones and those of a customer
    (`of_customer`, unless `author_type` says that a teammate wrote).
    """

    entity: str
    record: str
    replaced: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    of_customer: tuple[str, ...] = ()
    author_type: str = "author__type"

    def is_undeclared(self, table: Table, column: str) -> bool:
        """Tell whether nobody has said what the column means."""
        return column not in table.columns and not column.startswith("_")


def _parts(entity: str, record: str) -> Texts:
    return Texts(
        entity,
        record,
        replaced=("body",),
        emptied=("external_id", "event_details", "metadata", "email_message_metadata"),
        of_customer=("author__name", "author__email"),
    )


def _files(entity: str, record: str) -> Texts:
    return Texts(entity, record, replaced=("name",), emptied=("url",))


TEXTS: Mapping[str, Texts] = {
    "conversations": Texts(
        "conversations",
        "id",
        replaced=(
            "title",
            "source__subject",
            "source__body",
            "conversation_rating__remark",
            "ai_agent__rating_remark",
        ),
        emptied=(
            "source__url",
            "source__attachments",
            "first_contact_reply__url",
            "conversation_rating__contact__external_id",
            "custom_attributes",
            "ticket",
            "ai_agent__content_sources",
        ),
        of_customer=("source__author__name", "source__author__email"),
        author_type="source__author__type",
    ),
    "conversation_parts": _parts("conversations", "conversation_id"),
    "conversation_part_attachments": _files("conversations", "conversation_id"),
    "tickets": Texts("tickets", "id", emptied=("ticket_attributes",)),
    "ticket_parts": _parts("tickets", "ticket_id"),
    "ticket_part_attachments": _files("tickets", "ticket_id"),
    "activity_logs": Texts("activity_logs", "id", replaced=("activity_description",), emptied=("metadata",)),
}


@dataclass(frozen=True)
class Participation:
    """The table that says who takes part in the records of `entity`, and the columns that name a contact elsewhere.

    `named_in`: (table, column of the record's id, column of the contact's id).
    """

    table: str
    record: str
    named_in: tuple[tuple[str, str, str], ...] = field(default_factory=tuple)


PARTICIPATIONS: Mapping[str, Participation] = {
    "conversations": Participation(
        "conversation_contacts",
        "conversation_id",
        (
            ("conversations", "id", "source__author__id"),
            ("conversations", "id", "conversation_rating__contact__id"),
            ("conversation_parts", "conversation_id", "author__id"),
        ),
    ),
    "tickets": Participation("ticket_contacts", "ticket_id", (("ticket_parts", "ticket_id", "author__id"),)),
}
LINKED_CONTACT = "contact_id"
LINKED_TEXTS = ("external_id",)  # of a forgotten contact in a link table, with what nobody declared
