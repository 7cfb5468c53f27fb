"""The marts as one HTML page, to read and to share."""

from datetime import UTC, date, datetime, timedelta
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
from pipelines.console import console
from pipelines.default_target import default_target
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.report.report_file import write_report
from pipelines.stop import Stop

app = new_app()

EARLIEST_TIME_ZONE = timedelta(hours=14)  # ahead of UTC: where a day begins first


@app.command(epilog=examples("`intercom-elt report --database support.duckdb --output support.html`"))
def command(
    destination: Destination = "duckdb",
    database: PresentDatabase = None,
    dataset: Dataset = DEFAULT_DATASET,
    output: Annotated[Path, typer.Option(help="The HTML file to write.", dir_okay=False)] = Path("report.html"),
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="First day of the page. Default: the Monday of 12 weeks ago."),
    ] = None,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Write one HTML page with the marts as charts; it opens without a network."""
    first_day = _day(since)
    target = default_target(destination, database, dataset, Display(log_format))
    console(is_unfailing=True).print(write_report(target, output, first_day), soft_wrap=True)


def _day(since: str | None) -> date | None:
    if since is None:
        return None
    try:
        first_day = date.fromisoformat(since)
    except ValueError as error:
        raise Stop(f"--since is {since!r}; write a date such as 2026-01-31.", ExitCode.WRONG_USE) from error
    if first_day > (datetime.now(UTC) + EARLIEST_TIME_ZONE).date():
        raise Stop(f"--since is {since!r}, which is in the future; the page would be empty.", ExitCode.WRONG_USE)
    return first_day
