"""Opens the database of a target for reading alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.libs.pyarrow import row_tuples_to_arrow
from dlt.common.schema.typing import TTableSchemaColumns
from dlt.destinations.exceptions import DatabaseException

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.failures.failure import forbidden, unavailable
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.query.formats import distinct
from pipelines.query.nearest_names import nearest, unknown_name
from pipelines.query.postgres_reader import PostgresReader, reading_only
from pipelines.query.reader import FileReader, Reader, WarehouseReader
from pipelines.stop import Stop
from sources.intercom.secrecy.safe_text import masked
from transforms.runner.dialects.dialect_names import sql_dialect

GRANT = "An administrator grants it USAGE on the schemas, and SELECT on their tables."


@contextmanager
def opened_read_only(target: Target) -> Iterator[Reader]:
    """Open the target for reading; raises Stop for SQL that cannot be run in the block."""
    try:
        with _opened(target) as reader:
            yield reader
    except (duckdb.Error, DatabaseException) as error:
        if refused := forbidden(error):
            raise Stop(f"{target} may not be read by this role: {refused}. {GRANT}", ExitCode.WRONG_USE) from error
        if found := unavailable(error):
            raise Stop(f"{found[1]}.", found[0]) from error
        raise Stop(f"The query failed: {masked(_explained(str(error), target))}", ExitCode.WRONG_USE) from error


def run_query(target: Target, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Read the answer to the query `sql`: column names and rows."""
    with opened_read_only(target) as reader:
        return reader.answer(sql)


def as_arrow(target: Target, sql: str) -> pa.Table:
    """Read the answer to the query `sql`; a repeated column name gets a number.

    DuckDB's types are its own, those of other warehouses follow from the values.
    """
    with opened_read_only(target) as reader, reader.cursor(sql) as cursor:
        if sql_dialect(target.destination) == "duckdb":
            answer: pa.Table = cursor.to_arrow_table() if target.is_duckdb else cursor.arrow()
            return answer.rename_columns(distinct(answer.column_names))
        # By position: dlt knows one column of those that share a name. And as rows: of some warehouses its cursor gives
        # only the first page as a table, or none where there is no row.
        columns: TTableSchemaColumns = {
            name: {"name": name, "nullable": True} for name in distinct([column[0] for column in cursor.description])
        }
        capabilities = DestinationCapabilitiesContext.generic_capabilities()
        return row_tuples_to_arrow(cursor.fetchall(), capabilities, columns, "UTC")


def _explained(message: str, target: Target) -> str:
    """Return the database's message for the reader, followed by the known names nearest to the unknown one."""
    unknown = unknown_name(message)
    if unknown is None:
        return message
    kind, name = unknown
    datasets = ", ".join(f"'{dataset}'" for dataset in astuple(target.datasets))
    sql = f"SELECT DISTINCT {kind}_name FROM information_schema.columns WHERE table_schema IN ({datasets})"  # noqa: S608 - our own names
    try:
        with _opened(target) as reader:
            known = [str(row[0]) for row in reader.rows(sql)]
    except (duckdb.Error, DatabaseException):  # not every warehouse has this list in one place
        return message
    names = nearest(name, sorted(known))
    return f"{message}\nNearest to {kind} {name}: {', '.join(names)}" if names else message


@contextmanager
def _opened(target: Target) -> Iterator[Reader]:
    if target.is_duckdb:
        with connect(target.database, read_only=True) as connection:
            connection.execute(f"SET search_path = '{_search_path(connection, target)}'")
            yield FileReader(connection, target.datasets)
    elif target.destination == "postgres":
        with target.opened() as client, reading_only(client, target.datasets):
            yield PostgresReader(client, target.datasets)
    else:
        with target.opened() as client:
            yield WarehouseReader(client, sql_dialect(target.destination), target.datasets)


def _search_path(connection: duckdb.DuckDBPyConnection, target: Target) -> str:
    """Let names be read without a dataset: marts first, then what they are made of, then raw tables."""
    present = {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()}
    datasets = target.datasets
    return ",".join(name for name in (datasets.marts, datasets.staging, datasets.raw) if name in present) or "main"
