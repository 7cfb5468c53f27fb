"""Rows in the formats of `query`: for a terminal, or for programs, which get every text as it is."""

import csv
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, Literal, TextIO

from rich.console import Console

from pipelines.console import WIDTH_OF_FILES, console
from pipelines.exit_code import ExitCode
from pipelines.query.json_output import in_json
from pipelines.query.layout import shown, upright
from pipelines.stop import Stop
from sources.intercom.secrecy.safe_text import harmless, safe_json

Format = Literal["table", "vertical", "csv", "json", "markdown", "parquet"]
BY_ENDING: dict[str, Format] = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".md": "markdown",
    ".ndjson": "json",
    ".parquet": "parquet",
}

VALUES_SHOWN = 20_000  # about a second of work
FEWEST_SHOWN, MOST_UPRIGHT = 100, 1_000  # rows


def chosen_format(named: Format | None, file: Path | None) -> Format:
    """Return the format of a query's rows that was asked for: by name, or by the ending of the file.

    Raises Stop for an unknown ending: a table, which is cut for people, would look like all rows.
    """
    if named is not None or file is None:
        return named or "table"
    if (found := BY_ENDING.get(file.suffix.lower())) is None:
        message = f"{file}: its ending names no format; add --format csv, json, markdown, parquet, vertical or table."
        raise Stop(message, ExitCode.WRONG_USE)
    return found


def write_rows(
    columns: list[str], rows: Iterable[Sequence[Any]], output: Format, stream: TextIO | None = None
) -> int | None:
    """Write a query's rows in a format of text to `stream`, by default standard output.

    Formats for programs, and markdown, are written as the rows come, and have all of them. Tables for people are cut
    after so many values; returns the number of rows shown then, or None if all are.
    """
    to = sys.stdout if stream is None else stream
    if stream is None and isinstance(to, TextIOWrapper) and not to.isatty():
        to.reconfigure(encoding="utf-8")  # as files have it, whatever the terminal's language is
    if output == "csv":
        _write_csv(columns, rows, to)
    elif output == "json":
        keys = distinct(columns)
        for row in rows:
            to.write(safe_json(in_json(dict(zip(keys, row, strict=True)))) + "\n")
    elif output == "markdown":
        for cells in chain((columns, ["---"] * len(columns)), rows):
            to.write("| " + " | ".join(map(_in_markdown, cells)) + " |\n")
    else:
        terminal = console() if stream is None else Console(file=stream, width=WIDTH_OF_FILES, highlight=False)
        return _show(columns, rows, terminal, is_upright=output == "vertical")
    return None


def _show(columns: list[str], rows: Iterable[Sequence[Any]], terminal: Console, *, is_upright: bool) -> int | None:
    """Show rows in a format for people, as many as they may look through; return their number if there are more."""
    most = max(FEWEST_SHOWN, VALUES_SHOWN // max(len(columns), 1))
    most = min(most, MOST_UPRIGHT) if is_upright else most
    first = list(islice(rows, most + 1))
    is_cut = len(first) > most
    first = first[:most]
    terminal.print(upright(columns, first) if is_upright else shown(columns, first, terminal.width))
    return most if is_cut else None


def _write_csv(columns: list[str], rows: Iterable[Sequence[Any]], to: TextIO) -> None:
    writer = csv.writer(to, lineterminator="\n")
    # A file gets every text as it is; a terminal gets no control characters.
    made = _harmless_row if to.isatty() else list
    writer.writerow(made(columns))
    writer.writerows(map(made, rows))


def _harmless_row(row: Sequence[Any]) -> list[Any]:
    return [harmless(value) if isinstance(value, str) else value for value in row]


def _in_markdown(value: Any) -> str:
    text = "" if value is None else harmless(str(value))
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")


def distinct(columns: list[str]) -> list[str]:
    """Return keys for objects in a format: a repeated name gets a number, as in DuckDB's own output."""
    keys: list[str] = []
    for column in columns:
        further = (f"{column}_{number}" for number in count(1) if f"{column}_{number}" not in [*columns, *keys])
        keys.append(column if column not in keys else next(further))
    return keys
