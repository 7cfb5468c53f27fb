"""What the destination holds, read while a command works: raw tables by plain SQL."""

from collections.abc import Iterator
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from sources.intercom.deletions import DELETED_RECORDS

ROWS_AT_ONCE = 10_000


class Loaded:
    """Reads the raw tables of one pipeline's destination."""

    def __init__(self, pipeline: dlt.Pipeline) -> None:
        self._pipeline = pipeline

    def rows(self, table: str, *columns: str, where: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of the raw table's rows; none where it does not exist yet.

        `where` is a condition in plain SQL. A column that a newer version has declared, and no load has made yet, is
        null.
        """
        there = self._pipeline.default_schema.tables.get(table, {}).get("columns", {}) if self._pipeline.schemas else {}
        if not there:
            return
        with self._pipeline.sql_client() as client:
            quoted = ", ".join(client.escape_column_name(name) if name in there else "NULL" for name in columns)
            sql = f"SELECT {quoted} FROM {client.make_qualified_table_name(table)}"  # noqa: S608 - our own names
            try:
                with client.execute_query(f"{sql} WHERE {where}" if where else sql) as cursor:
                    while batch := cursor.fetchmany(ROWS_AT_ONCE):
                        yield from batch
            except DatabaseUndefinedRelation:
                return

    def count(self, table: str, where: str = "") -> int:
        """Return the number of the raw table's rows, 0 where it does not exist yet."""
        with self._pipeline.sql_client() as client:
            sql = f"SELECT count(*) FROM {client.make_qualified_table_name(table)}"  # noqa: S608 - our own names
            try:
                rows = client.execute_sql(f"{sql} WHERE {where}" if where else sql)
            except DatabaseUndefinedRelation:
                return 0
        return int(rows[0][0]) if rows else 0

    def marked(self) -> dict[str, set[str]]:
        """Return raw table -> ids of the records that are marked as gone from Intercom."""
        marked: dict[str, set[str]] = {}
        for table, record_id in self.rows(DELETED_RECORDS.name, "entity", "id"):
            marked.setdefault(str(table), set()).add(str(record_id))
        return marked

    def states(self) -> dict[str, dict[str, Any]]:
        """Return resource -> its part of the state that the destination holds."""
        of_source: dict[str, Any] = self._pipeline.state.get("sources", {}).get("intercom", {})
        states: dict[str, dict[str, Any]] = of_source.get("resources", {})
        return states
