"""Writes the meanings of tables and columns as comments into DuckDB."""

from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.destination.transaction import together
from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.journal.run_log_tables import SYNC_RESOURCES, SYNC_RUNS
from sources.intercom import TABLES
from transforms.runner.warehouse.quoting import identifier, string_literal

COMMENTED = {**TABLES, **{table.name: table for table in (SYNC_RUNS, SYNC_RESOURCES, AUDIT_RESULTS)}}


def write_comments(raw: RawTables, target: Target) -> None:
    """Comment every table and column of the raw dataset that has no comment yet, in DuckDB only."""
    if not target.is_duckdb:
        return
    with raw.client() as client:
        comments = [
            f"COMMENT ON {name} IS {string_literal(meaning)};"
            for name, meaning in _uncommented(client, target.datasets.raw)
        ]
        if comments:
            with together(client):
                client.execute_many(comments)


def _uncommented(client: SqlClientBase[Any], dataset: str) -> list[tuple[str, str]]:
    bare_tables = client.execute_sql(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = %s AND comment IS NULL", dataset
    )
    bare_columns = client.execute_sql(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = %s AND comment IS NULL", dataset
    )
    found = [
        (f"TABLE {_full_name(dataset, table)}", f"One row is {COMMENTED[table].one_row}.")
        for (table,) in bare_tables or ()
        if table in COMMENTED
    ]
    found += [
        (f"COLUMN {_full_name(dataset, table, column)}", COMMENTED[table].columns[column].meaning)
        for table, column in bare_columns or ()
        if table in COMMENTED and column in COMMENTED[table].columns
    ]
    return found


def _full_name(*parts: str) -> str:
    return ".".join(map(identifier, parts))
