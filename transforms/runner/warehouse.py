"""The destination as a build sees it: names, views, tables and rows, through dlt's sql_client."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import astuple, dataclass
from typing import Any

import sqlglot
from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from transforms.runner.dialect import sql_type, transpiled
from transforms.runner.model import FIVETRAN, RAW, tables_read

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

    `datasets_of` says in which dataset each model and seed stands (name -> dataset).
    """

    def __init__(
        self, client: SqlClientBase[Any], dialect: str, datasets: Datasets, datasets_of: Mapping[str, str]
    ) -> None:
        self._client = client
        self.dialect = dialect
        self._datasets = datasets
        self._datasets_of = datasets_of
        self._catalog = self._ambiguous_catalog()

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
        self._client.execute_sql("SET enable_nestloop = off")
        for name in raw_tables:
            with suppress(DatabaseUndefinedRelation):  # the model that reads it says so
                self._client.execute_sql(f"ANALYZE {self._table(self._datasets.raw, name).sql(dialect=self.dialect)}")

    def rows(self, query: exp.Expr | str) -> list[Row]:
        """Return the rows of a query in DuckDB's SQL with bare names (`raw.contacts`, `fct_conversations`)."""
        return list(self._client.execute_sql(self.sql(query)) or [])

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
        view = self._name(name)
        # Dropped rather than replaced: PostgreSQL refuses to replace a view by one with other columns.
        created = [f"DROP VIEW IF EXISTS {view}", f"CREATE VIEW {view} AS {self.sql(query)}"]
        if self._must_stay(name, query.named_selects):
            created = [f"CREATE OR REPLACE VIEW {view} AS {self.sql(query)}"]
        self._together(*created, *self._comments(name, "VIEW", comments))

    def create_table(self, name: str, query: exp.Query, comments: Comments = NO_COMMENTS) -> int:
        """Build the table beside the one that readers see, then swap the two; return its number of rows."""
        if self.has_transactions:
            building = f"CREATE TABLE {self._name(name, BUILDING)} AS {self.sql(query)}"
            self._together(building, *self._swap(name, query.named_selects), *self._comments(name, "TABLE", comments))
        else:
            # Such warehouses replace a table in one step, which readers see whole or not at all.
            self._client.execute_sql(f"CREATE OR REPLACE TABLE {self._name(name)} AS {self.sql(query)}")
        return self.count_rows(name)

    def update_table(self, name: str, key: str, keys: str, query: exp.Expr) -> int:
        """Replace the table's rows with a key that is in the table of `keys` by the query's rows, in one transaction.

        Return the table's number of rows.
        """
        table = self._name(name)
        gone = self.sql(exp.select(key).from_(keys))
        self._together(f"DELETE FROM {table} WHERE {key} IN ({gone})", f"INSERT INTO {table} {self.sql(query)}")  # noqa: S608 - our own tables
        return self.count_rows(name)

    def load_table(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> int:
        """Replace the table by these rows (column name -> type in DuckDB's words); return their number."""
        building = self._name(name, BUILDING)
        self._together(
            f"DROP TABLE IF EXISTS {building}",
            f"CREATE TABLE {building} ({self._column_list(columns)})",
            *self._inserts(building, columns, rows),
            *self._swap(name, list(columns)),
        )
        return len(rows)

    def ensure_table(self, name: str, columns: Mapping[str, str]) -> None:
        """Create the table without rows when it is not there."""
        self._client.execute_sql(f"CREATE TABLE IF NOT EXISTS {self._name(name)} ({self._column_list(columns)})")

    def append(self, name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
        """Add rows to the table, which is created when it is not there."""
        self.ensure_table(name, columns)
        self._together(*self._inserts(self._name(name), columns, rows))

    def count_rows(self, name: str) -> int:
        """Return the number of rows of a model or seed."""
        return int(self.rows(exp.select("count(*)").from_(exp.to_table(name)))[0][0])

    def count_rows_of(self, query: exp.Query) -> int:
        """Return the number of rows that a query gives."""
        return int(self.rows(exp.select("count(*)").from_(query.subquery("counted")))[0][0])

    def _swap(self, name: str, columns: Sequence[str]) -> list[str]:
        """Return the statements that put the table under construction, with these columns, in its place."""
        table, building = self._name(name), self._name(name, BUILDING)
        short = self._client.make_qualified_table_name_path(name)[-1]
        swap = [f"DROP TABLE IF EXISTS {table}", f"ALTER TABLE {building} RENAME TO {short}"]
        if self._must_stay(name, columns):
            swap = [f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM {building}", f"DROP TABLE {building}"]  # noqa: S608 - our own tables
        return [*swap, f"ANALYZE {table}"] if self.dialect == POSTGRES else swap

    def _must_stay(self, name: str, columns: Sequence[str]) -> bool:
        """Say whether views that somebody has made read a table or view which has these columns already.

        PostgreSQL drops nothing that is read. Where columns have changed, its error names what is in the way.
        """
        if self.dialect != POSTGRES:
            return False
        relation = f"to_regclass({self._literal(self._name(name))})"
        read_columns = (
            f"SELECT attname FROM pg_attribute WHERE attrelid = {relation} AND attnum > 0 AND NOT attisdropped "  # noqa: S608 - our own tables
            "AND EXISTS (SELECT 1 FROM pg_depend INNER JOIN pg_rewrite ON pg_depend.objid = pg_rewrite.oid "
            f"WHERE pg_depend.refobjid = {relation} AND pg_rewrite.ev_class <> {relation}) ORDER BY attnum"
        )
        return [column for (column,) in self._client.execute_sql(read_columns) or []] == list(columns)

    def _comments(self, name: str, what: str, comments: Comments) -> list[str]:
        sentence, meanings = comments
        if self.dialect not in COMMENTING_DIALECTS or not sentence:
            return []
        table = self._name(name)
        return [f"COMMENT ON {what} {table} IS {self._literal(sentence)}"] + [
            f"COMMENT ON COLUMN {table}.{column} IS {self._literal(text)}" for column, text in meanings.items()
        ]

    def _together(self, *statements: str) -> None:
        """Run the statements; where the warehouse can, readers see the work of all of them or of none."""
        with self._client.begin_transaction() if self.has_transactions else nullcontext():
            for statement in statements:
                self._client.execute_sql(statement)

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
