"""The destination as a build sees it: names, views, tables and rows, through dlt's sql_client."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache, partial
from types import MappingProxyType
from typing import Any

import sqlglot
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from transforms.runner.dialect import sql_type
from transforms.runner.keeping import grants, has_first_columns_of, is_same_view, is_there, refilled, regranted
from transforms.runner.model import FIVETRAN, Model, raw_tables
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
from transforms.runner.text import filled, model_text, text_of

ROWS_PER_INSERT = 1000
TEMPORARY = {"duckdb": "temp.main", "postgres": "pg_temp"}  # the schema of temporary tables
COMMENTING_DIALECTS = ("duckdb", "postgres", "redshift", "snowflake")
POSTGRES = "postgres"  # has to be told more than others
KNOWN_TABLES = """
    SELECT relname FROM pg_stat_user_tables
    WHERE schemaname = %s AND coalesce(last_analyze, last_autoanalyze) IS NOT NULL AND n_mod_since_analyze = 0
"""  # PostgreSQL has looked at them since they changed
# PostgreSQL's 4 MB let it sort and hash on disk. Who has set more keeps it.
ENOUGH_MEMORY = """
    SELECT set_config('work_mem', '64MB', false)
    WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
"""
BUILDING = "__building"  # a table under construction; readers look at the name without it

Row = Sequence[Any]
NO_RELATIONS: Mapping[str, str] = MappingProxyType({})


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
        self._changed_rows: dict[str, str] = {}  # name -> the temporary table of its changed rows
        self._full_names: dict[tuple[str, str], str] = {}
        self._indexed: set[tuple[str, str]] = set()  # tables with an index that somebody has made

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

    def plan_well(self, models: Iterable[Model]) -> None:
        """Let PostgreSQL look at the raw tables, as it does at each table that is built, and plan without nested loops.

        It knows nothing of a table that was just made until its own statistics run a minute later, and never when it is
        small: `build_clock` counts as two thousand rows then. And where several tables are cut down to the changed
        conversations, it expects a single row, and loops over it. Either way a join of a large workspace takes hours.
        """
        if self.dialect != POSTGRES:
            return
        self._set_up()
        known = {str(name) for (name,) in self._client.execute_sql(KNOWN_TABLES, self._datasets.raw) or ()}
        for name in raw_tables(models):
            if name in known:
                continue
            with suppress(DatabaseException):  # the model that reads it says so
                self._execute(f"ANALYZE {self._table(self._datasets.raw, name).sql(dialect=self.dialect)}")

    def look_around(self) -> None:
        """Take notice of what stands in the datasets, and of what earlier builds have made of it."""
        if self.dialect not in CATALOGS:
            return
        self._standing = relations(self._client.execute_sql(CATALOGS[self.dialect]) or [])
        if self.dialect == "duckdb":
            found = self._client.execute_sql(
                "SELECT schema_name, table_name FROM duckdb_indexes() WHERE sql IS NOT NULL"
            )
            self._indexed = {(str(dataset), str(name)) for dataset, name in found or ()}
        self._datasets_of = {**self._datasets_of, BUILT_MODELS: self._datasets.staging}
        if self._relation(BUILT_MODELS) is not None:
            self._built = remembered(self.rows(exp.select(*BUILT_MODELS_COLUMNS).from_(BUILT_MODELS)))

    def remember(self) -> None:
        """Write down what was built, so that the next build knows it from what others have made."""
        if self.dialect in CATALOGS and self._is_more_built:
            self.load_table(BUILT_MODELS, BUILT_MODELS_COLUMNS, rows_to_remember(self._built))

    def rows(self, query: exp.Expr | str) -> list[Row]:
        """Return the rows of a query in DuckDB's SQL with bare names (`raw.contacts`, `fct_conversations`)."""
        return self._fetched(self.sql(query))

    def _fetched(self, sql: str) -> list[Row]:
        try:
            return list(self._client.execute_sql(sql) or [])
        except DatabaseException:
            self._set_up()
            raise

    def sql(self, query: exp.Expr | str) -> str:
        """Return the query in the destination's dialect, every stored table fully qualified."""
        tree = sqlglot.parse_one(query, read="duckdb") if isinstance(query, str) else query
        return filled(text_of(tree, self.dialect), self._relation_of)

    def model_sql(self, model: Model, relations: Mapping[str, str] = NO_RELATIONS) -> str:
        """Return the model's SQL (of a check: that counts its rows); it reads `relations` instead of those tables."""
        return filled(model_text(model, self.dialect), lambda name: relations.get(name) or self._relation_of(name))

    def create_view(self, model: Model) -> None:
        """Put the view in the place of the one that had its name."""
        name, sql = model.name, self.model_sql(model)
        before = self._make_room(name, model.query.named_selects, is_view=True)
        view, said = self._name(name), self._comments(model, "VIEW")
        if self.dialect == POSTGRES:
            self._together(name, *before, partial(self._keep_view, name, sql), *said)
        else:
            self._together(name, *before, f"DROP VIEW IF EXISTS {view}", f"CREATE VIEW {view} AS {sql}", *said)

    def create_table(self, model: Model) -> int:
        """Build the table beside the one that readers see, then put it in its place; return its number of rows."""
        before = self._make_room(model.name, model.query.named_selects)
        return self._replace_table(model.name, self.model_sql(model), before, self._comments(model, "TABLE"))

    def create_own_table(self, name: str, columns: Iterable[str], sql: str) -> int:
        """Do the same with what a build remembers for itself."""
        self._check_name(name, columns)
        return self._replace_table(name, sql, [], [])

    def _replace_table(self, name: str, sql: str, before: Sequence[str], comments: Sequence[str]) -> int:
        if self.has_transactions:
            # what is only copied from, a crash of PostgreSQL may take
            kind = "UNLOGGED TABLE" if self.dialect == POSTGRES and self._relation(name) else "TABLE"
            building = f"CREATE {kind} {self._name(name, BUILDING)} AS {sql}"
            self._together(name, *before, building, partial(self._put_in_place, name), *comments)
        else:
            # Such warehouses replace a table in one step, which readers see whole or not at all.
            self._client.execute_sql(f"CREATE OR REPLACE TABLE {self._name(name)} AS {sql}")
        return self.count_rows(name)

    def update_table(self, model: Model, relations: Mapping[str, str], keys: str, key_in_keys: str) -> int:
        """Replace the table's rows whose key is in the table of `keys` by what the model gives now, in one transaction.

        The model reads `relations`, which give it these rows alone. Return the table's number of rows.
        """
        table, sql = self._name(model.name), self.model_sql(model, relations)
        columns = ", ".join(exp.to_identifier(name).sql(dialect=self.dialect) for name in model.query.named_selects)
        rows = self._temporary(model.name)
        made = [f"CREATE TEMPORARY TABLE {rows} AS {sql}", *self._analyzed(rows)] if rows else []
        self._together(
            model.name,
            *made,
            f"DELETE FROM {table} WHERE {model.key} IN (SELECT {key_in_keys} FROM {self._name(keys)})",  # noqa: S608 - our own tables
            f"INSERT INTO {table} ({columns}) " + (f"SELECT {columns} FROM {rows}" if rows else sql),  # noqa: S608
        )
        if rows:
            self._changed_rows[model.name] = rows
        return self.count_rows(model.name)

    def changed_rows(self, name: str, key: str, keys: str) -> str:
        """Return, as something to select from, the rows of a table or view whose key is in the table of `keys`."""
        if name not in self._changed_rows:
            found, rows = self.only_of(name, key, keys, key), self._temporary(name)
            if not rows:
                return found
            self.create_temporary(name, f"SELECT * FROM {found} AS changed")  # noqa: S608 - our own tables
            self._changed_rows[name] = rows
        return self._changed_rows[name]

    def create_temporary(self, name: str, sql: str) -> str:
        """Create a table that is gone with the connection, and return its name in SQL."""
        rows = self._temporary(name)
        self._together(name, f"CREATE TEMPORARY TABLE {rows} AS {sql}", *self._analyzed(rows))
        return rows

    def only_of(self, name: str, key: str, keys: str, key_in_keys: str) -> str:
        """Return a subquery of the table's rows whose key is in the table of `keys`."""
        return f"(SELECT * FROM {self._name(name)} WHERE {key} IN (SELECT {key_in_keys} FROM {self._name(keys)}))"  # noqa: S608 - our own tables

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

    def has_columns(self, name: str, columns: Iterable[str]) -> bool:
        """Tell whether the table was there before the build, with these columns."""
        relation = self._relation(name)
        return relation is not None and {*columns} <= {*relation.columns}

    def ensure_table(self, name: str, columns: Mapping[str, str]) -> None:
        """Create the table without rows when it is not there."""
        self._client.execute_sql(f"CREATE TABLE IF NOT EXISTS {self._name(name)} ({self._column_list(columns)})")

    def append(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
        """Add rows to the table, which is created when it is not there."""
        self.ensure_table(name, columns)
        self._together(name, *self._inserts(self._name(name), columns, rows))

    def count_rows(self, name: str) -> int:
        """Return the number of rows of a model or seed."""
        return int(self._fetched(f"SELECT COUNT(*) FROM {self._name(name)}")[0][0])  # noqa: S608 - our own tables

    def count_rows_of(self, check: Model, relations: Mapping[str, str] = NO_RELATIONS) -> int:
        """Return the number of rows that a check finds."""
        return int(self._fetched(self.model_sql(check, relations))[0][0])

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
            renamed = [f"ALTER TABLE {building} SET LOGGED", rename]
            statements = refilled(self._client, table, building) if is_there(self._client, table) else renamed
            statements.append(f"ANALYZE {table}")
        else:
            # What others have put on the table goes with it, and comes back.
            statements = [f"DROP TABLE IF EXISTS {table}", rename, *self._indexes(name)]
        for statement in statements:
            self._execute(statement)

    def _indexes(self, name: str) -> list[str]:
        """Return the statements that have made the indexes of a table; DuckDB drops them with it."""
        if (self._datasets_of[name], name) not in self._indexed:
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

    def _comments(self, model: Model, what: str) -> list[str]:
        if self.dialect not in COMMENTING_DIALECTS:
            return []
        meanings = model.meanings
        if what == "VIEW" and self._is_lake:
            meanings = {}  # DuckLake keeps comments on views, but none on their columns
        table = self._name(model.name)
        said = [f"COMMENT ON {what} {table} IS {self._literal(model.headline)}"] + [
            f"COMMENT ON COLUMN {table}.{column} IS {self._literal(text)}" for column, text in meanings.items()
        ]
        return ["; ".join(said)] if self.dialect in TEMPORARY else said  # one statement after the other takes its time

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
            settings = {"enable_nestloop": "off", "jit": "off", "lock_timeout": f"'{LONGEST_WAIT}'"}
            self._client.execute_sql("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
            self._client.execute_sql(ENOUGH_MEMORY)

    def _inserts(self, table: str, columns: Mapping[str, str], rows: Sequence[Row]) -> Iterator[str]:
        for values in _batches(rows):
            literals = ", ".join("(" + ", ".join(self._literal(value) for value in row) + ")" for row in values)
            yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES {literals}"  # noqa: S608 - escaped literals of our own tables

    def _literal(self, value: object) -> str:
        if type(value) is int:  # most values of seeds are; a truth value is not of this type
            return str(value)
        return _literal(value, self.dialect)

    def _column_list(self, columns: Mapping[str, str]) -> str:
        return ", ".join(f"{name} {sql_type(kind, self.dialect)}" for name, kind in columns.items())

    def _name(self, name: str, suffix: str = "") -> str:
        return self._full_name(self._datasets_of[name], name + suffix)

    def _full_name(self, dataset: str, name: str) -> str:
        if (dataset, name) not in self._full_names:
            self._full_names[dataset, name] = self._table(dataset, name).sql(dialect=self.dialect)
        return self._full_names[dataset, name]

    def _relation_of(self, name: str) -> str:
        """Return the full name of a place in the text of a query."""
        dataset, _, raw_name = name.rpartition(".")
        return self._full_name(self._datasets.raw, raw_name) if dataset else self._name(name)

    def _temporary(self, name: str) -> str:
        """Return the name of the temporary table with rows of this one; '' where temporary tables are not made."""
        schema = TEMPORARY.get(self.dialect)
        return f'{schema}."{name}__changed"' if schema else ""

    def _analyzed(self, table: str) -> list[str]:
        return [f"ANALYZE {table}"] if self.dialect == POSTGRES else []

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


@lru_cache(maxsize=10_000, typed=True)  # the same days and sentences come again
def _literal(value: object, dialect: str) -> str:
    return exp.convert(value).sql(dialect=dialect)


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), ROWS_PER_INSERT):
        yield rows[start : start + ROWS_PER_INSERT]
