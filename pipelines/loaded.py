"""What the destination holds, read while a command works: raw tables by plain SQL."""

from collections.abc import Iterator
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseUndefinedRelation

ROWS_AT_ONCE = 10_000


class Loaded:
    """Reads the raw tables of one pipeline's destination."""

    def __init__(self, pipeline: dlt.Pipeline) -> None:
        self._pipeline = pipeline

    def rows(self, table: str, *columns: str, where: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of the raw table's rows; none where it does not exist yet.

        `where` is a condition in plain SQL.
        """
        with self._pipeline.sql_client() as client:
            quoted = ", ".join(client.escape_column_name(column) for column in columns)
            sql = f"SELECT {quoted} FROM {client.make_qualified_table_name(table)}"  # noqa: S608 - our own names
            try:
                with client.execute_query(f"{sql} WHERE {where}" if where else sql) as cursor:
                    while batch := cursor.fetchmany(ROWS_AT_ONCE):
                        yield from batch
            except DatabaseUndefinedRelation:
                return
