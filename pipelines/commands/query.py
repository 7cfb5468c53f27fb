"""Ad-hoc SQL on what is loaded."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]
import typer
from typer.core import TyperCommand

from pipelines.commands.options import (
    Dataset,
    Destination,
    LogFormatOption,
    PresentDatabase,
    Verbose,
    examples,
    new_app,
)
from pipelines.default_target import default_target
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.output_file import check_output, is_written_through, replacing
from pipelines.query.formats import Format, chosen_format, write_rows
from pipelines.query.opening import as_arrow, opened_read_only
from pipelines.query.prompt import converse
from pipelines.query.reader import held_by_python
from pipelines.standard_streams import ended_by_a_closed_pipe
from pipelines.stop import Stop

ROWS_AT_ONCE = 10_000
BEGINS_WITH_COMMENT = re.compile(r"--(\s|.*\n)")
app = new_app()


class SqlCommand(TyperCommand):
    """A command whose argument may begin with a comment of SQL, which looks like an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command's arguments; what only SQL can be goes to the end, where no option is looked for."""
        commented = [] if "--" in args else list(filter(BEGINS_WITH_COMMENT.match, args))
        options = [word for word in args if word not in commented]
        return super().parse_args(ctx, [*options, "--", *commented] if commented else args)


@app.command(
    cls=SqlCommand,
    epilog=examples(
        '`intercom-elt query "FROM fct_conversations LIMIT 5"`',
        '`intercom-elt query "FROM contacts" --format csv > contacts.csv`',
        '`intercom-elt query "FROM conversations" --output conversations.parquet`',
        "`intercom-elt query`  a prompt with history",
    ),
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
    if file is not None:
        check_output(file)
    if sql is None:
        _check_prompt(file)
    display = Display(log_format)
    target = default_target(destination, database, dataset, display)
    if sql is None:
        converse(lambda query: _answer(target, query, written, display))
    elif file is not None and written == "parquet":
        with held_by_python():
            rows = as_arrow(target, sql)
            with replacing(file) as place, place.open("ab") as stream:
                pq.write_table(rows, stream)
    else:
        # Into a file nobody else reads: only a database can close a connection then, which must not end the process.
        is_read_by_others = file is None or is_written_through(file)
        with ended_by_a_closed_pipe() if is_read_by_others else nullcontext():
            _answer(target, sql, written, display, file)


def _check_prompt(file: Path | None) -> None:
    """Raise Stop if `query` has no terminal for its prompt, or if one file was given for the rows of all queries."""
    example = 'Write it after the command: intercom-elt query "FROM fct_conversations LIMIT 5"'
    if file is not None:
        raise Stop(f"--output needs SQL. {example}", ExitCode.WRONG_USE)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Stop(f"There is no SQL, and no terminal to ask for it. {example}", ExitCode.WRONG_USE)


def _answer(target: Target, sql: str, written: Format, display: Display, file: Path | None = None) -> None:
    """Write the rows that answer the query `sql` to the file, or to standard output, as they come."""
    with opened_read_only(target) as reader, reader.cursor(sql, "json" if written == "json" else "text") as cursor:
        columns = [column[0] for column in cursor.description or []]
        if file is None:
            count_shown = write_rows(columns, _rows(cursor), written)
        else:
            # What stdout leads to (/dev/stdout) may hold something.
            with replacing(file) as place, place.open("a", encoding="utf-8") as stream:
                count_shown = write_rows(columns, _rows(cursor), written, stream)
    if count_shown is not None:
        advice = "All of them: --format csv, json or markdown, or --output FILE.parquet"
        display.say(WARNING, message=f"These are the first {count_shown:,} rows. {advice}")


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := _next_rows(cursor):
        yield from rows


def _next_rows(cursor: Any) -> Sequence[tuple[Any, ...]]:
    with held_by_python():
        rows: Sequence[tuple[Any, ...]] = cursor.fetchmany(ROWS_AT_ONCE)
    return rows
