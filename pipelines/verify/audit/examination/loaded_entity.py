"""What the destination holds of one entity: its rows by record, and the shape of its tables as a whole."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines.destination.tables.raw_tables import RawTables, one_of
from pipelines.verify.audit.examination.values import read
from sources.intercom.records.entity import AnyEntity
from sources.intercom.rows.table import Row, Table

IDS_AT_ONCE = 500


class LoadedEntity:
    """What is loaded of one entity: the rows of its tables."""

    def __init__(self, raw: RawTables, entity: AnyEntity) -> None:
        self._raw = raw
        self.entity = entity

    def rows(self, table: Table, record_ids: list[str]) -> dict[str, list[Row]]:
        """Return what is loaded of an entity's records in `table`, rows by record; nulls are left out."""
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
        """Return the ids of an entity's loaded records created at or after `moment` (unix seconds)."""
        rows = self._raw.select(self.entity.table.name, "id", where=f"created_at >= {moment}")
        return {record_id for (record_id,) in rows}

    @property
    def marked(self) -> set[str]:
        """The ids of an entity's records that are known to be gone from Intercom."""
        return self._raw.marked().get(self.entity.table.name, set())

    def ids_in(self, table: Table) -> dict[str, int]:
        """Return the ids of an entity's records that have loaded rows in `table`, with the number of these rows."""
        link = self.entity.id_in(table)
        return {record_id: count for record_id, count in self._raw.counts(table.name, link) if record_id is not None}

    def doubled(self) -> set[str]:
        """Return the ids of an entity's records of which a row is loaded more than once."""
        return {
            record_id
            for table in self.entity.tables
            for record_id, *_ in self._raw.counts(
                table.name, *dict.fromkeys((self.entity.id_in(table), *table.key)), more_than=1
            )
        }

    def values(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of an entity's loaded records; a column that was never filled is None."""
        return self._raw.select(self.entity.table.name, *columns)
