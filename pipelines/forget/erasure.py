"""Erasing what `forgotten_records` names from the raw tables: rows that are a person's own, and texts around them.

Everything follows from that table, so that an erasure that was killed is simply done again.
"""

from collections import Counter

from pipelines.destination.raw_tables import RawTables, literal, quoted
from sources.intercom import TABLES
from sources.intercom.privacy.forgotten import FORGOTTEN_RECORDS
from sources.intercom.privacy.person import (
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
    Texts,
)

TEXT_TYPES = {"text", "json"}


def erase(raw: RawTables) -> Counter[str]:
    """Erase every forgotten person; return how many rows of each table went or lost their texts."""
    count_rows: Counter[str] = Counter()
    with raw.together():
        for table, texts in TEXTS.items():
            if raw.has(table, texts.record):
                count_rows[table] += _strip(raw, table, texts)
        for link in PARTICIPATIONS.values():
            count_rows[link.table] += _unlink(raw, link.table)
        for table, condition in _rows_that_go(raw):
            count_rows[table] += raw.count(table, condition)
            raw.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608 - our own names
    return +count_rows


def _rows_that_go(raw: RawTables) -> list[tuple[str, str]]:
    """Return table and condition; the receipts come last, because reactions are known by them."""
    people = _forgotten("contacts")
    receipts = f"SELECT {RECEIPT_ID} FROM {TABLE_OF_RECEIPTS} WHERE {OWN_ROWS[TABLE_OF_RECEIPTS]} IN ({people})"  # noqa: S608 - our own names
    found = [
        (table, f"{RECEIPT_ID} IN ({receipts})")
        for table in raw.names
        if table.startswith("message_") and table != TABLE_OF_RECEIPTS and raw.has(table, RECEIPT_ID)
    ]
    found += [(table, f"{column} IN ({people})") for table, column in OWN_ROWS.items()]
    found.append((TABLE_OF_VISITORS, f"id IN ({_forgotten(TABLE_OF_VISITORS)})"))
    return [(table, condition) for table, condition in found if raw.has(table)]


def _strip(raw: RawTables, table: str, texts: Texts) -> int:
    """Strip the texts of one table's rows that belong to forgotten records."""
    types = raw.columns(table)
    is_customer = "TRUE"
    if texts.author_type in types:
        teammates = ", ".join(map(literal, TEAMMATES))
        is_customer = f"coalesce({texts.author_type}, '') NOT IN ({teammates})"
    undeclared = [
        column
        for column, data_type in types.items()
        if data_type in TEXT_TYPES and texts.is_undeclared(TABLES[table], column)
    ]
    # What is to be done where; a text that is there stays one, so that an answer still counts as an answer.
    changes = {
        column: (f"{column} <> '' AND {column} <> '{FORGOTTEN}'", f"'{FORGOTTEN}'")
        for column in texts.replaced
        if column in types
    }
    changes |= {
        column: (f"{quoted(column)} IS NOT NULL", "NULL") for column in (*texts.emptied, *undeclared) if column in types
    }
    changes |= {
        column: (f"{column} IS NOT NULL AND {is_customer}", "NULL") for column in texts.of_customer if column in types
    }
    return _change(raw, table, f"{texts.record} IN ({_forgotten(texts.entity)})", changes)


def _unlink(raw: RawTables, table: str) -> int:
    types = raw.columns(table)
    gone = [
        column
        for column, data_type in types.items()
        if column in LINKED_TEXTS or (data_type in TEXT_TYPES and column not in TABLES[table].columns)
    ]
    changes = {column: (f"{quoted(column)} IS NOT NULL", "NULL") for column in gone}
    return _change(raw, table, f"{LINKED_CONTACT} IN ({_forgotten('contacts')})", changes) if gone else 0


def _change(raw: RawTables, table: str, condition: str, changes: dict[str, tuple[str, str]]) -> int:
    """Set the columns of `changes` (column -> where, to what) in the rows that meet the condition."""
    condition += f" AND ({' OR '.join(f'({where})' for where, _ in changes.values())})"
    count = raw.count(table, condition)
    if count:
        assigned = ", ".join(
            f"{quoted(column)} = CASE WHEN {where} THEN {value} ELSE {quoted(column)} END"
            for column, (where, value) in changes.items()
        )
        raw.execute(f"UPDATE {table} SET {assigned} WHERE {condition}")  # noqa: S608 - our own names
    return count


def _forgotten(entity: str) -> str:
    return f"SELECT id FROM {FORGOTTEN_RECORDS.name} WHERE entity = '{entity}'"  # noqa: S608 - our own names
