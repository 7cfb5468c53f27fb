"""Swaps a new table or view in for the one that readers see, and keeps what others have put on that."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from dlt.destinations.exceptions import DatabaseException

from transforms.runner.dialects.dialect_names import POSTGRES
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.postgres_keeping import (
    Grant,
    grants,
    has_first_columns_of,
    is_same_view,
    is_there,
    lost_columns,
    readers,
    refilled,
    regranted,
    waiting,
)
from transforms.runner.warehouse.relations import InTheWay, Location, Relation

BUILDING = "__building"  # a table under construction; readers look at the name without it
NAMED_IN_FULL = ("snowflake", "databricks", "spark")  # a bare new name would move the table into the current schema
# The messages of Snowflake, Databricks, BigQuery, SQL Server, ClickHouse and DuckDB that a name is a table's, or a
# view's.
_OTHER_KIND = re.compile(
    r"not a view|not a table|is a table|is a view|type '?(table|view)|requires a view", re.IGNORECASE
)
INDEXES = "SELECT {} FROM duckdb_indexes() WHERE sql IS NOT NULL"  # those of keys have no statement


def renaming(dialect: str, building: str, table: str, bare_name: str) -> str:
    """Return the statement that gives the table under construction its name; `building` and `table` are in full."""
    if dialect == "clickhouse":
        return f"RENAME TABLE {building} TO {table}"
    return f"ALTER TABLE {building} RENAME TO {table if dialect in NAMED_IN_FULL else bare_name}"


def creating_view(dialect: str, view: str, sql: str) -> str:
    """Return the statement that creates a view.

    Redshift drops no table that a view is bound to, and every table is dropped when it is built.
    """
    return f"CREATE VIEW {view} AS {sql}{' WITH NO SCHEMA BINDING' if dialect == 'redshift' else ''}"


class Swap:
    """Puts tables and views in their places, on one connection; `is_ours` tells whether a build has made a view."""

    def __init__(self, connection: Connection, names: FullNames, is_ours: Callable[[Location], bool]) -> None:
        self._connection = connection
        self._names = names
        self._is_ours = is_ours
        self._indexed: set[tuple[str, str]] = set()  # tables with an index that somebody has made
        self._privileges: dict[str, list[Grant]] = {}  # of views dropped for tables, and the reverse

    def note_indexes(self) -> None:
        """Note which DuckDB tables have an index."""
        if self._connection.dialect == "duckdb":
            found = self._connection.rows(INDEXES.format("schema_name, table_name"))
            self._indexed = {(str(dataset), str(name)) for dataset, name in found}

    def make_way(self, relation: Relation) -> None:
        """Drop a view where a table comes, or the reverse; on PostgreSQL its privileges come back with what follows.

        Raises InTheWay if views of others read it in PostgreSQL: they could not be kept, and are never dropped.
        """
        name, client = self._names.of(relation.name), self._connection.client
        if self._connection.dialect == POSTGRES:
            self._privileges[relation.name] = grants(client, name)
            if of_others := [location for location in readers(client, name) if not self._is_ours(location)]:
                kind = "table" if relation.is_view else "view"
                raise InTheWay(
                    f"the {relation} becomes a {kind}, and {', '.join(map('.'.join, of_others))} of others reads it. "
                    "Drop that, build, and make it again"
                )
            self._free(name)
        self._connection.execute(f"DROP {relation.kind.upper()} {name}")

    def whole_table(self, name: str, sql: str) -> None:
        """Replace the table in one step, if the warehouse can; readers see it whole or not at all."""
        with self._naming_kind("VIEW", name):
            self._connection.execute(f"CREATE OR REPLACE TABLE {self._names.of(name)} AS {sql}")

    @contextmanager
    def _naming_kind(self, other: str, name: str) -> Iterator[None]:
        """Raise InTheWay if the name belongs to the other kind, in a warehouse whose catalog is not read.

        Its owner is unknown there, so nothing is dropped.
        """
        try:
            yield
        except DatabaseException as error:
            if not _OTHER_KIND.search(str(error)):
                raise
            full, kind = self._names.of(name), "view" if other == "TABLE" else "table"
            fact = f"{full} is a {other.lower()}, and a {kind} from now on"
            message = f"{fact}. If a build has made it, run: DROP {other} {full}"
            raise InTheWay(message) from error

    def table(self, name: str) -> None:
        """Let the table under construction take the place of the one that readers see."""
        table, building = self._names.of(name), self._names.of(name, BUILDING)
        rename = renaming(self._connection.dialect, building, table, self._names.in_its_dataset(name))
        if self._connection.dialect == POSTGRES:
            client = self._connection.client
            renamed = [f"ALTER TABLE {building} SET LOGGED", rename]
            if is_there(client, table):
                self._free(table, lost_columns(client, table, building))
                statements = refilled(client, table, building)
            else:
                statements = renamed
            statements.append(f"ANALYZE {table}")
        else:
            # Indexes of others are dropped with the table, and made again.
            statements = [rename, *self._indexes(name)]
            with self._naming_kind("VIEW", name):
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in statements:
            self._connection.execute(statement)
        self._regrant(name)

    def view(self, name: str, sql: str) -> None:
        """Create or replace the view, unless it already has this query: then readers are not disturbed."""
        view = self._names.of(name)
        if self._connection.dialect == POSTGRES:
            self._view_of_postgres(view, self._names.of(name, BUILDING), self._names.in_its_dataset(name), sql)
            self._regrant(name)
        else:
            with self._naming_kind("TABLE", name):
                self._connection.execute(f"DROP VIEW IF EXISTS {view}")
            self._connection.execute(creating_view(self._connection.dialect, view, sql))

    def _view_of_postgres(self, view: str, building: str, name: str, sql: str) -> None:
        execute, client = self._connection.execute, self._connection.client
        execute(f"CREATE VIEW {building} AS {sql}")
        if not is_there(client, view):
            execute(f"ALTER VIEW {building} RENAME TO {name}")
        elif is_same_view(client, view, building):
            execute(f"DROP VIEW {building}")
        elif has_first_columns_of(client, view, building):
            execute(f"DROP VIEW {building}")
            execute(f"CREATE OR REPLACE VIEW {view} AS {sql}")
        else:
            before = grants(client, view)
            self._free(view)
            execute(f"DROP VIEW {view}")
            execute(f"ALTER VIEW {building} RENAME TO {name}")
            regranted(client, view, before)

    def _free(self, relation: str, columns: Collection[str] | None = None) -> None:
        """Make our own views stop reading the relation, or these columns of it, until they are rebuilt."""
        for dataset, name in readers(self._connection.client, relation, columns):
            if self._is_ours((dataset, name)):
                self._connection.execute(waiting(self._connection.client, self._names.of(name)))

    def _regrant(self, name: str) -> None:
        if (before := self._privileges.pop(name, None)) is not None:
            regranted(self._connection.client, self._names.of(name), before)

    @contextmanager
    def naming_indexes(self, name: str) -> Iterator[None]:
        """Name the index that rejects new rows, which DuckDB's message does not, and quote none of the rows."""
        try:
            yield
        except DatabaseException as error:
            is_refused = self._connection.dialect == "duckdb" and "constraint" in str(error).lower()
            if not is_refused or not (made := self._indexes(name)):
                raise
            relation = f"{self._names.datasets_of[name]}.{name}"
            message = f"an index that somebody has made on {relation} does not let its new rows in; drop it: {made[0]}"
            raise InTheWay(message) from error

    def _indexes(self, name: str) -> list[str]:
        """Return the statements that have made the indexes of a table; DuckDB drops them with it."""
        dataset = self._names.datasets_of[name]
        if (dataset, name) not in self._indexed:
            return []
        sql = f"{INDEXES.format('sql')} AND schema_name = %s AND table_name = %s"
        return [str(made) for (made,) in self._connection.rows(sql, dataset, name)]
