"""A target opened for reading alone: answers SQL with rows, or with a cursor."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple
from importlib import import_module
from threading import current_thread, main_thread
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.libs.pyarrow import PyToArrowConversionException, row_tuples_to_arrow
from dlt.common.schema.typing import TTableSchemaColumns
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.failures.failure import forbidden, unavailable
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.query.allowed_statements import check_one_question, check_reads_only, gives_rows
from pipelines.query.ambiguous_names import with_catalog
from pipelines.query.formats import distinct
from pipelines.query.nearest_names import nearest, unknown_name
from pipelines.query.odd_values import Values, with_duckdbs_text
from pipelines.query.postgres_cursor import PostgresCursor, wait_for_postgres
from pipelines.query.postgres_values import give_postgres_text
from pipelines.stop import Stop
from sources.intercom.secrecy.safe_text import masked
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.warehouse.datasets import CURRENT_CATALOG, Datasets, ambiguous_catalog

GRANT = "An administrator grants it USAGE on the schemas, and SELECT on their tables."


class Reader(ABC):
    """A reader of the target: a connection that only reads; names of tables may be written without a dataset.

    `ambiguous` is the name of a DuckDB catalog that a dataset has, too.
    """

    def __init__(self, ambiguous: str | None) -> None:
        self._ambiguous = ambiguous

    @abstractmethod
    def cursor(self, sql: str, values: Values = "python") -> AbstractContextManager[Any]:
        """Open the reader's answer to SQL, for rows beyond memory; raises Stop for what does more than read."""

    def answer(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Read the answer to SQL: the names of the columns, and the rows."""
        with self.cursor(sql) as cursor, held_by_python():
            return [column[0] for column in cursor.description or []], cursor.fetchall()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the rows that answer SQL."""
        return self.answer(sql)[1]


class _OfFile(Reader):
    """The reader of a DuckDB file, which is opened read-only."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, datasets: Datasets) -> None:
        (catalog,) = connection.execute(CURRENT_CATALOG).fetchall()[0]
        super().__init__(datasets.ambiguous(catalog))
        self._connection = connection

    @contextmanager
    def cursor(self, sql: str, values: Values = "python") -> Iterator[Any]:
        check_reads_only(self._connection, sql)
        named = with_catalog(sql, self._ambiguous)
        yield self._connection.execute(with_duckdbs_text(self._connection, named, values))


class _OfWarehouse(Reader):
    """The reader of any other warehouse; PostgreSQL gives all queries one snapshot."""

    def __init__(self, client: SqlClientBase[Any], dialect: str, datasets: Datasets) -> None:
        super().__init__(ambiguous_catalog(client, dialect, datasets))
        self._client = client
        self._dialect = dialect

    @contextmanager
    def cursor(self, sql: str, values: Values = "python") -> Iterator[Any]:
        check_one_question(sql, self._dialect)
        if self._dialect == "postgres":
            give_postgres_text(self._client.native_connection, import_module("psycopg2.extensions"), values)
        named = with_catalog(sql, self._ambiguous)
        if self._dialect == "duckdb":
            named = with_duckdbs_text(self._client.native_connection, named, values)
        if self._dialect == "postgres" and values != "python" and gives_rows(named):
            with held_by_python():
                opened = PostgresCursor(self._client, named)
            yield opened
            return
        with self._client.execute_query(named) as result:
            if result.description is None:
                raise Stop("The statement gives no rows. query only reads.", ExitCode.WRONG_USE)
            yield result


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


@contextmanager
def held_by_python() -> Iterator[None]:
    """Raise Stop for an answer that a driver cannot read or Parquet cannot hold: a year of 5 digits, an interval."""
    try:
        yield
    except (ValueError, OverflowError, pa.ArrowException, PyToArrowConversionException) as error:
        message = f"The answer has a value that cannot be written ({masked(str(error))}). Ask for it as text: "
        raise Stop(f"{message}CAST(… AS VARCHAR).", ExitCode.WRONG_USE) from error


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
            yield _OfFile(connection, target.datasets)
    else:
        with target.opened() as client, _reading_only(client, target):
            yield _OfWarehouse(client, sql_dialect(target.destination), target.datasets)


@contextmanager
def _reading_only(client: SqlClientBase[Any], target: Target) -> Iterator[None]:
    """Open a transaction of PostgreSQL that is read-only, gives every query one snapshot, and has the search path.

    Nothing is set for the session: a pooler would hand it on to the next one who is lent the connection.
    """
    if target.destination != "postgres":
        yield
        return
    datasets = target.datasets
    path = ", ".join(f'"{name}"' for name in (datasets.marts, datasets.staging, datasets.raw, "public"))
    with _interruptible(), client.begin_transaction():
        client.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        client.execute_sql("SELECT set_config('search_path', %s, true)", path)
        yield


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end a query of psycopg2, which otherwise waits for its end; loads cannot be done in such a block.

    That is set for the whole process, and Ctrl-C reaches the main thread alone: queries of others leave it as it is.
    """
    if current_thread() is not main_thread():
        yield
        return
    extensions = import_module("psycopg2.extensions")
    before = extensions.get_wait_callback()
    extensions.set_wait_callback(wait_for_postgres)
    try:
        yield
    finally:
        extensions.set_wait_callback(before)


def _search_path(connection: duckdb.DuckDBPyConnection, target: Target) -> str:
    """Let names be read without a dataset: marts first, then what they are made of, then raw tables."""
    present = {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()}
    datasets = target.datasets
    return ",".join(name for name in (datasets.marts, datasets.staging, datasets.raw) if name in present) or "main"
