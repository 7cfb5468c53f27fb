"""The tables in which the pipeline keeps its own runs, written by plain SQL: a load package takes most of a second."""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import dlt
from dlt.common.schema import Schema
from dlt.common.schema.typing import TColumnSchema
from dlt.common.schema.utils import new_table
from dlt.destinations.exceptions import DatabaseException, DatabaseUndefinedRelation
from dlt.destinations.job_client_impl import SqlJobClientBase
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.transaction import together
from sources.intercom.rows.table import Row, Rows, Table

SCHEMA_NAME = "intercom_log"
# Every row that dlt loads has these, as had the rows of these tables while they were loaded.
COLUMNS_OF_DLT = ("_dlt_load_id", "_dlt_id")
ROWS_AT_ONCE = 100


def append(raw: RawTables, rows: Rows) -> None:
    """Add rows to log tables of the raw dataset: all of them, or none where the destination has transactions.

    Tables and columns that it lacks are made, with the types that dlt gives them when it loads. They are looked for
    only where the rows did not fit: that takes dlt longer than the rows.
    """
    with raw.client() as client:
        if client.capabilities.supports_transactions is not False:
            with suppress(DatabaseException), together(client):
                _insert_all(client, rows)
                return
    _make(raw.pipeline, [table for table, _ in rows])
    with raw.client() as client, together(client):
        _insert_all(client, rows)


def log_rows(pipeline: dlt.Pipeline, table: Table, *columns: str) -> list[Sequence[Any]]:
    """Return `columns` of all rows of a log table; none where it does not exist yet."""
    with pipeline.sql_client() as client:
        names = ", ".join(client.escape_column_name(column) for column in columns)
        sql = f"SELECT {names} FROM {client.make_qualified_table_name(table.name)}"  # noqa: S608 - our own names
        try:
            return list(client.execute_sql(sql) or ())
        except DatabaseUndefinedRelation:
            return []


def _make(pipeline: dlt.Pipeline, tables: list[Table]) -> None:
    schema = _schema(tables)
    with dlt.dataset(pipeline.destination, pipeline.dataset_name, schema).destination_client as client:
        assert isinstance(client, SqlJobClientBase)  # noqa: S101 - every destination with SQL has this one
        client.initialize_storage()
        # Also where the schema is known already: a table may have been dropped since, or the dataset restored.
        client.update_stored_schema(list(schema.tables), force=True)


def _schema(tables: list[Table]) -> Schema:
    schema = Schema(SCHEMA_NAME)
    for table in tables:
        columns: list[TColumnSchema] = [
            {"name": name, "data_type": column.data_type, "nullable": True} for name, column in table.columns.items()
        ]
        columns += [{"name": name, "data_type": "text", "nullable": False} for name in COLUMNS_OF_DLT]
        schema.update_table(new_table(table.name, columns=columns))
    # Going through the stored form gives it the hash by which the destination remembers it.
    return Schema.from_dict(dict(schema.to_dict()), bump_version=True)


def _insert_all(client: SqlClientBase[Any], rows: Rows) -> None:
    written_at = str(time.time())  # as dlt names its load packages
    for table, of_table in rows:
        for start in range(0, len(of_table), ROWS_AT_ONCE):
            _insert(client, table, of_table[start : start + ROWS_AT_ONCE], written_at)


def _insert(client: SqlClientBase[Any], table: Table, rows: list[Row], written_at: str) -> None:
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
    """Return what every database takes: a text that quotes an answer of Intercom may hold what is no character."""
    return value.encode(errors="replace").decode().replace("\0", "\ufffd") if isinstance(value, str) else value
