"""What the destination holds, read while a command works: raw tables by plain SQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.destinations.sql_client import SqlClientBase

from sources.intercom.rows.deleted_records import DELETED_RECORDS

ROWS_AT_ONCE = 10_000


class Loaded:
    """Reads the raw tables of one pipeline's destination."""

    def __init__(self, pipeline: dlt.Pipeline) -> None:
        self._pipeline = pipeline
        self._open: SqlClientBase[Any] | None = None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Keep one connection for the block, for many small questions; each is to be read to its end then."""
        with self._pipeline.sql_client() as client:
            self._open = client
            try:
                yield
            finally:
                self._open = None

    @contextmanager
    def _client(self) -> Iterator[SqlClientBase[Any]]:
        if self._open is not None:
            yield self._open
            return
        with self._pipeline.sql_client() as client:
            yield client

    def rows(self, table: str, *columns: str, where: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of the raw table's rows; none where it does not exist yet.

        `where` is a condition in plain SQL. A column that a newer version has declared, and no load has made yet, is
        null.
        """
        there = self._pipeline.default_schema.tables.get(table, {}).get("columns", {}) if self._pipeline.schemas else {}
        if not there:
            return
        with self._client() as client:
            quoted = ", ".join(client.escape_column_name(name) if name in there else "NULL" for name in columns)
            sql = f"SELECT {quoted} FROM {client.make_qualified_table_name(table)}"  # noqa: S608 - our own names
            yield from _fetched(client, f"{sql} WHERE {where}" if where else sql)

    def counts(self, table: str, *columns: str, more_than: int = 0) -> Iterator[tuple[Any, ...]]:
        """Yield the values of `columns` and the number of rows that share them, where it is above `more_than`."""
        with self._client() as client:
            quoted = ", ".join(client.escape_column_name(column) for column in columns)
            name = client.make_qualified_table_name(table)
            sql = f"SELECT {quoted}, count(*) FROM {name} GROUP BY {quoted} HAVING count(*) > {more_than}"  # noqa: S608 - our own names
            yield from _fetched(client, sql)

    def count(self, table: str, where: str = "") -> int:
        """Return the number of the raw table's rows, 0 where it does not exist yet."""
        with self._client() as client:
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


def _fetched(client: SqlClientBase[Any], sql: str) -> Iterator[tuple[Any, ...]]:
    try:
        with client.execute_query(sql) as cursor:
            while batch := cursor.fetchmany(ROWS_AT_ONCE):
                yield from batch
    except DatabaseUndefinedRelation:
        return


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the condition that `column` (of text) is one of `values`, in plain SQL."""
    literals = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({literals})"
