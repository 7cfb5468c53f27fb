"""One build: seeds, then the models in their order, then the checks; each result is reported and recorded."""

from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.attributes.declared_attributes import Declared, declared_attributes
from transforms.runner.attributes.marts import AttributeMarts
from transforms.runner.build_log import log_build
from transforms.runner.build_plan import ModelFiles, Plan
from transforms.runner.build_report import BuildReport
from transforms.runner.build_steps import BuildSteps, OnResult
from transforms.runner.dialects.dialect_names import POSTGRES, sql_dialect
from transforms.runner.incremental.increments import Increments
from transforms.runner.model_graph.own_models import refuse_cut_names
from transforms.runner.model_graph.shipped_models import MODELS_FOLDER
from transforms.runner.parallel_builds import MOST_LANES, SECONDS_BEFORE_ANOTHER_LANE, Lanes
from transforms.runner.seed_loading import load_seeds, planned_seeds
from transforms.runner.warehouse.datasets import Datasets
from transforms.runner.warehouse.postgres.lock_waiting import PATIENCE_SECONDS
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import epoch_now
from transforms.seeds.settings import Settings


@dataclass(frozen=True)
class BuildOptions:
    """The options of a build: what is built, and how.

    `select` takes terms like `fct_conversations`, `int_events+` and `+fct_support_daily`; without it all are built.
    `settings` say when teams work, and where own models are; open spans end at `now_epoch` (default: the clock). With
    `fivetran`, there are also views in the shape of Fivetran's tables. Models are built incrementally if possible, with
    the same rows as with `full`. `folder` holds our models. While a model takes longer than `patience_seconds`, what
    does not wait for it is built on another connection. On PostgreSQL, a lock that somebody holds is requested for
    `lock_patience_seconds`.
    """

    select: str | None = None
    settings: Settings | None = None
    now_epoch: int | None = None
    fivetran: bool = False
    full: bool = False
    folder: Path = MODELS_FOLDER
    patience_seconds: float = SECONDS_BEFORE_ANOTHER_LANE
    lock_patience_seconds: float = PATIENCE_SECONDS


def build(
    sql_client_factory: Callable[[], SqlClientBase[Any]],
    dialect: str,
    datasets: Datasets,
    options: BuildOptions,
    on_result: OnResult = lambda result: None,
) -> BuildReport:
    """Build the models, run the checks, and report the result of each.

    `sql_client_factory` opens a client on the destination, a new one each time (`pipeline.sql_client`). `dialect` is
    dlt's name of the destination or sqlglot's of its dialect. `on_result` gets each result as it comes. A model that
    breaks is reported, not raised, and what reads it is skipped; ModelError means that the files or the selection are
    wrong, and nothing was touched; any other error ends the build.
    """
    settings = options.settings or Settings()
    files = ModelFiles.read(options.folder, settings.models_folder, datasets, fivetran=options.fivetran)
    with sql_client_factory() as client:
        patience_seconds = options.lock_patience_seconds
        warehouse = Warehouse(client, sql_dialect(dialect), datasets, lock_patience_seconds=patience_seconds)
        warehouse.connection.set_up()
        if not warehouse.has_memory:
            files = files.without_memory()
        if warehouse.dialect == POSTGRES:
            refuse_cut_names(files.models.values())
        declared = _declared(warehouse)
        plan = Plan.of(files.models.values(), declared, datasets, options.select)
        warehouse.begin(plan.datasets_of, [*plan.to_build, *plan.to_check])
        increments = Increments(warehouse, plan.models, files.memory)
        steps = BuildSteps(warehouse, increments, AttributeMarts(declared), on_result)
        seeds = planned_seeds(warehouse, settings, epoch_now() if options.now_epoch is None else options.now_epoch)
        increments.begin(plan.chosen, seeds, full=options.full)
        steps.report.warnings += [*seeds.warnings, *increments.warnings]
        for result in load_seeds(seeds, warehouse, full=options.full):
            steps.add_model(result)
        allowed = MOST_LANES if warehouse.is_side_by_side else 1
        with (
            closing(Lanes(warehouse.connection, sql_client_factory, allowed, options.patience_seconds)) as lanes,
            closing(warehouse.scratch),
            warehouse.remembering(),
        ):
            _take_steps(plan, steps, lanes, warehouse, increments)
        log_build(warehouse, steps.report, files.names, has_own=settings.models_folder is not None)
    return steps.report


def _declared(warehouse: Warehouse) -> Declared:
    """Return the declared attributes; none without their raw table. Any other error ends the build.

    It may be over when the next model is built: marts without attributes would be in the place of those with them.
    """
    try:
        return declared_attributes(warehouse)
    except DatabaseUndefinedRelation:
        return {}  # the model that reads the same raw table fails with the reason, and what reads that is skipped


def _take_steps(plan: Plan, steps: BuildSteps, lanes: Lanes, warehouse: Warehouse, increments: Increments) -> None:
    """Build the models, remember what they were made from, and run the checks."""
    lanes.take(steps.of_models(plan.finding_changes), steps.add_model)
    with warehouse.connection.sharing_cores(lanes.allowed) if increments.is_partial else nullcontext():
        lanes.take(steps.of_models(plan.of_changes), steps.add_model)
        increments.end(steps.report.counts_of_built)
        warehouse.postpone_compaction()
        checks = [steps.of(check) for check in plan.to_check]
        lanes.take([steps.checkpoint(), *checks] if lanes.are_several else checks, steps.add_check)
        increments.checked(steps.report.counts_of_checks)
