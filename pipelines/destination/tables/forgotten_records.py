"""The raw table `forgotten_records`: who was forgotten. It is read before anything is loaded."""

import time
from collections.abc import Iterator, Set
from contextlib import suppress
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseException

from pipelines.destination.tables.insertion import insert
from pipelines.destination.tables.raw_tables import RawTables, one_of
from sources.intercom.privacy.forgotten_people import FORGOTTEN_RECORDS, Forgotten
from sources.intercom.privacy.personal_columns import CONTACTS
from sources.intercom.rows.table import Row, Tables
from transforms.runner.warehouse.quoting import string_literal

TABLE, KEY = FORGOTTEN_RECORDS.name, FORGOTTEN_RECORDS.key
Part = tuple[str, str, str]  # entity, id of the record, and contact_id of a person in it


def forgotten_ids(raw: RawTables) -> Iterator[tuple[str, str]]:
    """Yield entity and id of every record that the destination's `forgotten_records` names."""
    yield from raw.select(TABLE, "entity", "id")


def unfinished_in(raw: RawTables) -> list[str]:
    """Return the contacts in `forgotten_records` whose erasure was begun and not completed."""
    begun = raw.select(TABLE, "contact_id", where="completed_at IS NULL") if raw.has(TABLE, "completed_at") else ()
    return sorted({contact_id for (contact_id,) in begun})


def record_found(raw: RawTables, forgotten: Forgotten) -> None:
    """Record what a sync met of forgotten people, so that it stays stripped even when they have left the record."""
    if rows := _found(raw, forgotten):
        record_forgotten(raw, rows)


def record_found_so_far(raw: RawTables, forgotten: Forgotten) -> None:
    """Record what a sync has met of forgotten people before the rest of it is loaded: the run may be killed.

    Where plain SQL cannot, `record_found` does at the end of the run, or says why not.
    """
    if rows := _found(raw, forgotten):
        _is_written(raw, rows)


def _found(raw: RawTables, forgotten: Forgotten) -> list[Row]:
    if not forgotten.found:
        return []
    now = int(time.time())
    return [
        {"entity": entity, "id": record_id, "contact_id": contact_id, "forgotten_at": now, "completed_at": now}
        for entity, record_id, contact_id in not_recorded(forgotten.found, {*raw.select(TABLE, *KEY)})
    ]


def not_recorded(found: Set[Part], recorded: Set[Part]) -> list[Part]:
    """Return the `found` records that `forgotten_records` lacks, under the contact that was named in `forget`.

    A record is recorded once for each forgotten person in it: releasing one person must not release another's record.
    """
    people: dict[str, set[str]] = {}
    for entity, record_id, contact_id in recorded:
        if entity == CONTACTS:
            people.setdefault(record_id, set()).add(contact_id)
    parts = {
        (entity, record_id, person)
        for entity, record_id, contact_id in found
        for person in people.get(contact_id, {contact_id})
    }
    return sorted(parts - recorded)


def record_forgotten(raw: RawTables, rows: list[Row]) -> None:
    """Write rows of `forgotten_records` over those with the same keys: all of them, or none.

    Uses plain SQL where there are transactions, because a load package takes most of a second; dlt if an older version
    has not made the table.
    """
    if not _is_written(raw, rows):
        _load(raw.pipeline, rows)
        raw.look_again()


def _is_written(raw: RawTables, rows: list[Row]) -> bool:
    """Write rows by plain SQL, and return True; False, and nothing is written, where that cannot be done."""
    if raw.has(TABLE, *FORGOTTEN_RECORDS.columns):
        with suppress(DatabaseException), raw.opened():
            if raw.has_transactions:
                _write(raw, rows)
                return True
    return False


def _write(raw: RawTables, rows: list[Row]) -> None:
    ids: dict[tuple[str, str], list[str]] = {}
    before = {*raw.select(TABLE, *KEY)}
    for row in rows:
        if (row["entity"], row["id"], row["contact_id"]) in before:
            ids.setdefault((row["entity"], row["contact_id"]), []).append(row["id"])
    with raw.together():
        for (entity, contact_id), known in ids.items():
            person = f"entity = {string_literal(entity)} AND contact_id = {string_literal(contact_id)}"
            raw.execute(f"DELETE FROM {TABLE} WHERE {person} AND {one_of('id', known)}")  # noqa: S608 - our own table
        with raw.client() as client:
            insert(client, [(FORGOTTEN_RECORDS, rows)])


def _load(pipeline: dlt.Pipeline, rows: list[Row]) -> None:
    def emitted() -> Iterator[Any]:
        yield from Tables().create(FORGOTTEN_RECORDS)
        yield from Tables().emit(FORGOTTEN_RECORDS, rows)

    pipeline.run(dlt.resource(emitted, name="forgotten"))


def release(raw: RawTables, contact_id: str) -> int | None:
    """Delete a contact's rows of `forgotten_records`; return how many records that frees; None if it has no such rows.

    Records in which another forgotten person takes part stay forgotten.
    """
    parts = [*raw.select(TABLE, *KEY)]
    own = {(entity, record_id) for entity, record_id, person in parts if person == contact_id}
    if not own:
        return None
    raw.execute(f"DELETE FROM {TABLE} WHERE contact_id = {string_literal(contact_id)}")  # noqa: S608 - our own table
    return len(own - {(entity, record_id) for entity, record_id, person in parts if person != contact_id})


def record_erased(raw: RawTables, contact_id: str, count_rows: int) -> None:
    """Record how many more rows of a person's were erased."""
    counted = f"UPDATE {TABLE} SET count_rows = coalesce(count_rows, 0) + %s "  # noqa: S608 - our own table
    raw.execute(f"{counted} WHERE entity = 'contacts' AND id = %s AND contact_id = %s", count_rows, *[contact_id] * 2)


def record_completed(raw: RawTables) -> None:
    """Record the end of a person's erasure, and that of all that earlier runs had begun."""
    raw.execute(f"UPDATE {TABLE} SET completed_at = %s WHERE completed_at IS NULL", int(time.time()))  # noqa: S608 - our own table
