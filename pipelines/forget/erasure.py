"""Erasing what `forgotten_records` names from the raw tables: rows that are a person's own, and texts around them.

Everything follows from that table, so that an erasure that was killed is simply done again.
"""

from collections import Counter

from pipelines.destination.raw_tables import RawTables, literal, quoted
from sources.intercom import TABLES
from sources.intercom.privacy.forgotten import FORGOTTEN_RECORDS
from sources.intercom.privacy.person import (
    CONTACTS,
    FORGOTTEN,
    PARTICIPANTS,
    RECEIPT_ID,
    RECORDS,
    TEAMMATES,
    VISITORS,
    Texts,
    is_undeclared,
)

TEXT_TYPES = {"text", "json"}


def erase(raw: RawTables) -> Counter[str]:
    """Erase every forgotten person; return how many rows of each table went or lost their texts."""
    count_rows: Counter[str] = Counter()
    with raw.together():
        for table, (entity, record_id) in RECORDS.items():
            if raw.has(table, record_id):
                count_rows[table] += _strip(raw, table, f"{record_id} IN ({_forgotten(entity)})")
        for table in PARTICIPANTS:
            (contact_id,) = TABLES[table].columns_that_say("contact_id")
            if raw.has(table, contact_id):
                count_rows[table] += _strip(raw, table, f"{contact_id} IN ({_forgotten(CONTACTS)})")
        for table, condition in _rows_that_go(raw):
            count_rows[table] += raw.count(table, condition)
            raw.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608 - our own names
    return +count_rows


def _rows_that_go(raw: RawTables) -> list[tuple[str, str]]:
    """Return table and condition; the receipts come last, because reactions are known by them."""
    owners = {
        table.name: owner[0]
        for table in TABLES.values()
        if table.is_of_one_person and (owner := table.columns_that_say("contact_id"))
    }
    receipts = [
        f"SELECT {RECEIPT_ID} FROM {table} WHERE {owner} IN ({_forgotten(CONTACTS)})"  # noqa: S608 - our own names
        for table, owner in owners.items()
        if raw.has(table, RECEIPT_ID, owner)
    ]
    # Reactions of a kind that nobody has declared have a receipt, too.
    found = [
        (table, f"{RECEIPT_ID} IN ({' UNION '.join(receipts)})")
        for table in raw.names
        if receipts and table not in owners and raw.has(table, RECEIPT_ID)
    ]
    found += [
        (table, f"{owner} IN ({_forgotten(VISITORS if table == VISITORS else CONTACTS)})")
        for table, owner in owners.items()
        if raw.has(table, owner)
    ]
    return found


def _strip(raw: RawTables, table: str, condition: str) -> int:
    """Take what is personal out of one table's rows that meet the condition; return how many rows that were."""
    types, texts = raw.columns(table), Texts.of(TABLES[table])
    is_customer = "TRUE"
    if texts.author_type in types:
        is_customer = f"coalesce({texts.author_type}, '') NOT IN ({', '.join(map(literal, TEAMMATES))})"
    undeclared = [
        column
        for column, data_type in types.items()
        if data_type in TEXT_TYPES and is_undeclared(TABLES[table], column)
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
    return _change(raw, table, condition, changes) if changes else 0


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
