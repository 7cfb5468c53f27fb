"""The raw tables in the destination: which ones exist, their rows, and statements on them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import dlt
import sqlglot
from dlt.common.schema import Schema
from dlt.common.schema.typing import TTableSchemaColumns
from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from pipelines.destination.tables.catalog import is_of_dlt
from pipelines.destination.tables.inspection import inspected, storage_client
from pipelines.destination.tables.references import Reference, references
from pipelines.destination.transaction import together
from sources.intercom import TABLES
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from sources.intercom.rows.table import REMOVES
from transforms.runner.dialects.dialect_names import POSTGRES, sql_dialect
from transforms.runner.warehouse.connection import NEVER_TOO_IDLE
from transforms.runner.warehouse.quoting import identifier, string_literal

ROWS_AT_ONCE = 10_000


class RawTables:
    """The raw tables of one pipeline's destination, by their bare names.

    Conditions and statements are DuckDB's SQL, run in the destination's dialect. Each question opens a connection of
    its own outside of `opened`. Which tables there are is known from dlt's schema, once: see `look_again`. If somebody
    has dropped dlt's own tables, the database is asked instead: `forgotten_records` is still there.
    """

    def __init__(self, pipeline: dlt.Pipeline) -> None:
        self.pipeline = pipeline
        self._open: SqlClientBase[Any] | None = None
        self._idle: list[SqlClientBase[Any]] = []

    @contextmanager
    def opened(self) -> Iterator["RawTables"]:
        """Keep one connection to the raw tables for the block's many small questions, each to be read to its end.

        A DuckDB file stays open for the block, and nobody else can write to it: do not wait in there.
        """
        with self.client() as client:
            if sql_dialect(self.pipeline.destination.destination_name) == POSTGRES:
                client.execute_sql(NEVER_TOO_IDLE)  # comparing what was read takes a while
            self._open = client
            try:
                yield self
            finally:
                self._open = None

    def look_again(self) -> None:
        """Drop the cached list of raw tables and columns; call after a load."""
        for name in ("_schema", "_known", "schema_hash"):
            self.__dict__.pop(name, None)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Run the block's statements on the raw tables in one transaction, if the destination has transactions."""
        with self.client() as client, together(client):
            yield

    @property
    def has_transactions(self) -> bool:
        """False if `together` cannot make statements on the raw tables one transaction."""
        with self.client() as client:
            return client.capabilities.supports_transactions is not False

    @property
    def names(self) -> list[str]:
        """The raw tables that exist."""
        return [name for name in self._known if not is_of_dlt(name)]

    def columns(self, table: str) -> dict[str, str]:
        """Return dlt's type of each of a raw table's columns with Intercom's values; empty if it does not exist."""
        return {
            column: str(hint["data_type"])
            for column, hint in self._known.get(table, {}).items()
            if "data_type" in hint and not column.startswith("_dlt_") and column != REMOVES
        }

    def has(self, table: str, *columns: str) -> bool:
        """Return True if the raw table exists and has these columns."""
        return table in self._known and self.columns(table).keys() >= set(columns)

    def select(self, table: str, *columns: str, where: str = "") -> Iterator[tuple[Any, ...]]:
        """Yield `columns` of a raw table's rows; none if it does not exist yet.

        A column that a newer version has declared, and no load has made yet, is null.
        """
        there = self._known.get(table)
        if there and where:
            names = ", ".join(identifier(name) if name in there else "NULL" for name in columns)
            yield from self.rows_of(f"SELECT {names} FROM {table}{_where(where)}")  # noqa: S608 - our own names
        elif there:
            yield from self._whole(table, {name: name in there for name in columns})

    def counts(self, table: str, *columns: str, more_than: int = 0) -> Iterator[tuple[Any, ...]]:
        """Yield the values of `columns` of a raw table, and how many rows share them, if more than `more_than`."""
        names = ", ".join(map(identifier, columns))
        yield from self.rows_of(
            f"SELECT {names}, count(*) FROM {table} GROUP BY {names} HAVING count(*) > {more_than}"  # noqa: S608 - our own names
        )

    def count(self, table: str, where: str = "") -> int:
        """Return the number of a raw table's rows, 0 if it does not exist yet."""
        rows = list(self.rows_of(f"SELECT count(*) FROM {table}{_where(where)}"))  # noqa: S608 - our own names
        return int(rows[0][0]) if rows else 0

    def query(self, sql: str, *values: Any) -> list[Any]:
        """Return the rows of a query of the raw tables; `%s` is the place of each of `values`."""
        with self.client() as client:
            return list(client.execute_sql(self._sql(client, sql), *values) or [])

    def rows_of(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query of the raw tables; read them to the end.

        They may be more than memory holds on DuckDB; PostgreSQL's driver fetches the whole answer first.
        """
        with self.client() as client:
            yield from _rows(client, self._sql(client, sql))

    def execute(self, sql: str, *values: Any) -> None:
        """Run a statement on the raw tables; see `query`."""
        self.query(sql, *values)

    def references(self) -> Mapping[str, list[Reference]]:
        """Return raw table -> the foreign keys of others that hold on to its rows."""
        with self.client() as client:
            return references(client, self.pipeline.destination.destination_name, client.dataset_name)

    def marked(self) -> dict[str, set[str]]:
        """Return raw table -> ids of the records that are marked as gone from Intercom."""
        marked: dict[str, set[str]] = {}
        for table, record_id in self.select(DELETED_RECORDS.name, "entity", "id"):
            marked.setdefault(str(table), set()).add(str(record_id))
        return marked

    @cached_property
    def schema_hash(self) -> str | None:
        """A hash of the raw tables that changes with each table and column dlt learns of; None if it knows none."""
        return None if self._schema is None else self._schema.version_hash

    @cached_property
    def _schema(self) -> Schema | None:
        # dlt reads its file anew each time.
        return self.pipeline.default_schema if self.pipeline.schemas else None

    @cached_property
    def _known(self) -> dict[str, TTableSchemaColumns]:
        tables = {} if self._schema is None else self._schema.tables
        known = {name: table.get("columns", {}) for name, table in tables.items()}
        if unknown := TABLES.keys() - known:
            with storage_client(self.pipeline) as client:
                known |= {name: columns for name, columns in inspected(client, unknown).items() if columns}
        return known

    @contextmanager
    def client(self) -> Iterator[SqlClientBase[Any]]:
        """Lend an open client on the raw tables, for statements in the destination's own SQL."""
        if self._open is not None:
            yield self._open
            return
        # Looking up the settings of another client takes dlt longer than a small question.
        client = self._idle.pop() if self._idle else self.pipeline.sql_client()
        try:
            with client:
                yield client
        finally:
            self._idle.append(client)

    def _whole(self, table: str, columns: Mapping[str, bool]) -> Iterator[tuple[Any, ...]]:
        """Yield columns of all rows of a raw table with plain SQL, which avoids importing sqlglot's translators."""
        with self.client() as client:
            names = ", ".join(client.escape_column_name(name) if there else "NULL" for name, there in columns.items())
            yield from _rows(client, f"SELECT {names} FROM {client.make_qualified_table_name(table)}")  # noqa: S608 - our own names

    def _sql(self, client: SqlClientBase[Any], sql: str) -> str:
        return statement(sql, client, sql_dialect(self.pipeline.destination.destination_name))


def statement(sql: str, client: SqlClientBase[Any], dialect: str) -> str:
    """Return DuckDB's SQL on bare names of raw tables in the dialect, with dlt's names for tables and columns there."""
    # sqlglot knows no %s, and takes a name in the place of each.
    tree = sqlglot.parse_one(sql.replace("%s", "parameter__"), read="duckdb")
    for name in tree.find_all(exp.Identifier):
        if name.quoted:  # others are folded by the destination, as dlt folds them
            name.set("this", client.capabilities.casefold_identifier(name.name))
    aliases = {table.alias for table in tree.find_all(exp.Table, exp.Values) if table.alias}
    for table in list(tree.find_all(exp.Table)):
        if table.name not in aliases and not table.db:
            path = client.make_qualified_table_name_path(table.name, quote=False)
            qualified = exp.to_table(".".join(f'"{part}"' for part in path), dialect="duckdb")
            if table.args.get("alias"):
                qualified.set("alias", table.args["alias"])
            table.replace(qualified)
    return tree.sql(dialect=dialect).replace("parameter__", "%s")


def _rows(client: SqlClientBase[Any], sql: str) -> Iterator[tuple[Any, ...]]:
    try:
        with client.execute_query(sql) as cursor:
            while batch := cursor.fetchmany(ROWS_AT_ONCE):
                yield from batch
    except DatabaseUndefinedRelation:
        return


def _where(condition: str) -> str:
    return f" WHERE {condition}" if condition else ""


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the condition, for a statement on raw tables, that `column` (of text) is one of `values`."""
    return f"{column} IN ({', '.join(map(string_literal, values))})"
