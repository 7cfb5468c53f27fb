"""Erasing what `forgotten_records` names from the raw tables: rows that are a person's own, and texts around them.

Everything follows from that table, so that an erasure that was killed is simply done again.
"""

from collections import Counter

from pipelines.destination.tables.forgotten_records import record_erased, unfinished_in
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.tables.references import Reference
from pipelines.exit_code import ExitCode
from pipelines.forget.authors import is_customer
from pipelines.stop import Stop
from sources.intercom import TABLES
from sources.intercom.privacy.forgotten_people import FORGOTTEN_RECORDS
from sources.intercom.privacy.personal_columns import (
    CONTACTS,
    FORGOTTEN,
    PARTICIPANTS,
    RECEIPT_ID,
    RECEIPTS,
    RECORDS,
    VISITORS,
    Texts,
    is_undeclared,
)
from transforms.runner.warehouse.quoting import identifier, string_literal

TEXT_TYPES = {"text", "json"}


def erase(raw: RawTables, contact_id: str) -> Counter[str]:
    """Erase every forgotten person; return how many rows of each table were deleted or emptied for `contact_id`.

    Numbers are recorded in the same transaction: after a kill nothing is left to be counted. People whose erasure was
    killed come first, because each has a number of their own.
    """
    with raw.together():
        for person in unfinished_in(raw):
            if person != contact_id:
                record_erased(raw, person, _erased(raw, person).total())
        count_rows = _erased(raw)
        record_erased(raw, contact_id, count_rows.total())
    return +count_rows


def _erased(raw: RawTables, person: str | None = None) -> Counter[str]:
    """Erase a forgotten person, or all of them; return the number of rows by table."""
    count_rows: Counter[str] = Counter()
    for table, (entity, record_id) in RECORDS.items():
        if raw.has(table, record_id):
            count_rows[table] += _strip(raw, table, f"{record_id} IN ({_forgotten(entity, person)})")
    for table in PARTICIPANTS:
        (column,) = TABLES[table].columns_that_say("contact_id")
        if raw.has(table, column):
            count_rows[table] += _strip(raw, table, f"{column} IN ({_forgotten(CONTACTS, person)})")
    references = raw.references()
    for table, owner, condition in _rows_that_go(raw, person):
        count_rows[table] += _delete(raw, table, owner, condition, references.get(table, []))
    return count_rows


def _delete(raw: RawTables, table: str, owner: str, condition: str, references: list[Reference]) -> int:
    """Erase the rows that meet the condition; return how many were deleted or emptied.

    Rows that a foreign key of others refers to keep their ids alone.
    """
    if not references:
        count = raw.count(table, condition)
        raw.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608 - our own names
        _check_done(raw, table, condition)
        return count
    is_held = " OR ".join(reference.holds(table) for reference in references)
    kept = {*TABLES[table].key, owner} if table in TABLES else {owner}
    for reference in references:
        if personal := next((key for key in reference.keys if key not in kept), None):
            raise Stop(f"{reference} refers to the column {personal} of {table}. Drop its foreign key", ExitCode.FAILED)
    count = _delete(raw, table, owner, f"({condition}) AND NOT ({is_held})", [])
    types = {column: kind for column, kind in raw.columns(table).items() if column not in kept}
    changes = {column: (f"{identifier(column)} IS NOT NULL", "NULL") for column in types}
    return count + (_change(raw, table, f"({condition}) AND ({is_held})", changes) if changes else 0)


def _check_done(raw: RawTables, table: str, condition: str) -> None:
    """Raise Stop if rows were not erased: somebody's trigger may have undone the statement silently."""
    if left := raw.count(table, condition):
        message = f"{left:,} rows of {table} stay as they were: a trigger on the table prevents the change. Drop it"
        raise Stop(message, ExitCode.FAILED)


def _rows_that_go(raw: RawTables, person: str | None) -> list[tuple[str, str, str]]:
    """Yield which rows are erased: table, the column that names the person, and the condition.

    Receipts come last, because reactions are found by them.
    """
    owners = {
        table.name: owner[0]
        for table in TABLES.values()
        if table.is_of_one_person and (owner := table.columns_that_say("contact_id"))
    }
    receipts = [
        f"SELECT {RECEIPT_ID} FROM {table} WHERE {owner} IN ({_forgotten(CONTACTS, person)})"  # noqa: S608 - our own names
        for table, owner in owners.items()
        if raw.has(table, RECEIPT_ID, owner)
    ]
    # Reactions of a kind that nobody has declared have a receipt, too; its own row may be gone.
    receipts.append(_forgotten(RECEIPTS, person))
    found = [
        (table, RECEIPT_ID, f"{RECEIPT_ID} IN ({' UNION '.join(receipts)})")
        for table in raw.names
        if table not in owners and raw.has(table, RECEIPT_ID)
    ]
    found += [
        (table, owner, f"{owner} IN ({_forgotten(VISITORS if table == VISITORS else CONTACTS, person)})")
        for table, owner in owners.items()
        if raw.has(table, owner)
    ]
    return found


def _strip(raw: RawTables, table: str, condition: str) -> int:
    """Erase personal values from one table's rows that meet the condition; return the number of changed rows."""
    types, texts = raw.columns(table), Texts.of(TABLES[table])
    of_customer = is_customer(texts.author_type) if texts.author_type in types else "TRUE"
    undeclared = [
        column
        for column, data_type in types.items()
        if data_type in TEXT_TYPES and is_undeclared(TABLES[table], column)
    ]
    # Column -> where, and to what; a text is replaced by a text, so that an answer still counts as an answer.
    changes = {
        column: (f"{column} <> '' AND {column} <> '{FORGOTTEN}'", f"'{FORGOTTEN}'")
        for column in texts.replaced
        if column in types
    }
    changes |= {
        column: (f"{identifier(column)} IS NOT NULL", "NULL")
        for column in (*texts.emptied, *undeclared)
        if column in types
    }
    changes |= {
        column: (f"{column} IS NOT NULL AND {of_customer}", "NULL") for column in texts.of_customer if column in types
    }
    return _change(raw, table, condition, changes) if changes else 0


def _change(raw: RawTables, table: str, condition: str, changes: dict[str, tuple[str, str]]) -> int:
    """Set the columns of `changes` (column -> where, to what) in the rows to erase that meet the condition."""
    condition += f" AND ({' OR '.join(f'({where})' for where, _ in changes.values())})"
    count = raw.count(table, condition)
    if count:
        assigned = ", ".join(
            f"{identifier(column)} = CASE WHEN {where} THEN {value} ELSE {identifier(column)} END"
            for column, (where, value) in changes.items()
        )
        raw.execute(f"UPDATE {table} SET {assigned} WHERE {condition}")  # noqa: S608 - our own names
        _check_done(raw, table, condition)
    return count


def _forgotten(entity: str, person: str | None) -> str:
    of_whom = "" if person is None else f" AND contact_id = {string_literal(person)}"
    return f"SELECT id FROM {FORGOTTEN_RECORDS.name} WHERE entity = '{entity}'{of_whom}"  # noqa: S608 - our own names
