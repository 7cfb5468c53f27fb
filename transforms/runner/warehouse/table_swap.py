"""Swaps a new table or view in for the one readers see: in a transaction, or in one step; on DuckDB, indexes stay."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property

from dlt.destinations.exceptions import DatabaseException

from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.inventory.relations import Location, Relation

BUILDING = "__building"  # a table under construction; readers look at the name without it
# They refuse to replace a table by a view. ClickHouse, which can replace views as well, would drop the table.
REPLACING_VIEWS = ("bigquery", "databricks", "snowflake", "spark")
OTHER_KIND = {"table": "view", "view": "table"}
# The messages of Snowflake, Databricks, BigQuery, ClickHouse and DuckDB that a name is a table's, or a view's.
OF_OTHER_KIND = re.compile(
    r"not a (table|view)|(is|currently) a (table|view)|(type|exists as) '?(table|view)|requires a view", re.IGNORECASE
)
INDEXES = "SELECT {} FROM duckdb_indexes() WHERE sql IS NOT NULL"  # those of keys have no statement


def create_view_sql(dialect: str, view: str, sql: str) -> str:
    """Return the statement that swaps a view in by creating it, or replacing it if that is safe.

    Redshift drops no table that a view is bound to, and every table is dropped when it is built.
    """
    create = "CREATE OR REPLACE VIEW" if dialect in REPLACING_VIEWS else "CREATE VIEW"
    return f"{create} {view} AS {sql}{' WITH NO SCHEMA BINDING' if dialect == 'redshift' else ''}"


class Swap:
    """Swaps tables and views into their places, on one connection, in any warehouse."""

    def __init__(self, connection: Connection, names: FullNames) -> None:
        self._connection = connection
        self._names = names

    def make_way(self, relation: Relation) -> None:
        """Drop a view before a table is swapped in, or the reverse."""
        self._connection.execute(f"DROP {relation.kind.upper()} {self._names.of(relation.name)}")

    def whole_table(self, name: str, sql: str) -> None:
        """Swap the table in one step, if the warehouse can; readers see it whole or not at all."""
        with self._naming_other_kind("table", name):
            self._connection.execute(f"CREATE OR REPLACE TABLE {self._names.of(name)} AS {sql}")

    def table(self, name: str) -> None:
        """Swap the table under construction in for the one that readers see."""
        if not self._connection.has_transactions:
            self.whole_table(name, f"SELECT * FROM {self._names.of(name, BUILDING)}")  # noqa: S608 - our own tables
            self._connection.execute(f"DROP TABLE {self._names.of(name, BUILDING)}")
            return
        with self._naming_other_kind("table", name):
            self._connection.execute(f"DROP TABLE IF EXISTS {self._names.of(name)}")
        self._connection.execute(self._rename_sql(name))

    def view(self, name: str, sql: str) -> None:
        """Swap a view in: create or replace it. On ClickHouse it is away for a moment."""
        view, dialect = self._names.of(name), self._connection.dialect
        create = create_view_sql(dialect, view, sql)
        # Only a statement without the view's own SQL: DuckDB says of a function that it is a table function.
        with self._naming_other_kind("view", name):
            self._connection.execute(create if dialect in REPLACING_VIEWS else f"DROP VIEW IF EXISTS {view}")
        if dialect not in REPLACING_VIEWS:
            self._connection.execute(create)

    def naming_obstacle(self, name: str) -> AbstractContextManager[None]:
        """Name what others have put on a table and what rejects a swap's new rows, if the database does not."""
        return nullcontext()

    def _rename_sql(self, name: str) -> str:
        return f"ALTER TABLE {self._names.of(name, BUILDING)} RENAME TO {self._names.in_its_dataset(name)}"

    @contextmanager
    def _naming_other_kind(self, kind: str, name: str) -> Iterator[None]:
        """Raise InTheWay if a name to swap is of the other kind, in a warehouse whose catalog is not read.

        Its owner is unknown there, so nothing is dropped.
        """
        try:
            yield
        except DatabaseException as error:
            if not OF_OTHER_KIND.search(str(error)):
                raise
            full, other = self._names.of(name), OTHER_KIND[kind]
            message = f"{full} is a {other}, and a {kind} from now on. If a build has made it, run: "
            raise InTheWay(f"{message}DROP {other.upper()} {full}") from error


class SwapInDuckDB(Swap):
    """Swaps, too, and keeps the indexes that somebody has made on a table: DuckDB drops them with it."""

    def table(self, name: str) -> None:
        """Swap the table under construction in for the one that readers see, with the same indexes."""
        indexes = self._indexes(name)
        super().table(name)
        for made in indexes:
            self._connection.execute(made)

    @contextmanager
    def naming_obstacle(self, name: str) -> Iterator[None]:
        """Name the index that rejects new rows, which DuckDB's message does not, and quote none of the rows."""
        try:
            yield
        except DatabaseException as error:
            if "constraint" not in str(error).lower() or not (made := self._indexes(name)):
                raise
            relation = f"{self._names.datasets_of[name]}.{name}"
            message = f"an index that somebody has made on {relation} does not let its new rows in; drop it: {made[0]}"
            raise InTheWay(message) from error

    @cached_property
    def _indexed(self) -> set[Location]:
        found = self._connection.rows(INDEXES.format("schema_name, table_name"))
        return {(str(dataset), str(name)) for dataset, name in found}

    def _indexes(self, name: str) -> list[str]:
        """Return the statements that have made the indexes of a table before its swap."""
        dataset = self._names.datasets_of[name]
        if (dataset, name) not in self._indexed:
            return []
        sql = f"{INDEXES.format('sql')} AND schema_name = %s AND table_name = %s"
        return [str(made) for (made,) in self._connection.rows(sql, dataset, name)]
