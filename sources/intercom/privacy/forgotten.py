"""People who were forgotten: what their records' ids are, and how their rows are held back for good."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..rows.table import REMOVES, Row, Rows, Table, integer, text, unix_seconds
from .person import (
    FORGOTTEN,
    LINKED_CONTACT,
    LINKED_TEXTS,
    OWN_ROWS,
    PARTICIPATIONS,
    RECEIPT_ID,
    TABLE_OF_RECEIPTS,
    TABLE_OF_VISITORS,
    TEAMMATES,
    TEXTS,
    USER_IDS,
    VISITOR_USER_ID,
    Texts,
)

FORGOTTEN_RECORDS = Table(
    name="forgotten_records",
    one_row="a record whose person was forgotten: rows of it are erased or without texts, and stay so",
    key=("entity", "id"),
    columns=text(
        entity="raw table of the record: contacts, visitors, conversations, tickets or activity_logs",
        id="the record's id, which is all that is kept of the person",
        contact_id="contacts.id of the person",
    )
    | unix_seconds(
        forgotten_at="when it was asked for, by this machine's clock",
        completed_at="when everything was erased; empty until then",
    )
    | integer(count_rows="rows of the database that were erased or lost their texts; of contacts only"),
    is_removable=True,
)


@dataclass
class Forgotten:
    """The ids of forgotten records by entity.

    `found`: (entity, id) of records met in this run that belong to them, too, with the contact's id.
    `count_held_back`: rows by table that were not loaded, or without their texts.
    """

    ids: dict[str, set[str]] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    count_held_back: Counter[str] = field(default_factory=Counter)
    _receipts: set[str] = field(default_factory=set)
    _contact_of: dict[str, str] = field(default_factory=dict)  # by the person's own id outside of Intercom

    @classmethod
    def of(cls, records: Iterable[tuple[str, str]]) -> "Forgotten":
        """Return the people of `records`: (entity, id) as `forgotten_records` has them."""
        forgotten = cls()
        for entity, record_id in records:
            forgotten.ids.setdefault(entity, set()).add(record_id)
        return forgotten

    def __bool__(self) -> bool:
        """True if anybody was forgotten."""
        return bool(self.ids)

    def has(self, entity: str, record_id: object) -> bool:
        """Tell whether a record of a raw table was forgotten."""
        return str(record_id) in self.ids.get(entity, ())

    def held_back(self, rows_of_tables: Rows) -> Rows:
        """Return the rows of one page without those of forgotten people, and without the texts they take part in.

        A new conversation of a forgotten contact is recognized by its participants, which come on the same page.
        """
        self._recognize(rows_of_tables)
        return [(table, self._of_table(table, rows)) for table, rows in rows_of_tables]

    def _recognize(self, rows_of_tables: Rows) -> None:
        rows_of = {table.name: rows for table, rows in rows_of_tables}
        contacts = self.ids.get("contacts", set())
        for entity, link in PARTICIPATIONS.items():
            for name, record, contact in ((link.table, link.record, LINKED_CONTACT), *link.named_in):
                for row in rows_of.get(name, ()):
                    if row.get(contact) in contacts:
                        self._add(entity, row[record], row[contact])
        for name, (contact, user_id) in USER_IDS.items():
            for row in rows_of.get(name, ()):
                if row.get(contact) in contacts and row.get(user_id):
                    self._contact_of[row[user_id]] = row[contact]
        for row in rows_of.get(TABLE_OF_VISITORS, ()):
            if row.get(VISITOR_USER_ID) in self._contact_of:
                self._add(TABLE_OF_VISITORS, row["id"], self._contact_of[row[VISITOR_USER_ID]])
        for row in rows_of.get(TABLE_OF_RECEIPTS, ()):
            if row.get(OWN_ROWS[TABLE_OF_RECEIPTS]) in contacts:
                self._receipts.add(str(row.get(RECEIPT_ID)))

    def _add(self, entity: str, record_id: str, contact_id: str) -> None:
        if not self.has(entity, record_id):
            self.ids.setdefault(entity, set()).add(record_id)
            self.found[entity, record_id] = contact_id

    def _of_table(self, table: Table, rows: list[Row]) -> list[Row]:
        if table.name in OWN_ROWS:
            return self._without(table, rows, OWN_ROWS[table.name], self.ids.get("contacts", set()))
        if table.name == TABLE_OF_VISITORS:
            return self._without(table, rows, "id", self.ids.get(TABLE_OF_VISITORS, set()))
        if table.name.startswith("message_"):
            return self._without(table, rows, RECEIPT_ID, self._receipts)
        if table.name in TEXTS:
            texts = TEXTS[table.name]
            return [
                self._stripped(table, texts, row) if self.has(texts.entity, row.get(texts.record)) else row
                for row in rows
            ]
        if any(table.name == link.table for link in PARTICIPATIONS.values()):
            return [self._unlinked(table, row) for row in rows]
        return rows

    def _without(self, table: Table, rows: list[Row], column: str, ids: set[str]) -> list[Row]:
        kept = [row for row in rows if row.get(column) not in ids]
        if len(kept) < len(rows):
            self.count_held_back[table.name] += sum(REMOVES not in row for row in rows if row.get(column) in ids)
        return kept

    def _stripped(self, table: Table, texts: Texts, row: Row) -> Row:
        if REMOVES in row:
            return row
        self.count_held_back[table.name] += 1
        is_teammate = row.get(texts.author_type) in TEAMMATES
        gone = {*texts.emptied, *(() if is_teammate else texts.of_customer)}
        stripped: Row = {}
        for column, value in row.items():
            if column in gone or (texts.is_undeclared(table, column) and isinstance(value, str | list | dict)):
                continue
            stripped[column] = FORGOTTEN if column in texts.replaced and value else value
        return stripped

    def _unlinked(self, table: Table, row: Row) -> Row:
        if not self.has("contacts", row.get(LINKED_CONTACT)):
            return row
        return {
            column: value
            for column, value in row.items()
            if column not in LINKED_TEXTS and (column in table.columns or not isinstance(value, str | list | dict))
        }
