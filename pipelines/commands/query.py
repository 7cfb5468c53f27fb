"""Ad-hoc SQL on what is loaded."""

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Annotated, Any, Literal

import duckdb
import orjson
import typer
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from rich.table import Table

from pipelines.commands.options import Database, Dataset, Destination, Verbose, examples, new_app
from pipelines.console import console
from pipelines.destination.statements import check_one_question
from pipelines.destination.target import DEFAULT_DATABASE, DEFAULT_DATASET, Target, connect
from pipelines.stop import ExitCode, Stop
from sources.intercom.secrecy.safe_text import harmless, masked, safe_json
from transforms.runner.dialect import sql_dialect

Format = Literal["table", "csv", "json"]
Ask = Callable[[str], tuple[list[str], list[tuple[Any, ...]]]]  # SQL -> names of columns, rows

app = new_app()


@app.command(
    epilog=examples(
        '`intercom-elt query "FROM fct_conversations LIMIT 5"`',
        '`intercom-elt query "FROM contacts" --format csv > contacts.csv`',
    )
)
def command(
    sql: Annotated[str, typer.Argument(help="SQL; names are looked up in marts, staging and raw tables.")],
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    output: Annotated[Format, typer.Option("--format", help="table, csv or json (one object a line).")] = "table",
    verbose: Verbose = False,
) -> None:
    """Run SQL on the database and print the rows."""
    columns, rows = run_query(Target(destination, database, dataset), sql)
    print_rows(columns, rows, output)


def run_query(target: Target, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and rows of `sql`."""
    with asked(target) as ask:
        return ask(sql)


@contextmanager
def asked(target: Target) -> Iterator[Ask]:
    """Give a function that answers SQL, on one connection; a DuckDB file is opened read-only.

    Raises Stop for SQL that cannot be run.
    """
    try:
        with _asked_of_duckdb(target) if target.is_duckdb else _asked_of_warehouse(target) as ask:
            yield ask
    except (duckdb.Error, DatabaseException) as error:
        raise Stop(f"The query failed: {masked(str(error))}", ExitCode.WRONG_USE) from error


@contextmanager
def _asked_of_duckdb(target: Target) -> Iterator[Ask]:
    with connect(target.database, read_only=True) as connection:
        connection.execute(f"SET search_path = '{_search_path(connection, target)}'")

        def ask(sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
            if not connection.extract_statements(sql):
                raise Stop("There is no statement in the query.", ExitCode.WRONG_USE)
            cursor = connection.execute(sql)
            return [column[0] for column in cursor.description or []], cursor.fetchall()

        yield ask


@contextmanager
def _asked_of_warehouse(target: Target) -> Iterator[Ask]:
    with target.opened() as client, _reading_only(client, target):

        def ask(sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
            check_one_question(sql, sql_dialect(target.destination))
            with client.execute_query(sql) as result:
                if result.description is None:
                    raise Stop("The statement gives no rows. query only reads.", ExitCode.WRONG_USE)
                return [column[0] for column in result.description], result.fetchall()

        yield ask


@contextmanager
def _reading_only(client: SqlClientBase[Any], target: Target) -> Iterator[None]:
    """Let PostgreSQL itself refuse to write, and find names without a dataset."""
    if target.destination != "postgres":
        yield
        return
    datasets = target.datasets
    path = ", ".join(f'"{name}"' for name in (datasets.marts, datasets.staging, datasets.raw, "public"))
    client.execute_sql("SET default_transaction_read_only = on")
    client.execute_sql("SELECT set_config('search_path', %s, false)", path)
    with client.begin_transaction():
        yield


def _search_path(connection: duckdb.DuckDBPyConnection, target: Target) -> str:
    """Let names be written without a dataset: marts first, then what they are made of, then raw tables."""
    present = {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()}
    datasets = target.datasets
    return ",".join(name for name in (datasets.marts, datasets.staging, datasets.raw) if name in present) or "main"


def print_rows(columns: list[str], rows: Sequence[Sequence[Any]], output: Format) -> None:
    """Print rows to standard output: a table for people, CSV or JSON lines for programs."""
    if output == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        # A file gets every text as it is; a terminal none that could move it.
        shown = _harmless_row if sys.stdout.isatty() else list
        writer.writerow(shown(columns))
        writer.writerows(map(shown, rows))
    elif output == "json":
        keys = _distinct(columns)
        for row in rows:
            line = orjson.dumps(dict(zip(keys, row, strict=True)), default=str, option=orjson.OPT_NON_STR_KEYS)
            sys.stdout.write(safe_json(line.decode()) + "\n")
    else:
        console().print(rows_table(columns, rows))


def _harmless_row(row: Sequence[Any]) -> list[Any]:
    return [harmless(value) if isinstance(value, str) else value for value in row]


def _distinct(columns: list[str]) -> list[str]:
    """Return keys for an object: a name that was there before gets a number, as DuckDB itself writes it."""
    keys: list[str] = []
    for column in columns:
        further = (f"{column}_{number}" for number in count(1) if f"{column}_{number}" not in columns)
        keys.append(column if column not in keys else next(key for key in further if key not in keys))
    return keys


def rows_table(columns: list[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Return rows as a table for the terminal; numbers stand to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, name in enumerate(columns):
        is_number = any(isinstance(row[position], int | float) for row in rows)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else harmless(str(value)) for value in row))
    return table
