"""Writes rows by plain SQL as dlt would have loaded them, because a load package takes most of a second."""

import time
from typing import Any
from uuid import uuid4

from dlt.destinations.sql_client import SqlClientBase

from sources.intercom.rows.column_types import LOAD_ID, ROW_ID
from sources.intercom.rows.table import Row, Rows, Table

COLUMNS_OF_DLT = (LOAD_ID, ROW_ID)
ROWS_AT_ONCE = 100


def insert(client: SqlClientBase[Any], rows: Rows) -> None:
    """Insert rows into raw tables that have every declared column; a column that a row lacks is null."""
    written_at = str(time.time())  # as dlt names its load packages
    for table, of_table in rows:
        for start in range(0, len(of_table), ROWS_AT_ONCE):
            _insert_some(client, table, of_table[start : start + ROWS_AT_ONCE], written_at)


def _insert_some(client: SqlClientBase[Any], table: Table, rows: list[Row], written_at: str) -> None:
    names = [*table.columns, *COLUMNS_OF_DLT]
    lines, values = [], []
    for row in rows:
        whole = {**row, **dict(zip(COLUMNS_OF_DLT, (written_at, uuid4().hex), strict=True))}
        # Some drivers cannot tell the type of a null that comes as a value.
        lines.append("(" + ", ".join("NULL" if whole.get(name) is None else "%s" for name in names) + ")")
        values += [_storable(whole[name]) for name in names if whole.get(name) is not None]
    columns = ", ".join(client.escape_column_name(name) for name in names)
    target = client.make_qualified_table_name(table.name)
    client.execute_sql(f"INSERT INTO {target} ({columns}) VALUES {', '.join(lines)}", *values)  # noqa: S608 - our own names


def _storable(value: Any) -> Any:
    """Return a value to insert that every database accepts: texts that quote Intercom may hold invalid characters."""
    return value.encode(errors="replace").decode().replace("\0", "\ufffd") if isinstance(value, str) else value
