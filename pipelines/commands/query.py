"""Ad-hoc SQL on what is loaded."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import astuple
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import typer
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.closed_pipe import ended_by_a_closed_pipe
from pipelines.commands.options import (
    Dataset,
    Destination,
    LogFormatOption,
    PresentDatabase,
    Verbose,
    examples,
    new_app,
)
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.default_target import default_target
from pipelines.destination.failures.failure import unavailable
from pipelines.destination.target import Target, connect
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.query.allowed_statements import check_one_question, check_reads_only
from pipelines.query.formats import Format, chosen_format, distinct, write_rows
from pipelines.query.nearest_names import nearest, unknown_name
from pipelines.query.prompt import converse
from pipelines.stop import ExitCode, Stop
from sources.intercom.secrecy.safe_text import masked
from transforms.runner.dialect import sql_dialect

Ask = Callable[[str], tuple[list[str], list[tuple[Any, ...]]]]  # SQL -> names of columns, rows
Open = Callable[[str], AbstractContextManager[Any]]  # SQL -> cursor with the answer

ROWS_AT_ONCE = 10_000

app = new_app()


@app.command(
    epilog=examples(
        '`intercom-elt query "FROM fct_conversations LIMIT 5"`',
        '`intercom-elt query "FROM contacts" --format csv > contacts.csv`',
        '`intercom-elt query "FROM conversations" --output conversations.parquet`',
        "`intercom-elt query`  a prompt with history",
    )
)
def command(
    sql: Annotated[
        str | None,
        typer.Argument(help="SQL; names are looked up in marts, staging and raw tables. None: a prompt."),
    ] = None,
    destination: Destination = "duckdb",
    database: PresentDatabase = None,
    dataset: Dataset = DEFAULT_DATASET,
    output: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="Default: by the ending of --output, or table. vertical is one column a line, json one object a line.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--output", help="Write the rows to this file; parquet needs one.", dir_okay=False)
    ] = None,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Run SQL on the database and print the rows."""
    written = chosen_format(output, file)
    if written == "parquet" and file is None:
        raise Stop("parquet is not text; name a file to write: --output FILE.", ExitCode.WRONG_USE)
    if file is not None and not file.parent.is_dir():
        raise Stop(f"The folder {file.parent} does not exist; create it first.", ExitCode.WRONG_USE)
    if sql is None:
        _check_prompt(file)
    display = Display(log_format)
    target = default_target(destination, database, dataset, display)
    if sql is None:
        converse(lambda query: _answer(target, query, written, display))
    elif written == "parquet":
        pq.write_table(_as_arrow(target, sql), file)
    else:
        with ended_by_a_closed_pipe():
            _answer(target, sql, written, display, file)


def _check_prompt(file: Path | None) -> None:
    """Raise Stop where nobody could type SQL, or where its rows would have one file for all."""
    example = 'Write it after the command: intercom-elt query "FROM fct_conversations LIMIT 5"'
    if file is not None:
        raise Stop(f"--output needs SQL. {example}", ExitCode.WRONG_USE)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Stop(f"There is no SQL, and no terminal to ask for it. {example}", ExitCode.WRONG_USE)


def _answer(target: Target, sql: str, written: Format, display: Display, file: Path | None = None) -> None:
    """Write what `sql` answers to the file, or to standard output, as the rows come."""
    with _opened(target) as open_cursor, open_cursor(sql) as cursor:
        columns = [column[0] for column in cursor.description or []]
        with nullcontext() if file is None else file.open("w", encoding="utf-8") as stream:
            count_shown = write_rows(columns, _rows(cursor), written, stream)
    if count_shown is not None:
        advice = "All of them: --format csv, json or markdown, or --output FILE.parquet"
        display.say(WARNING, message=f"These are the first {count_shown:,} rows. {advice}")


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


def run_query(target: Target, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and rows of `sql`."""
    with asked(target) as ask:
        return ask(sql)


def _as_arrow(target: Target, sql: str) -> pa.Table:
    """Return what `sql` answers with the types of the database; a name that was there before gets a number."""
    with _opened(target) as open_cursor, open_cursor(sql) as cursor:
        answer: pa.Table = cursor.to_arrow_table() if target.is_duckdb else cursor.arrow()
    return answer.rename_columns(distinct(answer.column_names))


@contextmanager
def asked(target: Target) -> Iterator[Ask]:
    """Give a function that answers SQL, on one connection; a DuckDB file is opened read-only.

    Raises Stop for SQL that cannot be run.
    """
    with _opened(target) as open_cursor:

        def ask(sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
            with open_cursor(sql) as cursor:
                return [column[0] for column in cursor.description or []], cursor.fetchall()

        yield ask


@contextmanager
def _opened(target: Target) -> Iterator[Open]:
    try:
        with _client(target) as open_cursor:
            yield open_cursor
    except (duckdb.Error, DatabaseException) as error:
        if found := unavailable(error):
            raise Stop(f"{found[1]}.", found[0]) from error
        raise Stop(f"The query failed: {masked(_explained(str(error), target))}", ExitCode.WRONG_USE) from error


def _explained(message: str, target: Target) -> str:
    """Return what the database says, and the names of it that are nearest to one that it does not know."""
    unknown = unknown_name(message)
    if unknown is None:
        return message
    kind, name = unknown
    datasets = ", ".join(f"'{dataset}'" for dataset in astuple(target.datasets))
    sql = f"SELECT DISTINCT {kind}_name FROM information_schema.columns WHERE table_schema IN ({datasets})"  # noqa: S608 - our own names
    try:
        with _client(target) as open_cursor, open_cursor(sql) as cursor:
            known = [str(row[0]) for row in cursor.fetchall()]
    except (duckdb.Error, DatabaseException):  # not every warehouse has this list in one place
        return message
    names = nearest(name, sorted(known))
    return f"{message}\nNearest to {kind} {name}: {', '.join(names)}" if names else message


def _client(target: Target) -> AbstractContextManager[Open]:
    return _asked_of_duckdb(target) if target.is_duckdb else _asked_of_warehouse(target)


@contextmanager
def _asked_of_duckdb(target: Target) -> Iterator[Open]:
    with connect(target.database, read_only=True) as connection:
        connection.execute(f"SET search_path = '{_search_path(connection, target)}'")

        @contextmanager
        def open_cursor(sql: str) -> Iterator[Any]:
            check_reads_only(connection, sql)
            yield connection.execute(sql)

        yield open_cursor


@contextmanager
def _asked_of_warehouse(target: Target) -> Iterator[Open]:
    with target.opened() as client, _reading_only(client, target):

        @contextmanager
        def open_cursor(sql: str) -> Iterator[Any]:
            check_one_question(sql, sql_dialect(target.destination))
            with client.execute_query(sql) as result:
                if result.description is None:
                    raise Stop("The statement gives no rows. query only reads.", ExitCode.WRONG_USE)
                yield result

        yield open_cursor


@contextmanager
def _reading_only(client: SqlClientBase[Any], target: Target) -> Iterator[None]:
    """Let PostgreSQL itself refuse to write, answer all questions of one moment, and find names without a dataset."""
    if target.destination != "postgres":
        yield
        return
    datasets = target.datasets
    path = ", ".join(f'"{name}"' for name in (datasets.marts, datasets.staging, datasets.raw, "public"))
    client.execute_sql("SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read'")
    client.execute_sql("SELECT set_config('search_path', %s, false)", path)
    with client.begin_transaction():
        yield


def _search_path(connection: duckdb.DuckDBPyConnection, target: Target) -> str:
    """Let names be written without a dataset: marts first, then what they are made of, then raw tables."""
    present = {name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()}
    datasets = target.datasets
    return ",".join(name for name in (datasets.marts, datasets.staging, datasets.raw) if name in present) or "main"
