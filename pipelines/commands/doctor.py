"""Check everything that a complete load needs."""

from typing import Annotated

import typer

from pipelines.commands.options import Database, Dataset, Destination, LogFormatOption, Verbose, examples, new_app
from pipelines.console import console
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.doctor.checks import diagnosed
from pipelines.doctor.results import log_results, print_permissions, print_results
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from sources.intercom.configuration import IntercomConfiguration

app = new_app()


@app.command(epilog=examples("`intercom-elt doctor`", "`intercom-elt doctor --permissions`  boxes to tick"))
def command(
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    permissions: Annotated[
        bool, typer.Option("--permissions", help="Only show which boxes to tick in Intercom; needs no token.")
    ] = False,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Check token, permissions, rate limit and destination; say what to do about each failure."""
    if permissions:
        print_permissions(console())
        raise typer.Exit(ExitCode.DONE)
    results = diagnosed(
        lambda: IntercomConfiguration.resolved(is_for_reading=False), Target(destination, database, dataset)
    )
    if log_format == "json":
        raise typer.Exit(log_results(Display("json"), results))
    raise typer.Exit(print_results(console(), results))
