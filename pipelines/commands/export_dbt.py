"""The models as a dbt project, for a warehouse that dbt already runs."""

from pathlib import Path
from typing import Annotated

import typer
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from pipelines.commands.options import Database, Dataset, Destination, ModelSettings, Verbose, examples, new_app
from pipelines.console import console
from pipelines.destination.target import DEFAULT_DATABASE, DEFAULT_DATASET, Target
from pipelines.run.model_settings import model_settings
from pipelines.stop import ExitCode, Stop
from transforms import Settings, export_dbt
from transforms.dbt.profile import NOW_EPOCH
from transforms.runner.dialect import sql_dialect

app = new_app()


@app.command("export-dbt", epilog=examples("`intercom-elt export-dbt dbt_project --dialect snowflake`"))
def command(
    folder: Annotated[Path, typer.Argument(help="Where the dbt project is written.", file_okay=False)],
    dialect: Annotated[str | None, typer.Option(help="The project's warehouse. Default: the destination's.")] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    settings: ModelSettings = None,
    verbose: Verbose = False,
) -> None:
    """Write the models as an ordinary dbt project."""
    target = Target(destination, database, dataset)
    console().print(run_export(target, folder, dialect, model_settings(settings)))


def run_export(target: Target, folder: Path, dialect: str | None = None, settings: Settings | None = None) -> str:
    """Write the project of what `target` holds into the folder, and return a line that says what to do with it.

    `dialect` None means that of the target. Raises Stop for a dialect that is not known, a folder that belongs to
    another project, and a target that holds nothing yet.
    """
    dialect = sql_dialect(dialect or target.destination)
    if dialect not in NOW_EPOCH:
        raise Stop(f"--dialect {dialect}: known are {', '.join(sorted(NOW_EPOCH))}.", ExitCode.WRONG_USE)
    try:
        target.check_loaded()
        count = export_dbt(target.opened, target.destination, folder, dialect, target.datasets, settings)
    except FileExistsError as error:
        raise Stop(f"{error}.", ExitCode.WRONG_USE) from error
    except DatabaseUndefinedRelation as error:
        raise Stop(
            f"{target} holds no raw tables yet; load them with: intercom-elt sync", ExitCode.WRONG_USE
        ) from error
    return f"{count} files in {folder}. Next: save {folder}/profiles.example.yml as profiles.yml, then run dbt build."
