"""The tables in which the pipeline keeps its own runs, written by plain SQL: a load package takes most of a second."""

from contextlib import suppress

import dlt
from dlt.common.schema import Schema
from dlt.common.schema.typing import TColumnSchema
from dlt.common.schema.utils import new_table
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.job_client_impl import SqlJobClientBase

from pipelines.destination.tables.insertion import COLUMNS_OF_DLT, insert
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.transaction import together
from sources.intercom.rows.table import Rows, Table

SCHEMA_NAME = "intercom_log"


def append(raw: RawTables, rows: Rows) -> None:
    """Add rows to log tables of the raw dataset: all of them, or none where the destination has transactions.

    Missing tables and columns are made, with the types that dlt gives them when it loads. They are looked for only if
    the insert fails: looking takes dlt longer than inserting.
    """
    with raw.client() as client:
        if client.capabilities.supports_transactions is not False:
            with suppress(DatabaseException), together(client):
                insert(client, rows)
                return
    _make(raw.pipeline, [table for table, _ in rows])
    with raw.client() as client, together(client):
        insert(client, rows)


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
