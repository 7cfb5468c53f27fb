"""Reads the answers of a database: rows, or a cursor for those beyond memory."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from dlt.common.libs.pyarrow import PyToArrowConversionException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.exit_code import ExitCode
from pipelines.query.allowed_statements import check_one_question, check_reads_only
from pipelines.query.ambiguous_names import with_catalog
from pipelines.query.duckdb_values import Values, with_duckdbs_text
from pipelines.query.json_columns import JsonCursor
from pipelines.stop import Stop
from sources.intercom.secrecy.safe_text import masked
from transforms.runner.warehouse.datasets import CURRENT_CATALOG, Datasets, ambiguous_catalog


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


class FileReader(Reader):
    """The reader of a DuckDB file, which is opened read-only."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, datasets: Datasets) -> None:
        (catalog,) = connection.execute(CURRENT_CATALOG).fetchall()[0]
        super().__init__(datasets.ambiguous(catalog))
        self._connection = connection

    @contextmanager
    def cursor(self, sql: str, values: Values = "python") -> Iterator[Any]:
        """Open DuckDB's answer, in the words of DuckDB unless it is for Python."""
        check_reads_only(self._connection, sql)
        named = with_catalog(sql, self._ambiguous)
        cursor = self._connection.execute(with_duckdbs_text(self._connection, named, values))
        yield JsonCursor(cursor) if values == "json" else cursor


class WarehouseReader(Reader):
    """The reader of any other warehouse than PostgreSQL."""

    def __init__(self, client: SqlClientBase[Any], dialect: str, datasets: Datasets) -> None:
        super().__init__(ambiguous_catalog(client, dialect, datasets))
        self._client = client
        self._dialect = dialect

    @contextmanager
    def cursor(self, sql: str, values: Values = "python") -> Iterator[Any]:
        """Open the warehouse's answer; raises Stop also for a statement that gives no rows."""
        is_duckdb = self._dialect == "duckdb"
        if is_duckdb:
            check_reads_only(self._client.native_connection, sql)
        else:
            check_one_question(sql, self._dialect)
        named = with_catalog(sql, self._ambiguous)
        if is_duckdb:
            named = with_duckdbs_text(self._client.native_connection, named, values)
        with self._answered(named) as cursor:
            yield JsonCursor(cursor) if values == "json" and is_duckdb else cursor

    @contextmanager
    def _answered(self, sql: str) -> Iterator[Any]:
        with self._client.execute_query(sql) as cursor:
            if cursor.description is None:
                raise Stop("The statement gives no rows. query only reads.", ExitCode.WRONG_USE)
            yield cursor


@contextmanager
def held_by_python() -> Iterator[None]:
    """Raise Stop for an answer that a driver cannot read or Parquet cannot hold: a year of 5 digits, an interval."""
    try:
        yield
    except (ValueError, OverflowError, pa.ArrowException, PyToArrowConversionException) as error:
        message = f"The answer has a value that cannot be written ({masked(str(error))}). Ask for it as text: "
        raise Stop(f"{message}CAST(… AS VARCHAR).", ExitCode.WRONG_USE) from error
