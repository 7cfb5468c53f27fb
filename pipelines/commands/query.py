"""Ad-hoc SQL on what is loaded."""

import csv
import sys
from collections.abc import Sequence
from itertools import count
from typing import Any, Literal

import duckdb
import orjson
from dlt.destinations.exceptions import DatabaseException
from rich.table import Table

from pipelines.console import console
from pipelines.destination.target import Target, connect
from pipelines.stop import ExitCode, Stop

Format = Literal["table", "csv", "json"]


def run_query(target: Target, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and rows of `sql`; a DuckDB file is opened read-only."""
    try:
        if target.is_duckdb:
            with connect(target.database, read_only=True) as connection:
                connection.execute(f"SET search_path = '{_search_path(connection, target)}'")
                if not connection.extract_statements(sql):
                    raise Stop("There is no statement in the query.", ExitCode.WRONG_USE)
                cursor = connection.execute(sql)
                return [column[0] for column in cursor.description or []], cursor.fetchall()
        with target.pipeline().sql_client() as client, client.execute_query(sql) as result:
            return [column[0] for column in result.description], result.fetchall()
    except (duckdb.Error, DatabaseException) as error:
        raise Stop(f"The query failed: {error}", ExitCode.WRONG_USE) from error


def _search_path(connection: duckdb.DuckDBPyConnection, target: Target) -> str:
    """Let names be written without a dataset: marts first, then what they are made of, then raw tables."""
    present = {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()}
    datasets = target.datasets
    return ",".join(name for name in (datasets.marts, datasets.staging, datasets.raw) if name in present) or "main"


def print_rows(columns: list[str], rows: Sequence[Sequence[Any]], output: Format) -> None:
    """Print rows to standard output: a table for people, CSV or JSON lines for programs."""
    if output == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    elif output == "json":
        keys = _distinct(columns)
        for row in rows:
            line = orjson.dumps(dict(zip(keys, row, strict=True)), default=str, option=orjson.OPT_NON_STR_KEYS)
            sys.stdout.write(line.decode() + "\n")
    else:
        console().print(rows_table(columns, rows))


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
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
