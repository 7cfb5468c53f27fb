"""The models as a dbt project: it builds at once on the loaded database, and needs a profile for another one."""

import shlex
from pathlib import Path
from typing import Annotated

import typer
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from pipelines.commands.options import (
    Dataset,
    Destination,
    LogFormatOption,
    ModelSettings,
    OwnModels,
    PresentDatabase,
    Verbose,
    examples,
    new_app,
)
from pipelines.console import console
from pipelines.default_target import default_target
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.locks.lock import no_run_disturbed
from pipelines.destination.postgres.dlt_options import postgres_options
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.report.asked_questions import models_read
from pipelines.run.comments import COMMENTED
from pipelines.run.missing_raw_tables import all_are_missing
from pipelines.run.model_settings import model_settings
from pipelines.stop import Stop
from transforms import Described, Exposure, Settings, export_dbt
from transforms.dbt.profile import NOW_EPOCH
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.model_graph.model import ModelError

REPORT = Exposure(
    "intercom_elt_report",
    "The report on support",
    "One HTML page with the marts as charts, written by `intercom-elt report`.",
    models_read(),
)

app = new_app()


@app.command(
    "export-dbt",
    epilog=examples(
        "`intercom-elt export-dbt dbt_project`",
        "`intercom-elt export-dbt dbt_project --dialect snowflake`  for another warehouse",
    ),
)
def command(
    folder: Annotated[Path, typer.Argument(help="Where the dbt project is written.", file_okay=False)],
    dialect: Annotated[str | None, typer.Option(help="The project's warehouse. Default: the destination's.")] = None,
    destination: Destination = "duckdb",
    database: PresentDatabase = None,
    dataset: Dataset = DEFAULT_DATASET,
    settings: ModelSettings = None,
    models: OwnModels = None,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Write the models as an ordinary dbt project."""
    target = default_target(destination, database, dataset, Display(log_format))
    console(is_unfailing=True).print(
        run_export(target, folder, dialect, model_settings(settings, models)), soft_wrap=True
    )


def run_export(target: Target, folder: Path, dialect: str | None = None, settings: Settings | None = None) -> str:
    """Export the dbt project of what `target` holds into the folder, and return a line that says what to do with it.

    `dialect` None means that of the target. Raises Stop for a dialect that is not known, a folder that belongs to
    another project, and a target without data.
    """
    dialect = sql_dialect(dialect or target.destination)
    if dialect not in NOW_EPOCH:
        raise Stop(f"--dialect {dialect}: known are {', '.join(sorted(NOW_EPOCH))}.", ExitCode.WRONG_USE)
    try:
        target.check_exists()
        connection = _connection(target) if dialect == sql_dialect(target.destination) else {}
        described = Described(raw_meanings(), [REPORT])
        with no_run_disturbed(target):
            target.check_exists()
            target.make_ready()
            count = export_dbt(
                target.opened, target.destination, folder, dialect, target.datasets, settings, connection, described
            )
    except (FileExistsError, ModelError) as error:
        raise Stop(f"{error}.", ExitCode.WRONG_USE) from error
    except DatabaseUndefinedRelation as error:
        raise all_are_missing(target) from error
    quoted = shlex.quote(str(folder))
    if not connection:
        next_step = f"save {quoted}/profiles.example.yml as profiles.yml, filled in, then: cd {quoted} && dbt build"
    else:
        password = "" if target.is_duckdb else "DBT_PASSWORD=… "
        next_step = f"cd {quoted} && {password}dbt build"
    return f"{count} files in {folder}. Next (needs dbt-{dialect}): {next_step}"


def _connection(target: Target) -> dict[str, str | int]:
    """Return the connection for the profile of the exported dbt project; passwords come from the environment."""
    if target.is_duckdb:
        return {"path": str(target.database.resolve())}
    if target.destination != "postgres":
        return {}
    credentials = postgres_options()["credentials"]
    return {
        "host": credentials.host,
        "port": credentials.port,
        "user": credentials.username,
        "dbname": credentials.database,
    }


def raw_meanings() -> dict[str, tuple[str, dict[str, str]]]:
    """Return for the dbt export what raw tables and their columns mean, by the table's name."""
    return {
        name: (
            f"One row is {table.one_row}.",
            {column: declared.meaning for column, declared in table.columns.items()},
        )
        for name, table in COMMENTED.items()
    }
