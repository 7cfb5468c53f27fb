"""The destination as a build sees it: names, views, tables and rows, through dlt's sql_client."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import astuple, dataclass
from functools import cached_property, partial
from typing import Any

import sqlglot
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from transforms.runner.dialect import sql_type, transpiled
from transforms.runner.keeping import filled, grants, has_first_columns_of, is_same_view, is_there, regranted
from transforms.runner.model import FIVETRAN, RAW, tables_read
from transforms.runner.patience import LONGEST_WAIT, PATIENCE_SECONDS, attempts, naming_holders
from transforms.runner.standing import (
    BUILT_MODELS,
    BUILT_MODELS_COLUMNS,
    CATALOGS,
    Built,
    InTheWay,
    Relation,
    check_ours,
    relations,
    remembered,
    rows_to_remember,
)

ROWS_PER_INSERT = 1000
COMMENTING_DIALECTS = ("duckdb", "postgres", "redshift", "snowflake")
POSTGRES = "postgres"  # has to be told more than others
BUILDING = "__building"  # a table under construction; readers look at the name without it

Row = Sequence[Any]
Comments = tuple[str, Mapping[str, str]]  # what is said of the whole, and of columns
NO_COMMENTS: Comments = ("", {})


@dataclass(frozen=True)
class Datasets:
    """Where things are: raw tables in `raw`, marts in `marts`, all that is between them in `staging`.

    `fivetran` holds the views in Fivetran's shape, when they are asked for.
    """

    raw: str = "intercom_raw"
    staging: str = "intercom_staging"
    marts: str = "intercom"
    fivetran: str = "intercom_fivetran"

    def of_kind(self, kind: str) -> str:
        """Return the dataset in which models of this kind are built."""
        return {"marts": self.marts, FIVETRAN: self.fivetran}.get(kind, self.staging)


class Warehouse:
    """An open sql_client with a dialect, and the datasets in which models find each other.

    `datasets_of` says in which dataset each model and seed is (name -> dataset).
    """

    def __init__(
        self, client: SqlClientBase[Any], dialect: str, datasets: Datasets, datasets_of: Mapping[str, str]
    ) -> None:
        self._client = client
        self.dialect = dialect
        self._datasets = datasets
        self._datasets_of = datasets_of
        self._catalog = self._ambiguous_catalog()
        self._standing: dict[tuple[str, str], Relation] = {}
        self._built: dict[str, Built] = {}
        self._is_more_built = False

    @cached_property
    def _is_lake(self) -> bool:
        """Tell whether DuckDB's SQL runs on a DuckLake rather than on a file of DuckDB."""
        if self.dialect != "duckdb":
            return False
        sql = "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
        return self._client.execute_sql(sql) == [("ducklake",)]

    @property
    def has_transactions(self) -> bool:
        """Several statements can be made visible together."""
        return self._client.capabilities.supports_ddl_transactions

    def create_datasets(self) -> None:
        """Create the datasets that something is built in, where they are missing."""
        for dataset in sorted({self._datasets.staging, self._datasets.marts, *self._datasets_of.values()}):
            with self._client.with_alternative_dataset_name(dataset):
                if not self._client.has_dataset():
                    self._client.create_dataset()

    def plan_well(self, raw_tables: Iterable[str]) -> None:
        """Let PostgreSQL look at the raw tables, as it does at each table that is built, and plan without nested loops.

        It knows nothing of a table that was just made until its own statistics run a minute later, and never when it is
        small: `build_clock` counts as two thousand rows then. And where several tables are cut down to the changed
        conversations, it expects a single row, and loops over it. Either way a join of a large workspace takes hours.
        """
        if self.dialect != POSTGRES:
            return
        self._set_up()
        for name in raw_tables:
            with suppress(DatabaseException):  # the model that reads it says so
                self._execute(f"ANALYZE {self._table(self._datasets.raw, name).sql(dialect=self.dialect)}")

    def look_around(self) -> None:
        """Take notice of what stands in the datasets, and of what earlier builds have made of it."""
        if self.dialect not in CATALOGS:
            return
        self._standing = relations(self._client.execute_sql(CATALOGS[self.dialect]) or [])
        self._datasets_of = {**self._datasets_of, BUILT_MODELS: self._datasets.staging}
        if self._relation(BUILT_MODELS) is not None:
            self._built = remembered(self.rows(exp.select(*BUILT_MODELS_COLUMNS).from_(BUILT_MODELS)))

    def remember(self) -> None:
        """Write down what was built, so that the next build knows it from what others have made."""
        if self.dialect in CATALOGS and self._is_more_built:
            self.load_table(BUILT_MODELS, BUILT_MODELS_COLUMNS, rows_to_remember(self._built))

    def rows(self, query: exp.Expr | str) -> list[Row]:
        """Return the rows of a query in DuckDB's SQL with bare names (`raw.contacts`, `fct_conversations`)."""
        try:
            return list(self._client.execute_sql(self.sql(query)) or [])
        except DatabaseException:
            self._set_up()
            raise

    def sql(self, query: exp.Expr | str) -> str:
        """Return the query in the destination's dialect, every stored table fully qualified."""
        tree = sqlglot.parse_one(query, read="duckdb") if isinstance(query, str) else query.copy()
        for table in tables_read(tree):
            dataset = self._datasets.raw if table.db == RAW else self._datasets_of[table.name]
            qualified = self._table(dataset, table.name)
            if alias := table.args.get("alias"):
                qualified.set("alias", alias)
            else:
                qualified.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.replace(qualified)
        return transpiled(tree, self.dialect, copy=False)

    def create_view(self, name: str, query: exp.Query, comments: Comments) -> None:
        """Put the view in the place of the one that had its name."""
        before = self._make_room(name, query.named_selects, is_view=True)
        view, sql, said = self._name(name), self.sql(query), self._comments(name, "VIEW", comments)
        if self.dialect == POSTGRES:
            self._together(name, *before, partial(self._keep_view, name, sql), *said)
        else:
            self._together(name, *before, f"DROP VIEW IF EXISTS {view}", f"CREATE VIEW {view} AS {sql}", *said)

    def create_table(self, name: str, query: exp.Query, comments: Comments = NO_COMMENTS) -> int:
        """Build the table beside the one that readers see, then put it in its place; return its number of rows."""
        before: list[str] = []
        if comments == NO_COMMENTS:  # what a build remembers for itself
            self._check_name(name, query.named_selects)
        else:
            before = self._make_room(name, query.named_selects)
        if self.has_transactions:
            building = f"CREATE TABLE {self._name(name, BUILDING)} AS {self.sql(query)}"
            said = self._comments(name, "TABLE", comments)
            self._together(name, *before, building, partial(self._put_in_place, name), *said)
        else:
            # Such warehouses replace a table in one step, which readers see whole or not at all.
            self._client.execute_sql(f"CREATE OR REPLACE TABLE {self._name(name)} AS {self.sql(query)}")
        return self.count_rows(name)

    def update_table(self, name: str, key: str, keys: str, query: exp.Query) -> int:
        """Replace the table's rows with a key that is in the table of `keys` by the query's rows, in one transaction.

        Return the table's number of rows.
        """
        table = self._name(name)
        gone = self.sql(exp.select(key).from_(keys))
        columns = ", ".join(exp.to_identifier(column).sql(dialect=self.dialect) for column in query.named_selects)
        self._together(
            name,
            f"DELETE FROM {table} WHERE {key} IN ({gone})",  # noqa: S608 - our own tables
            f"INSERT INTO {table} ({columns}) {self.sql(query)}",
        )
        return self.count_rows(name)

    def load_table(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> int:
        """Replace the table by these rows (column name -> type in DuckDB's words); return their number."""
        building = self._name(name, BUILDING)
        self._check_name(name, columns)
        self._together(
            name,
            f"DROP TABLE IF EXISTS {building}",
            f"CREATE TABLE {building} ({self._column_list(columns)})",
            *self._inserts(building, columns, rows),
            partial(self._put_in_place, name),
        )
        return len(rows)

    def ensure_table(self, name: str, columns: Mapping[str, str]) -> None:
        """Create the table without rows when it is not there."""
        self._client.execute_sql(f"CREATE TABLE IF NOT EXISTS {self._name(name)} ({self._column_list(columns)})")

    def append(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
        """Add rows to the table, which is created when it is not there."""
        self.ensure_table(name, columns)
        self._together(name, *self._inserts(self._name(name), columns, rows))

    def count_rows(self, name: str) -> int:
        """Return the number of rows of a model or seed."""
        return int(self.rows(exp.select("count(*)").from_(exp.to_table(name)))[0][0])

    def count_rows_of(self, query: exp.Query) -> int:
        """Return the number of rows that a query gives."""
        return int(self.rows(exp.select("count(*)").from_(query.subquery("counted")))[0][0])

    def _make_room(self, name: str, columns: Sequence[str], *, is_view: bool = False) -> list[str]:
        """Return what has to go before a model is built, or raise InTheWay for what others have made."""
        relation = self._relation(name)
        built, self._built[name] = self._built.get(name), Built(is_view, frozenset(columns))
        self._is_more_built = self._is_more_built or built != self._built[name]
        if relation is None:
            return []
        check_ours(relation, built, is_view=is_view, columns=columns)
        return [] if relation.is_view == is_view else [f"DROP {relation.kind.upper()} {self._name(name)}"]

    def _check_name(self, name: str, columns: Iterable[str]) -> None:
        """Raise InTheWay if somebody has made something else under the name of a table of our own."""
        relation = self._relation(name)
        if relation is not None and (relation.is_view or not {*columns} & {*relation.columns}):
            check_ours(relation, Built(not relation.is_view, frozenset()), is_view=False, columns=[])

    def _relation(self, name: str) -> Relation | None:
        return self._standing.get((self._datasets_of[name], name))

    def _put_in_place(self, name: str) -> None:
        """Let the table under construction take the place of the one that readers see; what others put on it stays."""
        table, building = self._name(name), self._name(name, BUILDING)
        rename = f"ALTER TABLE {building} RENAME TO {self._client.make_qualified_table_name_path(name)[-1]}"
        if self.dialect == POSTGRES:
            statements = filled(self._client, table, building) if is_there(self._client, table) else [rename]
            statements.append(f"ANALYZE {table}")
        else:
            # What others have put on the table goes with it, and comes back.
            statements = [f"DROP TABLE IF EXISTS {table}", rename, *self._indexes(name)]
        for statement in statements:
            self._execute(statement)

    def _indexes(self, name: str) -> list[str]:
        """Return the statements that have made the indexes of a table; DuckDB drops them with it."""
        if self.dialect != "duckdb":
            return []
        sql = "SELECT sql FROM duckdb_indexes() WHERE schema_name = %s AND table_name = %s AND sql IS NOT NULL"
        return [str(made) for (made,) in self._client.execute_sql(sql, self._datasets_of[name], name) or ()]

    def _keep_view(self, name: str, sql: str) -> None:
        """Make the view what its query says, and leave alone what is that already: no reader is in its way then."""
        view, building = self._name(name), self._name(name, BUILDING)
        short = self._client.make_qualified_table_name_path(name)[-1]
        self._execute(f"CREATE VIEW {building} AS {sql}")
        if not is_there(self._client, view):
            self._execute(f"ALTER VIEW {building} RENAME TO {short}")
        elif is_same_view(self._client, view, building):
            self._execute(f"DROP VIEW {building}")
        elif has_first_columns_of(self._client, view, building):
            self._execute(f"DROP VIEW {building}")
            self._execute(f"CREATE OR REPLACE VIEW {view} AS {sql}")
        else:
            before = grants(self._client, view)
            self._execute(f"DROP VIEW {view}")
            self._execute(f"ALTER VIEW {building} RENAME TO {short}")
            regranted(self._client, view, before)

    def _comments(self, name: str, what: str, comments: Comments) -> list[str]:
        sentence, meanings = comments
        if self.dialect not in COMMENTING_DIALECTS or not sentence:
            return []
        if what == "VIEW" and self._is_lake:
            meanings = {}  # DuckLake keeps comments on views, but none on their columns
        table = self._name(name)
        return [f"COMMENT ON {what} {table} IS {self._literal(sentence)}"] + [
            f"COMMENT ON COLUMN {table}.{column} IS {self._literal(text)}" for column, text in meanings.items()
        ]

    def _together(self, name: str, *steps: str | Callable[[], None]) -> None:
        """Take the steps for a model or seed; where the warehouse can, readers see the work of all of them or of none.

        On PostgreSQL a lock that is not to be had within a moment is asked for again, some time later.
        """
        for attempt in attempts(PATIENCE_SECONDS) if self.dialect == POSTGRES else (nullcontext(),):
            transaction = self._client.begin_transaction() if self.has_transactions else nullcontext()
            with (
                attempt,
                naming_holders(self._client, self._datasets_of[name], name),
                self._naming_indexes(name),
                transaction,
            ):
                for step in steps:
                    if callable(step):
                        step()
                    else:
                        self._execute(step)

    @contextmanager
    def _naming_indexes(self, name: str) -> Iterator[None]:
        """Say whose the index is that does not let rows in, which DuckDB does not; and not what the rows are."""
        try:
            yield
        except DatabaseException as error:
            if self.dialect != "duckdb" or "constraint" not in str(error).lower() or not (made := self._indexes(name)):
                raise
            relation = f"{self._datasets_of[name]}.{name}"
            message = f"an index that somebody has made on {relation} does not let its new rows in; drop it: {made[0]}"
            raise InTheWay(message) from error

    def _execute(self, statement: str) -> None:
        try:
            self._client.execute_sql(statement)
        except DatabaseException:
            self._set_up()  # dlt resets the connection of PostgreSQL after an error
            raise

    def _set_up(self) -> None:
        if self.dialect == POSTGRES:
            self._client.execute_sql(f"SET enable_nestloop = off; SET lock_timeout = '{LONGEST_WAIT}'")

    def _inserts(self, table: str, columns: Mapping[str, str], rows: Sequence[Row]) -> Iterator[str]:
        for values in _batches(rows):
            literals = ", ".join("(" + ", ".join(self._literal(value) for value in row) + ")" for row in values)
            yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES {literals}"  # noqa: S608 - escaped literals of our own tables

    def _literal(self, value: object) -> str:
        if type(value) is int:  # most values of seeds are; a truth value is not of this type
            return str(value)
        return exp.convert(value).sql(dialect=self.dialect)

    def _column_list(self, columns: Mapping[str, str]) -> str:
        return ", ".join(f"{name} {sql_type(kind, self.dialect)}" for name, kind in columns.items())

    def _name(self, name: str, suffix: str = "") -> str:
        return self._table(self._datasets_of[name], name + suffix).sql(dialect=self.dialect)

    def _table(self, dataset: str, name: str) -> exp.Table:
        path = self._client.make_qualified_table_name_path(name, quote=False, dataset_name=dataset)
        parts = [exp.to_identifier(part, quoted=True) for part in [*self._catalog, *path]]
        return exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))

    def _ambiguous_catalog(self) -> list[str]:
        """Return the DuckDB catalog, when a dataset has the same name.

        DuckDB calls the catalog after the file, and in `intercom.duckdb` the name `intercom.x` could mean either.
        Otherwise it is left out, so that views still work when the file gets another name.
        """
        if self.dialect != "duckdb":
            return []
        catalog = str((self._client.execute_sql("SELECT current_database()") or [[""]])[0][0])
        datasets = astuple(self._datasets)
        return [catalog] if catalog in datasets else []


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), ROWS_PER_INSERT):
        yield rows[start : start + ROWS_PER_INSERT]
