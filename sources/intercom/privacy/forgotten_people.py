"""People who were forgotten: the ids of their records, and how their rows are held back for good."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ..api.record import is_id
from ..rows.table import REMOVES, Row, Rows, Table, integer, text, unix_seconds
from .personal_columns import (
    ACTIVITY_LOGS,
    CONTACTS,
    FORGOTTEN,
    PARTICIPANTS,
    RECEIPTS,
    RECORDS,
    TEAMMATES,
    VISITORS,
    Texts,
    identities,
    is_undeclared,
)

_WORD = re.compile(r"[\w-]+", re.ASCII)  # as ids are: in Japanese there is no blank after one
FORGOTTEN_RECORDS = Table(
    name="forgotten_records",
    one_row="a record and a forgotten person who takes part in it: rows of it are erased or without texts, and stay so",
    key=("entity", "id", "contact_id"),
    columns=text(
        "impersonal",
        entity="raw table of the record: contacts, visitors, conversations, tickets, activity_logs or message_receipts",
        id="the record's id, which is all that is kept of the person",
        contact_id="contacts.id of the person",
    )
    | unix_seconds(
        forgotten_at="when it was asked for, by this machine's clock",
        completed_at="when everything was erased; empty until then",
    )
    | integer(count_rows="rows of the database that were erased or lost their texts; of contacts only"),
)


@dataclass
class Forgotten:
    """The forgotten people of a run: the ids of their records by entity.

    `found`: (entity, id, contact's id) of records of theirs that this run has met. `count_held_back`: rows by table
    that were not loaded, or without their texts.
    """

    ids: dict[str, set[str]] = field(default_factory=dict)
    found: set[tuple[str, str, str]] = field(default_factory=set)
    count_held_back: Counter[str] = field(default_factory=Counter)
    _contact_of: dict[str, str] = field(default_factory=dict)  # by the person's own id outside of Intercom

    @classmethod
    def of(cls, records: Iterable[tuple[str, str]]) -> "Forgotten":
        """Return the forgotten people of `records`: (entity, id) as `forgotten_records` has them."""
        forgotten = cls()
        forgotten.add(records)
        return forgotten

    def add(self, records: Iterable[tuple[str, str]]) -> None:
        """Hold back these records of forgotten people, too, from now on."""
        for entity, record_id in records:
            self.ids.setdefault(entity, set()).add(record_id)

    def __bool__(self) -> bool:
        """True if anybody was forgotten."""
        return bool(self.ids)

    def has(self, entity: str, record_id: object) -> bool:
        """Return True if a record of a raw table is a forgotten person's."""
        return str(record_id) in self.ids.get(entity, ())

    def held_back(self, rows_of_tables: Rows, *, is_to_load: bool = True) -> Rows:
        """Return the rows of one page without those of forgotten people, and without the texts they take part in.

        A new conversation of a forgotten contact is recognized by its participants, which come on the same page. What
        is only compared with what is loaded does not count as held back.
        """
        self._recognize(rows_of_tables)
        count = self.count_held_back if is_to_load else Counter[str]()
        return [(table, self._of_table(table, rows, count)) for table, rows in rows_of_tables]

    def _recognize(self, rows_of_tables: Rows) -> None:
        contacts = self.ids.get(CONTACTS, set())
        for table, rows in rows_of_tables:
            if table.name == VISITORS:
                self._recognize_visitors(table, rows)
                continue
            if table.name == ACTIVITY_LOGS:
                self._recognize_logs(table, rows, contacts)
                continue
            entity, record_id = (RECORDS | PARTICIPANTS).get(table.name, (None, ""))
            for identity in identities(table):
                for row in rows:
                    contact_id = _among(row.get(identity.contact_id), contacts)
                    if contact_id is None:
                        continue
                    if entity is not None:
                        self._add(entity, row[record_id], contact_id)
                    user_ids = (one for name in identity.user_ids for one in _ids_in(row.get(name)))
                    self._contact_of |= dict.fromkeys(user_ids, contact_id)
                    receipts = (one for name in table.columns_that_say("receipt_id") for one in _ids_in(row.get(name)))
                    for receipt_id in receipts:
                        self._add(RECEIPTS, receipt_id, contact_id)

    def _recognize_visitors(self, table: Table, rows: list[Row]) -> None:
        for name in table.columns_that_say("user_id"):
            for row in rows:
                if (user_id := _among(row.get(name), self._contact_of)) is not None:
                    self._add(VISITORS, row["id"], self._contact_of[user_id])

    def _recognize_logs(self, table: Table, rows: list[Row], contacts: set[str]) -> None:
        """Find forgotten people in logs by their ids: nothing else of them is known any more."""
        texts = Texts.of(table)
        for row in rows:
            said = [
                str(value)
                for name, value in row.items()
                if name in (*texts.replaced, *texts.emptied) or is_undeclared(table, name)
            ]
            for contact_id in contacts.intersection(_WORD.findall(" ".join(said))):
                self._add(ACTIVITY_LOGS, row["id"], contact_id)

    def _add(self, entity: str, record_id: str, contact_id: str) -> None:
        self.ids.setdefault(entity, set()).add(record_id)
        self.found.add((entity, record_id, contact_id))

    def _of_table(self, table: Table, rows: list[Row], count: Counter[str]) -> list[Row]:
        if table.is_of_one_person:
            kept = self._without(table, rows)
            if len(kept) < len(rows):
                count[table.name] += sum(REMOVES not in row for row in rows) - sum(REMOVES not in row for row in kept)
            return kept
        if table.name in RECORDS:
            entity, record_id = RECORDS[table.name]
            texts = Texts.of(table)
            of_forgotten = [self.has(entity, row.get(record_id)) and REMOVES not in row for row in rows]
            count[table.name] += sum(of_forgotten)
            return [
                self._stripped(table, texts, row) if is_one else row
                for row, is_one in zip(rows, of_forgotten, strict=True)
            ]
        if table.name in PARTICIPANTS:
            return self._unnamed(table, rows)
        return rows

    def _without(self, table: Table, rows: list[Row]) -> list[Row]:
        """Return the rows without those of forgotten people: known by the contact, else by the receipt."""
        owners = table.columns_that_say("contact_id")
        entity = RECEIPTS if not owners else VISITORS if table.name == VISITORS else CONTACTS
        ids = self.ids.get(entity, set())
        column = (owners or table.columns_that_say("receipt_id"))[0]
        return [row for row in rows if _among(row.get(column), ids) is None]

    def _stripped(self, table: Table, texts: Texts, row: Row) -> Row:
        is_teammate = texts.author_type is not None and _among(row.get(texts.author_type), TEAMMATES) is not None
        gone = {*texts.emptied, *(() if is_teammate else texts.of_customer)}
        stripped: Row = {}
        for column, value in row.items():
            if column in gone or (is_undeclared(table, column) and isinstance(value, str | list | dict)):
                continue
            stripped[column] = FORGOTTEN if column in texts.replaced and value else value
        return stripped

    def _unnamed(self, table: Table, rows: list[Row]) -> list[Row]:
        """Return the rows with nothing of a forgotten contact but Intercom's id."""
        (contact_id,) = table.columns_that_say("contact_id")
        gone = Texts.of(table).emptied
        return [
            {
                column: value
                for column, value in row.items()
                if column not in gone and not (is_undeclared(table, column) and isinstance(value, str | list | dict))
            }
            if _among(row.get(contact_id), self.ids.get(CONTACTS, ())) is not None
            else row
            for row in rows
        ]


def _ids_in(value: object) -> list[str]:
    """Return the ids, perhaps of forgotten people, in a field for one id: Intercom may send a list."""
    return [str(one) for one in (value if isinstance(value, list) else [value]) if is_id(one)]


def _among(value: object, ids: Collection[str]) -> str | None:
    """Return the first id in a field for one id that is among `ids`, those of forgotten people."""
    return next((one for one in _ids_in(value) if one in ids), None)
