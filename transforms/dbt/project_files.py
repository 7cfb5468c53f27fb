"""The files of the dbt project: models, checks as singular tests, seeds as CSV, descriptions, a profile."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from transforms.dbt.documentation import Described, descriptions
from transforms.dbt.model_sql import dbt_sql
from transforms.dbt.profile import NOW_EPOCH, profile
from transforms.runner.dialects.dialect_names import POSTGRES, sql_type
from transforms.runner.model_graph.model import Model
from transforms.runner.warehouse.datasets import Datasets
from transforms.seeds.seed import Seed

PROJECT = "intercom_elt"  # not intercom: that is the name of Fivetran's package
FIRST_LINE = "# Written by `intercom-elt export-dbt`; written over when it runs again."
PROFILE, EXAMPLE = "profiles.yml", "profiles.example.yml"
WRITTEN = "written_by_intercom_elt.txt"  # the files that an export has written: the next one removes obsolete ones
CLOCK = "build_clock"  # the only seed that must be new in every build: a model in dbt

PROJECT_FILE = """{first_line}
#
# dbt build                                     seeds, models and tests
# dbt build --vars '{name}_fivetran: true'  also views in the shape of Fivetran's tables
#
# As a package: `packages: [local: THIS_FOLDER]` in the packages.yml of another project; it is built with the profile
# and under the schema of that project then.
#
# Raw tables are read from the schema of the variable {name}_raw_schema. Marts are in the schema of the profile, what is
# before them in <schema>_staging. The days and office hours in seeds/ end on {last_day}, and the columns of
# dim_*_attributes are the custom attributes of the day of the export: export again when either changes.

name: {name}
version: "1.0"
config-version: 2
profile: {name}

vars:
  {name}_raw_schema: {raw}
  # {name}_now_epoch: 1717200000  # unix seconds: where spans end that are still open; without it, the clock

seeds:
  {name}:
    +schema: staging{hook}

models:
  {name}:{hook}
    staging:
      +materialized: view
      +schema: staging
    intermediate:
      +materialized: table
      +schema: staging
    marts:
      +materialized: table
    fivetran:
      +materialized: view
      +schema: fivetran
"""

ANALYZE_HOOK = """
    # PostgreSQL plans badly with tables that it has not looked at
    +post-hook: "{% if model.config.materialized != 'view' %}analyze {{ this }}{% endif %}\""""

CLOCK_SQL = """-- One row: the moment of the build, where spans end that are still open.
{{{{ config(materialized='table') }}}}
select
    clock.now_epoch,
    calendar_days.day as today
from (
    select
        cast(
            {{{{ var('{name}_now_epoch', "{now}") }}}}
            as {integer}
        ) as now_epoch
) as clock
left join {{{{ ref('calendar_days') }}}} as calendar_days
    on calendar_days.starts_at_epoch <= clock.now_epoch and calendar_days.ends_at_epoch > clock.now_epoch
"""


def dbt_files(
    models: Iterable[Model],
    seeds: Iterable[Seed],
    dialect: str,
    datasets: Datasets,
    connection: Mapping[str, str | int],
    described: Described,
) -> dict[str, str]:
    """Return the dbt project's files, path -> text. The dialect is one of `NOW_EPOCH`.

    `connection` has the settings of dbt's profile; with them, the profile is ready for use.
    """
    models = list(models)
    seeds = [seed for seed in seeds if seed.name != CLOCK]
    days = next(seed for seed in seeds if seed.name == "calendar_days")
    files = {
        "dbt_project.yml": PROJECT_FILE.format(
            first_line=FIRST_LINE,
            name=PROJECT,
            raw=datasets.raw,
            last_day=days.rows[-1][0],
            hook=ANALYZE_HOOK if dialect == POSTGRES else "",
        ),
        EXAMPLE: profile(dialect, PROJECT, datasets.marts, connection),
        **descriptions(PROJECT, models, seeds, dialect, described),
        f"models/intermediate/{CLOCK}.sql": CLOCK_SQL.format(
            name=PROJECT, now=NOW_EPOCH[dialect], integer=sql_type("bigint", dialect)
        ),
    }
    for seed in seeds:
        files[f"seeds/{seed.name}.csv"] = _csv(seed)
    for model in models:
        files[_path(model)] = dbt_sql(model, PROJECT, dialect)
    return files


def write_dbt_project(folder: Path, files: Mapping[str, str], *, with_profile: bool) -> None:
    """Write the dbt project's files, and the profile if wished, unless somebody has written their own.

    Raises FileExistsError, before anything is written, if the folder holds another dbt project.
    """
    project_file = folder / "dbt_project.yml"
    begun = project_file.read_text(encoding="utf-8")[: len(FIRST_LINE)] if project_file.exists() else ""
    if not FIRST_LINE.startswith(begun):  # a full disk leaves it empty
        raise FileExistsError(f"{project_file} belongs to another dbt project; choose another folder")
    kept = {PROFILE}
    if _is_ours(folder / PROFILE, folder / EXAMPLE):
        kept = set()
        files = {**files, PROFILE: files[EXAMPLE]} if with_profile else files
    for name in _written_before(folder) - files.keys() - kept:
        (folder / name).unlink(missing_ok=True)  # dbt would go on building a deleted model, or on another database
    files = {**files, WRITTEN: "".join(f"{name}\n" for name in sorted(files))}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _written_before(folder: Path) -> set[str]:
    """Return the files of the dbt project in the folder that the last export has written."""
    listed = folder / WRITTEN
    names = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    return {name for name in names if (folder / name).resolve().is_relative_to(folder.resolve())}


def _is_ours(profile_file: Path, example: Path) -> bool:
    """Return True if the dbt project has no profile but the last export's: unchanged, or cut short by a full disk."""
    if not profile_file.exists():
        return True
    return example.exists() and example.read_bytes().startswith(profile_file.read_bytes())


def _path(model: Model) -> str:
    return f"tests/{model.name}.sql" if model.is_check else f"models/{model.kind}/{model.name}.sql"


def _csv(seed: Seed) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(seed.columns)
    writer.writerows([str(value).lower() if isinstance(value, bool) else value for value in row] for row in seed.rows)
    return text.getvalue()
