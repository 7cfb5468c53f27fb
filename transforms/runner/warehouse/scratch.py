"""Temporary tables of a build, with rows that several models read on any of its connections."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock

from dlt.destinations.exceptions import DatabaseException

from transforms.runner.dialects.dialect_names import POSTGRES
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.inventory.relations import Relation
from transforms.runner.warehouse.quoting import string_literal

SCRATCH = "__changed"  # a table of a build's own in PostgreSQL, named after the one whose rows it holds
COMMENT = "rows of a build that is going on"  # by which PostgreSQL's are told from tables of others
SAID = "SELECT obj_description(to_regclass(%s), 'pg_class')"
IN_MEMORY = "intercom_elt_changed"  # the name of a second database, attached to the DuckDB file's connection


class Scratch:
    """The scratch tables of one build, by the model whose rows they hold; `close` drops them.

    Temporary tables of a connection are seen by that connection alone. On PostgreSQL there are unlogged tables in the
    staging dataset instead, on a file of DuckDB tables in a database in memory.
    """

    def __init__(self, connection: Connection, names: FullNames) -> None:
        self._connection = connection
        self._names = names
        self._made: dict[str, str] = {}
        self._locks: dict[str, Lock] = defaultdict(Lock)
        self._lock = Lock()
        self._is_attached = False

    @property
    def is_possible(self) -> bool:
        """Return True if scratch tables can be made in this warehouse."""
        return self._connection.dialect in ("duckdb", POSTGRES)

    @property
    def is_shared(self) -> bool:
        """Return True if the build's other connections can see scratch tables that one connection makes."""
        return self._connection.dialect == POSTGRES or self._is_file

    def kept(self, name: str, found: str) -> str:
        """Return a scratch table of the query's rows, made once, so that PostgreSQL knows their number."""
        if not self.is_possible:
            return found
        with self._lock:
            lock = self._locks[name]
        with lock:
            return self._made.get(name) or self.make(name, f"SELECT * FROM {found} AS changed")  # noqa: S608 - our own tables

    def make(self, name: str, sql: str) -> str:
        """Make a scratch table of a query's rows, and return its name in SQL."""
        table = self._table(name)
        self._connection.together(self._names.datasets.staging, name + SCRATCH, *self._statements(table, sql))
        self._made[name] = table
        return table

    def drop_left_over(self, standing: Iterable[Relation]) -> None:
        """Drop scratch tables that killed builds have left in PostgreSQL."""
        if self._connection.dialect != POSTGRES:
            return
        for relation in standing:
            is_in_place = relation.dataset == self._names.datasets.staging and relation.is_commented
            table = self._names.in_staging(relation.name)
            if is_in_place and relation.name.endswith(SCRATCH) and self._connection.rows(SAID, table) == [(COMMENT,)]:
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")

    def close(self) -> None:
        """Drop all scratch tables."""
        with suppress(DatabaseException):  # of a connection that is lost: the next build does it
            for table in self._made.values():
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")
            if self._is_attached:
                self._connection.execute(f"DETACH {IN_MEMORY}")
        self._made.clear()

    @property
    def _is_file(self) -> bool:
        return self._connection.kind_of_duckdb == "duckdb"

    def _table(self, name: str) -> str:
        if self._connection.dialect == POSTGRES:
            return self._names.in_staging(name + SCRATCH)
        if not self._is_file:
            return f'temp.main."{name}"'
        with self._lock:
            if not self._is_attached:
                self._connection.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {IN_MEMORY}")
                self._is_attached = True
        return f'{IN_MEMORY}.main."{name}"'

    def _statements(self, table: str, sql: str) -> list[str]:
        if self._connection.dialect == POSTGRES:
            comment = f"COMMENT ON TABLE {table} IS {string_literal(COMMENT)}"
            return [f"CREATE UNLOGGED TABLE {table} AS {sql}", comment, f"ANALYZE {table}"]
        return [f"CREATE OR REPLACE {'' if self._is_file else 'TEMPORARY '}TABLE {table} AS {sql}"]
