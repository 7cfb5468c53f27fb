"""What a dbt project is made of: the models, and the facts of the loaded workspace that they need."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.dbt.documentation import Described
from transforms.dbt.project_files import dbt_files, write_dbt_project
from transforms.runner.attributes.declared_attributes import declared_attributes
from transforms.runner.attributes.marts import AttributeMarts, attribute_models
from transforms.runner.build_plan import OF_THE_BUILD
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.model_graph.graph import ordered
from transforms.runner.model_graph.model import FIVETRAN, names
from transforms.runner.model_graph.own_models import read_own_models
from transforms.runner.model_graph.shipped_models import read_models
from transforms.runner.warehouse.datasets import Datasets
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import DAYS_AHEAD, SECONDS_PER_DAY, Calendar, epoch_now
from transforms.seeds.seed import SEED_NAMES, make_seeds, span_of_data, workspace_time_zone
from transforms.seeds.settings import Settings


def export_dbt(
    sql_client_factory: Callable[[], AbstractContextManager[SqlClientBase[Any]]],
    destination: str,
    folder: Path,
    dialect: str | None = None,
    datasets: Datasets | None = None,
    settings: Settings | None = None,
    connection: Mapping[str, str | int] | None = None,
    described: Described | None = None,
) -> int:
    """Export the models as a dbt project into the folder, and return the number of its files.

    The destination says the workspace's time zone, since when there is data, and which custom attributes there are;
    nothing is changed in it. `dialect` is that of the project (default: the destination's), one of `NOW_EPOCH`. The
    calendar reaches a year ahead. `connection` has the settings of dbt's profile, which is then ready for use. Raises
    FileExistsError if the folder holds somebody else's dbt project, and the destination's error if nothing is loaded.
    """
    datasets = datasets or Datasets()
    with sql_client_factory() as client:
        warehouse = Warehouse(client, sql_dialect(destination), datasets)
        calendar = Calendar(workspace_time_zone(warehouse) or "UTC")
        first_epoch, _ = span_of_data(warehouse, epoch_now())
        written = read_models(FIVETRAN)
        if settings and settings.models_folder:
            written += read_own_models(settings.models_folder, datasets, {*names(written), *OF_THE_BUILD})
        marts = AttributeMarts(declared_attributes(warehouse))
        marts.judge(warehouse, written)
    models = ordered([*written, *attribute_models(marts.declared, names(written))], SEED_NAMES)
    a_year_ahead = epoch_now() + DAYS_AHEAD * SECONDS_PER_DAY
    seeds = make_seeds(settings or Settings(), calendar, first_epoch, a_year_ahead, epoch_now())
    language = sql_dialect(dialect or destination)
    files = dbt_files(models, seeds, language, datasets, connection or {}, described or Described())
    write_dbt_project(folder, files, with_profile=bool(connection))
    return len(files)
