"""`intercom-elt transform`: the models on what is loaded, without reading Intercom."""

from typing import Annotated

import typer

from pipelines.commands.command_ending import conclude
from pipelines.commands.options import (
    Database,
    Dataset,
    Destination,
    LogFormatOption,
    ModelSettings,
    OwnModels,
    Quiet,
    Verbose,
    examples,
    new_app,
)
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.dlt_settings import check_dlt_settings
from pipelines.destination.failures.failed_build import code_of
from pipelines.destination.locks.lock import only_run
from pipelines.destination.postgres.rights import check_rights
from pipelines.destination.target import DEFAULT_DATABASE, PIPELINE_NAME, Target
from pipelines.journal.display import Display
from pipelines.journal.printed_summary import build_summary
from pipelines.notifications.notifying import notifying
from pipelines.run.build_models import build_models, say_failed_build
from pipelines.run.missing_raw_tables import check_raw_tables
from pipelines.run.model_settings import model_settings
from transforms import BuildOptions

app = new_app()


@app.command(epilog=examples("`intercom-elt transform --select +fct_conversations`"))
def command(
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    select: Annotated[
        str | None,
        typer.Option(help="Models to build: `name`, `name+` (and what reads it), `+name` (and what it reads)."),
    ] = None,
    settings: ModelSettings = None,
    models: OwnModels = None,
    fivetran: Annotated[
        bool, typer.Option("--fivetran", help="Also views in the shape of Fivetran's tables, in DATASET_fivetran.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Build all rows anew, also those of conversations that have not changed.")
    ] = False,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Build the models and run the checks on what is loaded."""
    target = Target(destination, database, dataset)
    display = Display(log_format, is_quiet=quiet)
    with notifying("transform", target, display) as ending:
        options = BuildOptions(select, model_settings(settings, models), fivetran=fivetran, full=full)
        check_dlt_settings(PIPELINE_NAME)
        with only_run(target):
            target.check_exists()
            target.make_ready()
            check_rights(target, with_models=True)
            pipeline = target.pipeline()
            check_raw_tables(pipeline, target, select)
            build = build_models(pipeline, target, display, options)
        ending.take_build(build)
        code = code_of(build)
        say_failed_build(display, build)
        conclude(code, display, lambda console, is_brief: console.print(build_summary(build)))
