"""What is loaded: the last runs, how fresh each resource is, and how many rows each table holds."""

import sys
from typing import Annotated, Literal

import orjson
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
from pipelines.query.opening import opened_read_only
from pipelines.standard_streams import ended_by_a_closed_pipe
from pipelines.status.status_facts import holdings
from pipelines.status.status_tables import print_status
from pipelines.stop import Stop

app = new_app()


@app.command(
    epilog=examples(
        "`intercom-elt status --database support.duckdb`",
        "`intercom-elt status --format json`  for monitoring: one JSON object",
    )
)
def command(
    destination: Destination = "duckdb",
    database: PresentDatabase = None,
    dataset: Dataset = DEFAULT_DATASET,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="text, or one JSON object.")] = "text",
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Show the last runs, how fresh each resource is, and how many rows each table holds."""
    target = default_target(destination, database, dataset, Display(log_format))
    with opened_read_only(target) as reader:
        found = holdings(target, reader)
    if found is None:
        raise Stop(f"{target} holds no run yet; load it with: intercom-elt sync{target.options}", ExitCode.WRONG_USE)
    with ended_by_a_closed_pipe():
        if output == "json":
            sys.stdout.write(orjson.dumps(found).decode() + "\n")
        else:
            print_status(console(), found, target)
