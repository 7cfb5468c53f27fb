"""Where a customer is found in the raw tables, and what happens to each value when the customer is forgotten.

Everything follows what the columns declare (`Column.personal`, `Table.is_of_one_person`). Two readers follow that: the
guard, which holds rows back on their way in, and `intercom-elt forget`, which erases what is loaded. An undeclared
column counts as a customer's if it can hold text.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..rows.table import REMOVES, Table

FORGOTTEN = "[forgotten]"  # in the place of a text, so that an answer still counts as an answer
TEAMMATES = ("admin", "bot", "team")  # authors whose names stay
CONTACTS, VISITORS = "contacts", "visitors"
ACTIVITY_LOGS = "activity_logs"  # tables that name people only in their texts
RECEIPTS, RECEIPT_ID = "message_receipts", "receipt_id"  # reactions are a person's by the receipt alone

# Records in which several people take part: they stay, without their texts. Table -> (entity, column of its id).
RECORDS: dict[str, tuple[str, str]] = {
    "conversations": ("conversations", "id"),
    "conversation_parts": ("conversations", "conversation_id"),
    "conversation_part_attachments": ("conversations", "conversation_id"),
    "tickets": ("tickets", "id"),
    "ticket_parts": ("tickets", "ticket_id"),
    "ticket_part_attachments": ("tickets", "ticket_id"),
    ACTIVITY_LOGS: (ACTIVITY_LOGS, "id"),
}
# The tables that say who takes part in them.
PARTICIPANTS: dict[str, tuple[str, str]] = {
    "conversation_contacts": ("conversations", "conversation_id"),
    "ticket_contacts": ("tickets", "ticket_id"),
}


@dataclass(frozen=True)
class IdentityColumns:
    """Personal columns of one table that name the same customer: by Intercom's id, and by what else there is.

    `author_type`: the column that tells customers from teammates, where teammates are named, too.
    """

    table: str
    contact_id: str
    user_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    author_type: str | None = None


def identities(table: Table) -> Iterator[IdentityColumns]:
    """Yield the columns of each object of the record (`author__id`, `author__email`, …) that names a customer."""
    for contact_id in table.columns_that_say("contact_id"):
        outer = _outer(contact_id)
        author_types = _within(outer, table.columns_that_say("author_type"))
        yield IdentityColumns(
            table.name,
            contact_id,
            _within(outer, table.columns_that_say("user_id")),
            _within(outer, table.columns_that_say("email")),
            _within(outer, table.columns_that_say("phone")),
            _within(outer, table.columns_that_say("name")),
            author_types[0] if author_types else None,
        )


@dataclass(frozen=True)
class Texts:
    """The personal columns that are erased in a row when a person who takes part in its record is forgotten.

    `replaced` columns get a fixed text if they hold one, `emptied` ones become null, and so do undeclared ones and
    those `of_customer`, unless `author_type` says that a teammate wrote.
    """

    replaced: tuple[str, ...]
    emptied: tuple[str, ...]
    of_customer: tuple[str, ...]
    author_type: str | None

    @classmethod
    def of(cls, table: Table) -> "Texts":
        """Return which of the table's columns are declared as personal texts."""
        authors = [identity for identity in identities(table) if identity.author_type is not None]
        of_customer = tuple(name for one in authors for name in (*one.user_ids, *one.names, *one.emails, *one.phones))
        personal = table.columns_that_say("user_id", "email", "phone", "name", "detail", "attached")
        return cls(
            replaced=table.columns_that_say("written", "summary"),
            emptied=tuple(name for name in personal if name not in of_customer and name not in table.key),
            of_customer=of_customer,
            author_type=authors[0].author_type if authors else None,
        )


def is_undeclared(table: Table, column: str) -> bool:
    """Return True if nobody has declared whether a column is personal."""
    return column not in table.columns and column != REMOVES


def _outer(column: str) -> str:
    return column.rpartition("__")[0]


def _within(outer: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column in columns if _outer(column) == outer)
