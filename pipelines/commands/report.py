"""The marts as one HTML page to look at and to pass on."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import (
    Dataset,
    Destination,
    LogFormatOption,
    PresentDatabase,
    Verbose,
    examples,
    new_app,
)
from pipelines.commands.query import asked
from pipelines.console import console
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.default_target import default_target
from pipelines.destination.failures.failure import is_of_place
from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.report.asked_questions import answers, last_audit
from pipelines.report.html import page
from pipelines.stop import ExitCode, Stop

app = new_app()


@app.command(epilog=examples("`intercom-elt report --database support.duckdb --output support.html`"))
def command(
    destination: Destination = "duckdb",
    database: PresentDatabase = None,
    dataset: Dataset = DEFAULT_DATASET,
    output: Annotated[Path, typer.Option(help="The HTML file to write.", dir_okay=False)] = Path("report.html"),
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day of the page. Default: the Monday of 12 weeks ago."),
    ] = None,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Write one HTML page with the marts as charts; it opens without a network."""
    target = default_target(destination, database, dataset, Display(log_format))
    console(is_unfailing=True).print(write_report(target, output, since.date() if since else None), soft_wrap=True)


def write_report(target: Target, file: Path, since: date | None = None) -> str:
    """Write the page of what `target` holds, and return a line that says so.

    `since` None: 12 whole weeks and the current one.
    """
    with asked(target) as ask:
        moment, found = answers(ask, target, since)
        found["audit"] = last_audit(ask, target)
    size = write_privately(file, page(moment, found))
    return f"{file} ({size / 1e6:.1f} MB) shows {target}; open it in any browser."


def write_privately(file: Path, text: str) -> int:
    """Write the text where only its owner can read it, whole or not at all; return its bytes."""
    partial = file.with_name(f"{file.name}.{os.getpid()}.writing")
    content = text.encode("utf-8", "replace")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123 - a descriptor
            opened.write(content)
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if not is_of_place(error):  # a full disk, for instance
            error.filename = str(file)
            raise
        raise Stop(f"{file} cannot be written: {error.strerror}.", ExitCode.WRONG_USE) from error
    return len(content)
