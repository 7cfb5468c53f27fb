"""The raw table `forgotten_records`: who was forgotten, read before anything is loaded and written when somebody is."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

import dlt

from pipelines.destination.tables.raw_tables import RawTables
from sources.intercom.privacy.forgotten import FORGOTTEN_RECORDS, Forgotten
from sources.intercom.rows.table import Row, Tables

TABLE = FORGOTTEN_RECORDS.name


def forgotten_ids(raw: RawTables) -> Iterator[tuple[str, str]]:
    """Yield entity and id of every record that the destination says is forgotten."""
    yield from raw.select(TABLE, "entity", "id")


def unfinished_in(raw: RawTables) -> list[str]:
    """Return the ids of contacts whose erasure was begun and not completed."""
    begun = raw.select(TABLE, "contact_id", where="completed_at IS NULL")
    return sorted({contact_id for (contact_id,) in begun})


def record_found(pipeline: dlt.Pipeline, forgotten: Forgotten) -> None:
    """Write what a sync met of forgotten people: it stays stripped, even when they take part in it no longer."""
    now = int(time.time())
    rows: list[Row] = [
        {"entity": entity, "id": record_id, "contact_id": contact_id, "forgotten_at": now, "completed_at": now}
        for (entity, record_id), contact_id in forgotten.found.items()
    ]
    if rows:
        record_forgotten(pipeline, rows)


def record_forgotten(pipeline: dlt.Pipeline, rows: Iterable[Row]) -> None:
    """Write rows of `forgotten_records`."""

    def emitted() -> Iterator[Any]:
        yield from Tables().create(FORGOTTEN_RECORDS)
        yield from Tables().emit(FORGOTTEN_RECORDS, list(rows))

    pipeline.run(dlt.resource(emitted, name="forgotten"))


def record_completed(raw: RawTables, contact_id: str, count_rows: int) -> None:
    """Record the end: of this person, who has the count of the rows, and of all whose erasure an earlier run had begun.

    By plain SQL: a load package takes most of a second.
    """
    counted = f"UPDATE {TABLE} SET count_rows = coalesce(count_rows, 0) + %s WHERE entity = 'contacts' AND id = %s"  # noqa: S608 - our own table
    raw.execute(counted, count_rows, contact_id)
    raw.execute(f"UPDATE {TABLE} SET completed_at = %s WHERE completed_at IS NULL", int(time.time()))  # noqa: S608 - our own table
