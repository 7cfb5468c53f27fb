"""What the destination holds of one entity: its rows by record, and the shape of its tables as a whole."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines.destination.tables.raw_tables import RawTables, one_of
from pipelines.verify.audit.examination.values import read
from sources.intercom.incremental.entity import AnyEntity
from sources.intercom.rows.table import Row, Table

IDS_AT_ONCE = 500


class LoadedEntity:
    """The rows of one entity's tables."""

    def __init__(self, raw: RawTables, entity: AnyEntity) -> None:
        self._raw = raw
        self.entity = entity

    def rows(self, table: Table, record_ids: list[str]) -> dict[str, list[Row]]:
        """Return the rows of these records in `table`, by record; nulls are left out."""
        columns = self._raw.columns(table.name)
        link = self.entity.id_in(table)
        found: dict[str, list[Row]] = defaultdict(list)
        for start in range(0, len(record_ids), IDS_AT_ONCE):
            where = one_of(link, record_ids[start : start + IDS_AT_ONCE])
            for values in self._raw.select(table.name, *columns, where=where):
                row = {
                    name: read(value, columns[name])
                    for name, value in zip(columns, values, strict=True)
                    if value is not None
                }
                found[row[link]].append(row)
        return found

    def created_since(self, moment: int) -> set[str]:
        """Return the ids of loaded records that were created at or after `moment` (unix seconds)."""
        rows = self._raw.select(self.entity.table.name, "id", where=f"created_at >= {moment}")
        return {record_id for (record_id,) in rows}

    @property
    def marked(self) -> set[str]:
        """The ids of records that are known to be gone from Intercom."""
        return self._raw.marked().get(self.entity.table.name, set())

    def ids_in(self, table: Table) -> dict[str, int]:
        """Return the ids of the records that have rows in `table`, with the number of these rows."""
        link = self.entity.id_in(table)
        return {record_id: count for record_id, count in self._raw.counts(table.name, link) if record_id is not None}

    def doubled(self) -> set[str]:
        """Return the ids of records with a row that exists more than once."""
        return {
            record_id
            for table in self.entity.tables
            for record_id, *_ in self._raw.counts(
                table.name, *dict.fromkeys((self.entity.id_in(table), *table.key)), more_than=1
            )
        }

    def values(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of the records; a column that was never filled is None."""
        return self._raw.select(self.entity.table.name, *columns)
