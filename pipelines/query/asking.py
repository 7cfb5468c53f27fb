"""Runs SQL on a target that is opened read-only: returns rows, or a cursor."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from dlt.common.libs.pyarrow import PyToArrowConversionException
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.failures.failure import unavailable
from pipelines.destination.target import Target
from pipelines.query.allowed_statements import check_one_question, check_reads_only
from pipelines.query.formats import distinct
from pipelines.query.nearest_names import nearest, unknown_name
from pipelines.stop import ExitCode, Stop
from sources.intercom.secrecy.safe_text import masked
from transforms.runner.dialects.dialect_names import sql_dialect

Ask = Callable[[str], tuple[list[str], list[tuple[Any, ...]]]]  # SQL -> names of columns, rows
Open = Callable[[str], AbstractContextManager[Any]]  # SQL -> cursor with the answer


def run_query(target: Target, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and rows of `sql`."""
    with asked(target) as ask:
        return ask(sql)


def as_arrow(target: Target, sql: str) -> pa.Table:
    """Return the answer to `sql` with the database's types; a repeated column name gets a number."""
    with answering(target) as open_cursor, open_cursor(sql) as cursor:
        answer: pa.Table = cursor.to_arrow_table() if target.is_duckdb else cursor.arrow()
    return answer.rename_columns(distinct(answer.column_names))


@contextmanager
def held_by_python() -> Iterator[None]:
    """Raise Stop for an answer that a driver or Parquet cannot hold: a year of 5 digits, an interval."""
    try:
        yield
    except (ValueError, OverflowError, pa.ArrowException, PyToArrowConversionException) as error:
        message = f"The answer has a value that cannot be written ({masked(str(error))}). Ask for it as text: "
        raise Stop(f"{message}CAST(… AS VARCHAR).", ExitCode.WRONG_USE) from error


@contextmanager
def asked(target: Target) -> Iterator[Ask]:
    """Yield a function that answers SQL, on one connection; a DuckDB file is opened read-only.

    Raises Stop for SQL that cannot be run.
    """
    with answering(target) as open_cursor:

        def ask(sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
            with open_cursor(sql) as cursor, held_by_python():
                return [column[0] for column in cursor.description or []], cursor.fetchall()

        yield ask


@contextmanager
def answering(target: Target) -> Iterator[Open]:
    """Yield a function that answers SQL with a cursor, for rows that do not fit into memory; otherwise like `asked`."""
    try:
        with _client(target) as open_cursor:
            yield open_cursor
    except (duckdb.Error, DatabaseException) as error:
        if found := unavailable(error):
            raise Stop(f"{found[1]}.", found[0]) from error
        raise Stop(f"The query failed: {masked(_explained(str(error), target))}", ExitCode.WRONG_USE) from error


def _explained(message: str, target: Target) -> str:
    """Return the database's message, followed by the known names nearest to the unknown one."""
    unknown = unknown_name(message)
    if unknown is None:
        return message
    kind, name = unknown
    datasets = ", ".join(f"'{dataset}'" for dataset in astuple(target.datasets))
    sql = f"SELECT DISTINCT {kind}_name FROM information_schema.columns WHERE table_schema IN ({datasets})"  # noqa: S608 - our own names
    try:
        with _client(target) as open_cursor, open_cursor(sql) as cursor:
            known = [str(row[0]) for row in cursor.fetchall()]
    except (duckdb.Error, DatabaseException):  # not every warehouse has this list in one place
        return message
    names = nearest(name, sorted(known))
    return f"{message}\nNearest to {kind} {name}: {', '.join(names)}" if names else message


def _client(target: Target) -> AbstractContextManager[Open]:
    return _asked_of_duckdb(target) if target.is_duckdb else _asked_of_warehouse(target)


@contextmanager
def _asked_of_duckdb(target: Target) -> Iterator[Open]:
    with connect(target.database, read_only=True) as connection:
        connection.execute(f"SET search_path = '{_search_path(connection, target)}'")

        @contextmanager
        def open_cursor(sql: str) -> Iterator[Any]:
            check_reads_only(connection, sql)
            yield connection.execute(sql)

        yield open_cursor


@contextmanager
def _asked_of_warehouse(target: Target) -> Iterator[Open]:
    with target.opened() as client, _reading_only(client, target):

        @contextmanager
        def open_cursor(sql: str) -> Iterator[Any]:
            check_one_question(sql, sql_dialect(target.destination))
            with client.execute_query(sql) as result:
                if result.description is None:
                    raise Stop("The statement gives no rows. query only reads.", ExitCode.WRONG_USE)
                yield result

        yield open_cursor


@contextmanager
def _reading_only(client: SqlClientBase[Any], target: Target) -> Iterator[None]:
    """Make the PostgreSQL session read-only, give every query one snapshot, and set the search path."""
    if target.destination != "postgres":
        yield
        return
    datasets = target.datasets
    path = ", ".join(f'"{name}"' for name in (datasets.marts, datasets.staging, datasets.raw, "public"))
    client.execute_sql("SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read'")
    client.execute_sql("SELECT set_config('search_path', %s, false)", path)
    with client.begin_transaction():
        yield


def _search_path(connection: duckdb.DuckDBPyConnection, target: Target) -> str:
    """Let names be written without a dataset: marts first, then what they are made of, then raw tables."""
    present = {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()}
    datasets = target.datasets
    return ",".join(name for name in (datasets.marts, datasets.staging, datasets.raw) if name in present) or "main"
