"""A build's way to the destination: makes views, tables, their changed rows and comments, and reads rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from types import MappingProxyType
from typing import Any

import sqlglot
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from transforms.runner.dialects.dialect_names import POSTGRES
from transforms.runner.dialects.sql_text import filled, model_text, text_of
from transforms.runner.model_graph.model import Model
from transforms.runner.warehouse.changed_rows import ChangedRows, Changes
from transforms.runner.warehouse.comments import comment_sql
from transforms.runner.warehouse.compaction import postpone_compaction
from transforms.runner.warehouse.connection import Connection, Statement
from transforms.runner.warehouse.datasets import Datasets, FullNames
from transforms.runner.warehouse.inventory.built_models import BUILT_MODELS, BUILT_MODELS_COLUMNS
from transforms.runner.warehouse.inventory.inventory import Inventory
from transforms.runner.warehouse.postgres.lock_waiting import PATIENCE_SECONDS, Blocked
from transforms.runner.warehouse.postgres.raw_statistics import analyze_raw_tables, has_large_tables
from transforms.runner.warehouse.postgres.swap import SwapInPostgres
from transforms.runner.warehouse.scratch import Scratch
from transforms.runner.warehouse.table_swap import BUILDING, Swap, SwapInDuckDB
from transforms.runner.warehouse.values import Row, column_list, inserts

Statements = Sequence[Statement]
OTHERS_WRITE = "other write transactions active"  # in the words of DuckDB
NO_REPLACEMENTS: Mapping[str, str] = MappingProxyType({})


class Warehouse:
    """A build's warehouse: an open sql_client with a dialect, and the datasets in which models find each other.

    `datasets_of` says in which dataset each model and seed is (name -> dataset); raw tables can be read without it.
    """

    def __init__(
        self,
        client: SqlClientBase[Any],
        dialect: str,
        datasets: Datasets,
        datasets_of: Mapping[str, str] = MappingProxyType({}),
        lock_patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.dialect = dialect
        self._client = client
        self._connection = Connection(client, dialect, lock_patience_seconds)
        self._names = FullNames(client, dialect, datasets, datasets_of)
        self._inventory = Inventory(self._connection, self._names)
        self._swap = self._new_swap()
        self._scratch = Scratch(self._connection, self._names)
        self._changed_rows = ChangedRows(self._names, self._scratch)
        self._updated: dict[str, int] = {}  # table -> its number of rows
        self._is_a_check_blocked = False

    def _new_swap(self) -> Swap:
        if self.dialect == POSTGRES:
            return SwapInPostgres(self._connection, self._names, self._inventory.is_view_of_ours)
        return (SwapInDuckDB if self.dialect == "duckdb" else Swap)(self._connection, self._names)

    @property
    def connection(self) -> Connection:
        """The warehouse's connection, for callers that bring their own client."""
        return self._connection

    @property
    def scratch(self) -> Scratch:
        """The tables that a build makes for itself in the warehouse and drops again."""
        return self._scratch

    @property
    def changed_rows(self) -> ChangedRows:
        """The warehouse's rows that may have changed since the last build."""
        return self._changed_rows

    @property
    def is_side_by_side(self) -> bool:
        """True if several connections can build in the warehouse at once, and see each other's scratch tables."""
        return self._scratch.is_shared

    @property
    def has_large_tables(self) -> bool:
        """True if PostgreSQL has so many raw rows that it is worth more statements to use a second core."""
        return has_large_tables(self._connection, self._names)

    @property
    def has_transactions(self) -> bool:
        """True if the warehouse can make several statements visible together."""
        return self._connection.has_transactions

    @property
    def has_memory(self) -> bool:
        """True if a later build can know what this one has made in the warehouse, and rebuild a part of it."""
        return self.has_transactions and self._inventory.has_catalog

    @property
    def inventory(self) -> Inventory:
        """What stood in the warehouse before the build, as far as its catalog is read."""
        return self._inventory

    def begin(self, datasets_of: Mapping[str, str], models: Iterable[Model]) -> None:
        """Make the warehouse ready for a build of these models; call this before anything else of a build.

        `datasets_of` says in which dataset each model, seed and table of the build itself is (name -> dataset).
        """
        self._names.datasets_of = datasets_of
        self._create_datasets()
        self._inventory.take()
        self._scratch.drop_left_over(self._inventory)
        analyze_raw_tables(self._connection, self._names, models)

    def _create_datasets(self) -> None:
        """Create the warehouse's datasets that something is built in and that are missing."""
        datasets = self._names.datasets
        for dataset in sorted({datasets.staging, datasets.marts, *self._names.datasets_of.values()}):
            with self._client.with_alternative_dataset_name(dataset):
                if not self._client.has_dataset():
                    self._client.create_dataset()

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Record in the warehouse what the block built: the next build tells it from what others have made.

        What was built before an interruption is recorded, too.
        """
        try:
            yield
        except BaseException:
            with suppress(DatabaseException):  # of a connection that is lost
                self._remember()
            raise
        self._remember()

    def _remember(self) -> None:
        if rows := self._inventory.news():
            self.load_table(BUILT_MODELS, BUILT_MODELS_COLUMNS, rows)

    def postpone_compaction(self) -> None:
        """Let a DuckDB warehouse reclaim the room of deleted rows only once in many builds."""
        if self._updated:
            largest = max(self._updated, key=lambda name: self._updated[name])
            postpone_compaction(self._connection, self._names.of(largest), self._updated[largest])

    def checkpoint(self) -> None:
        """Let DuckDB write the warehouse's file now: closing does that on one core, and everybody waits.

        It is left to that where something else is being written right now.
        """
        if self._connection.kind_of_duckdb != "duckdb":
            return
        try:
            self._connection.execute("CHECKPOINT")
        except DatabaseException as error:
            if OTHERS_WRITE not in str(error):  # a full disk, for instance
                raise

    def rows(self, query: exp.Expr | str) -> list[Row]:
        """Ask the warehouse for rows, in DuckDB's SQL with bare names (`raw.contacts`, `fct_conversations`)."""
        return self._connection.patient_rows(self.sql(query))

    def sql(self, query: exp.Expr | str) -> str:
        """Return the query in the warehouse's dialect, every stored table fully qualified."""
        tree = sqlglot.parse_one(query, read="duckdb") if isinstance(query, str) else query
        return filled(text_of(tree, self.dialect), self._names.of_slot)

    def model_sql(self, model: Model, replacements: Mapping[str, str] = NO_REPLACEMENTS) -> str:
        """Return a model's SQL for the warehouse (a check's counts its rows), reading `replacements` for tables."""
        return filled(model_text(model, self.dialect), lambda name: replacements.get(name) or self._names.of_slot(name))

    def create_view(self, model: Model) -> None:
        """Create the view of a model in the warehouse, replacing what had its name."""
        name, sql = model.name, self.model_sql(model)
        before = self._make_room(name, model.columns, is_view=True)
        after = self._after(model, is_view=True)
        self._together(name, *before, partial(self._swap.view, name, sql), *after)
        self._inventory.add(model, is_view=True)

    def create_table(self, model: Model, sql: str = "", rest: Callable[[], str] | None = None) -> int:
        """Build the warehouse's table next to the one readers see, then swap it in; return its number of rows.

        Where `sql` gives only a part of its rows, `rest` returns a table of the others.
        """
        before = self._make_room(model.name, model.columns)
        after = self._after(model, is_view=False)
        more = [] if rest is None else [partial(self._add_rest, model.name, rest)]
        count = self._replace_table(model.name, sql or self.model_sql(model), before, after, more)
        self._inventory.add(model, is_view=False)
        return count

    def create_own_table(self, name: str, columns: Iterable[str], sql: str) -> int:
        """Replace a table in which a build remembers something for the next one; return its number of rows."""
        self._inventory.check_own_table(name, columns)
        return self._replace_table(name, sql, [], [])

    def _replace_table(self, name: str, sql: str, before: Statements, after: Statements, rest: Statements = ()) -> int:
        if self.has_transactions:
            # PostgreSQL may lose in a crash what is only copied from
            kind = "UNLOGGED TABLE" if self.dialect == POSTGRES and self._inventory.relation(name) else "TABLE"
            building = f"CREATE {kind} {self._names.of(name, BUILDING)} AS {sql}"
            self._together(name, *before, building, *rest, partial(self._swap.table, name), *after)
        else:
            # Such warehouses replace a table in one step, which readers see whole or not at all.
            self._swap.whole_table(name, sql)
            self._connection.run(*after)
        return self.count_rows(name)

    def _after(self, model: Model, *, is_view: bool) -> Statements:
        """Return the statements after a swap: a build may be killed before it has recorded all that it built."""
        return [partial(self._comment, model), partial(self._note, model, is_view=is_view)]

    def _comment(self, model: Model) -> None:
        self._connection.run(*comment_sql(self._connection, self._names, model))

    def _note(self, model: Model, *, is_view: bool) -> None:
        self._connection.run(*self._inventory.note_sql(model, is_view=is_view))

    def _add_rest(self, name: str, rest: Callable[[], str]) -> None:
        self._connection.execute(f"INSERT INTO {self._names.of(name, BUILDING)} SELECT * FROM {rest()}")  # noqa: S608

    def half_sql(self, model: Model, key: str, tables: Iterable[str], half: int) -> str:
        """Return the SQL in PostgreSQL of half of a model's rows, by their key: the half 0 or 1.

        Of these tables and views it reads that half. What else the model reads is whole and may give rows of the other.
        """
        condition = f"coalesce(hashtext(CAST({key} AS text)), 0) {('<', '>=')[half]} 0"
        halves = {name: f"(SELECT * FROM {self._names.of(name)} WHERE {condition})" for name in tables}  # noqa: S608 - our own tables
        return f"SELECT * FROM ({self.model_sql(model, halves)}) AS found WHERE {condition}"  # noqa: S608

    def update_table(self, model: Model, replacements: Mapping[str, str], changes: Changes) -> int:
        """Replace a warehouse table's rows whose key is among the changes by new ones, in one transaction.

        The model reads `replacements`, which cut down what they can: raw tables, among others, they cannot. Return the
        table's number of rows. Raises InTheWay for what others have made of the table.
        """
        self._inventory.in_the_way(model.name, model.columns, is_view=False)
        return self.update_own_table(model, replacements, changes)

    def update_own_table(self, model: Model, replacements: Mapping[str, str], changes: Changes) -> int:
        """Replace the changed rows of a table in which a build remembers something; return its number of rows."""
        sql = self.model_sql(model, replacements)
        self._together(model.name, *self._changed_rows.replace(model, sql, changes))
        self._updated[model.name] = self.count_rows(model.name)
        return self._updated[model.name]

    def load_table(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> int:
        """Replace a warehouse table by these rows (column name -> type in DuckDB's words); return their number."""
        building = self._names.of(name, BUILDING)
        self._inventory.check_own_table(name, columns)
        self._together(
            name,
            f"DROP TABLE IF EXISTS {building}",
            f"CREATE TABLE {building} ({column_list(columns, self.dialect)})",
            *inserts(building, columns, rows, self.dialect),
            partial(self._swap.table, name),
        )
        return len(rows)

    def holds(self, name: str, columns: Iterable[str], rows: Sequence[Row]) -> bool:
        """Return True if the table held exactly these rows before the build: comparing is cheaper than writing."""
        relation = self._inventory.relation(name)
        if relation is None or relation.is_view or relation.columns != list(columns):
            return False
        found = self.rows(exp.select(*columns).from_(name))
        return Counter(map(tuple, found)) == Counter(map(tuple, rows))

    def has_columns(self, name: str, columns: Iterable[str]) -> bool:
        """Return True if the warehouse had the table before the build, with these columns."""
        relation = self._inventory.relation(name)
        return relation is not None and {*columns} <= {*relation.columns}

    def ensure_table(self, name: str, columns: Mapping[str, str]) -> None:
        """Create a table without rows in the warehouse if it is missing."""
        self._connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self._names.of(name)} ({column_list(columns, self.dialect)})"
        )

    def append(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
        """Add rows to a table of the warehouse."""
        self._together(name, *inserts(self._names.of(name), columns, rows, self.dialect))

    def delete(self, name: str, condition: str) -> None:
        """Delete rows, by a condition in the warehouse's dialect, of a table of the build itself."""
        self._together(name, f"DELETE FROM {self._names.of(name)} WHERE {condition}")  # noqa: S608 - our own tables

    def count_rows(self, name: str) -> int:
        """Return the number of rows that a model or seed has in the warehouse."""
        return int(self._connection.patient_rows(f"SELECT COUNT(*) FROM {self._names.of(name)}", name)[0][0])  # noqa: S608 - our own tables

    def counts(self, names: Iterable[str]) -> dict[str, int]:
        """Return the number of rows of each of these tables, by one question to the warehouse."""
        each = [f"SELECT '{name}', COUNT(*) FROM {self._names.of(name)}" for name in names]  # noqa: S608 - our own tables
        found = self._connection.patient_rows(" UNION ALL ".join(each)) if each else []
        return {str(name): int(count) for name, count in found}

    def rows_of(self, model: Model, replacements: Mapping[str, str], where: str = "") -> list[Row]:
        """Ask the warehouse for the rows of a query that is made of a check's: those of the clause `where`.

        Once one was blocked on PostgreSQL, no other waits as long: most checks read the same few tables.
        """
        sql = f"{self.model_sql(model, replacements)} {where}"
        try:
            return self._connection.patient_rows(sql, model.name, is_patient=not self._is_a_check_blocked)
        except Blocked:
            self._is_a_check_blocked = True
            raise

    def count_rows_of(self, check: Model, replacements: Mapping[str, str], where: str = "") -> int:
        """Ask the warehouse how many rows a check finds: those of the clause `where`, if one is given."""
        return int(self.rows_of(check, replacements, where)[0][0])

    def _make_room(self, name: str, columns: Sequence[str], *, is_view: bool = False) -> list[Statement]:
        """Return the statements to run before a model is built, or raise InTheWay for what others have made."""
        relation = self._inventory.in_the_way(name, columns, is_view=is_view)
        return [] if relation is None else [partial(self._swap.make_way, relation)]

    def _together(self, name: str, *statements: Statement) -> None:
        with self._swap.naming_obstacle(name):
            self._connection.together(self._names.datasets_of[name], name, *statements)
