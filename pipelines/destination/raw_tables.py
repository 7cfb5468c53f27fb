"""The raw tables as they are in the destination: which there are, and statements on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dlt
import sqlglot
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from pipelines.destination.target import Target
from pipelines.destination.transaction import together
from transforms.runner.dialect import sql_dialect

WITHOUT_ROWS_OF_INTERCOM = "_dlt"  # dlt's own tables begin so


class RawTables:
    """Statements in DuckDB's SQL with bare names of raw tables, run in the destination's dialect."""

    def __init__(self, client: SqlClientBase[Any], pipeline: dlt.Pipeline, target: Target) -> None:
        self._client = client
        self._dialect = sql_dialect(target.destination)
        tables = pipeline.default_schema.tables if pipeline.schemas else {}
        self._columns = {
            name: {
                column: str(hint["data_type"])
                for column, hint in table.get("columns", {}).items()
                if "data_type" in hint and not column.startswith("_")
            }
            for name, table in tables.items()
            if not name.startswith(WITHOUT_ROWS_OF_INTERCOM)
        }

    @property
    def names(self) -> list[str]:
        """The raw tables that exist."""
        return list(self._columns)

    def columns(self, table: str) -> dict[str, str]:
        """Return dlt's data type of each column, of none where the table does not exist."""
        return self._columns.get(table, {})

    def has(self, table: str, *columns: str) -> bool:
        """Tell whether the table exists and has these columns."""
        return table in self._columns and all(column in self._columns[table] for column in columns)

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Return the rows of a query; `%s` stands for each of `values`."""
        return list(self._client.execute_sql(self._sql(sql), *values) or [])

    def count(self, table: str, condition: str) -> int:
        """Return how many rows of a table meet a condition."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0])  # noqa: S608 - our own names

    def execute(self, sql: str, *values: Any) -> None:
        """Run a statement."""
        self._client.execute_sql(self._sql(sql), *values)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Run the statements of the block as one, where the destination can."""
        with together(self._client):
            yield

    def _sql(self, sql: str) -> str:
        # sqlglot knows no %s, and takes a name in the place of each.
        tree = sqlglot.parse_one(sql.replace("%s", "parameter__"), read="duckdb")
        aliases = {table.alias for table in tree.find_all(exp.Table, exp.Values) if table.alias}
        for table in list(tree.find_all(exp.Table)):
            if table.name not in aliases and not table.db:
                qualified = exp.to_table(".".join(f'"{part}"' for part in self._path(table.name)), dialect="duckdb")
                if table.args.get("alias"):
                    qualified.set("alias", table.args["alias"])
                table.replace(qualified)
        return tree.sql(dialect=self._dialect).replace("parameter__", "%s")

    def _path(self, table: str) -> list[str]:
        return self._client.make_qualified_table_name_path(table, quote=False)


def literal(text: str) -> str:
    """Return a text as it is written in a statement."""
    return exp.Literal.string(text).sql(dialect="duckdb")


def quoted(column: str) -> str:
    """Return a column's name as it is written in a statement."""
    return exp.to_identifier(column, quoted=True).sql(dialect="duckdb")
