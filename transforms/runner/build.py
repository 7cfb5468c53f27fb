"""One build: seeds, then the models in their order, then the checks; each result is reported and recorded."""

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from dlt.common.destination.exceptions import DestinationException
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp
from sqlglot.errors import SqlglotError

from transforms.runner.attributes.declared_attributes import Declared, declared_attributes
from transforms.runner.attributes.marts import OBJECT_TABLES, VALUES, AttributeMarts, attribute_models, left_out
from transforms.runner.build_report import RUNS_COLUMNS, RUNS_TABLE, BuildReport, CheckResult, ModelResult
from transforms.runner.changed_figures import CHANGED
from transforms.runner.database_error import complaint
from transforms.runner.dialect import sql_dialect
from transforms.runner.graph import checks_of, ordered, reached, selected
from transforms.runner.incremental import BUILT, FAILING, MEMORY, Increments, after_changes
from transforms.runner.model import CHANGES, FIVETRAN, MODELS_FOLDER, Model, names_of_kind, read_models
from transforms.runner.own_models import read_own_models
from transforms.runner.parallel_builds import MOST_LANES, PATIENCE_SECONDS, Lanes, Step
from transforms.runner.warehouse.datasets import Datasets
from transforms.runner.warehouse.lock_waiting import Blocked
from transforms.runner.warehouse.relations import BUILT_MODELS, InTheWay
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import Calendar, epoch_now
from transforms.seeds.seed import SEED_NAMES, make_seeds, span_of_data, workspace_time_zone
from transforms.seeds.seed_version import seeds_version
from transforms.seeds.settings import Settings

OnResult = Callable[[ModelResult | CheckResult], None]
# Names that own models cannot have, in addition to those of our models.
OF_THE_BUILD = (
    *(*SEED_NAMES, *MEMORY, RUNS_TABLE, BUILT_MODELS, CHANGED),
    *(table.mart for table in OBJECT_TABLES),
)
BUILD_ERRORS = (DestinationException, DatabaseException, SqlglotError, InTheWay, Blocked)


def build(
    sql_client_factory: Callable[[], SqlClientBase[Any]],
    dialect: str,
    datasets: Datasets | None = None,
    select: str | None = None,
    on_model: OnResult | None = None,
    *,
    settings: Settings | None = None,
    now_epoch: int | None = None,
    fivetran: bool = False,
    full: bool = False,
    folder: Path = MODELS_FOLDER,
    patience_seconds: float = PATIENCE_SECONDS,
) -> BuildReport:
    """Build the models, run the checks, and report the result of each.

    `sql_client_factory` opens a client on the destination, a new one each time (`pipeline.sql_client`). `dialect` is
    dlt's name of the destination or sqlglot's of its dialect. `select` takes terms like `fct_conversations`,
    `int_events+` and `+fct_support_daily`; without it all are built. `on_model` gets each result as it comes.
    `settings` say when teams work, and where own models are; open spans end at `now_epoch` (default: the clock). With
    `fivetran`, there are also views in the shape of Fivetran's tables. Models are built incrementally if possible, with
    the same rows as with `full`. While a model takes longer than `patience_seconds`, what does not wait for it is built
    on another connection. A model that breaks is reported, not raised, and what reads it is skipped; ModelError means
    that the files or the selection are wrong, and nothing was touched.
    """
    written = {model.name: model for model in read_models(CHANGES, *([FIVETRAN] if fivetran else []), folder=folder)}
    built = [written.pop(name) for name in BUILT if name in written]
    datasets, settings = datasets or Datasets(), settings or Settings()
    own: list[Model] = []
    if settings.models_folder:
        # Fivetran's names are reserved even in a build without its views: the next one may have them.
        taken = {*written, *OF_THE_BUILD, *names_of_kind(FIVETRAN, folder)}
        own = read_own_models(settings.models_folder, datasets, taken)
        written |= {model.name: model for model in own}
    with sql_client_factory() as client:
        declared = _declared(Warehouse(client, sql_dialect(dialect), datasets, {}))
        models = after_changes([*written.values(), *attribute_models(declared, written)])
        models = ordered(models, (*SEED_NAMES, *BUILT, FAILING))
        chosen = selected(models, select)
        datasets_of = dict.fromkeys((*SEED_NAMES, RUNS_TABLE, *MEMORY), datasets.staging)
        datasets_of |= {model.name: datasets.of_kind(model.kind) for model in models if not model.is_check}
        warehouse = Warehouse(client, sql_dialect(dialect), datasets, datasets_of)
        warehouse.create_datasets()
        warehouse.look_around()
        to_build, to_check = [model for model in models if model.name in chosen], checks_of(chosen, models)
        warehouse.plan_well([*to_build, *to_check])
        increments = Increments(warehouse, models, built)
        run = _Build(warehouse, increments, AttributeMarts(declared), on_model or (lambda result: None))
        run.seeds(settings, epoch_now() if now_epoch is None else now_epoch, full=full)
        increments.begin(chosen, full=full or run.is_calendar_shorter)
        allowed = MOST_LANES if warehouse.is_side_by_side else 1
        with (
            Lanes(warehouse.connection, sql_client_factory, allowed, patience_seconds) as lanes,
            warehouse.scratch(),
            warehouse.remembering(),
        ):
            first, then = _parted(to_build)
            lanes.take([run.step(model) for model in first], run.add_model)
            with warehouse.connection.sharing_cores(allowed) if increments.is_partial else nullcontext():
                lanes.take([run.step(model) for model in then], run.add_model)
                increments.end(run.built)
                warehouse.leave_room()
                checks = [run.step(check) for check in to_check]
                lanes.take([run.checkpoint(), *checks] if lanes.are_several else checks, run.add_check)
                increments.checked(run.report.counts_of_checks)
        warehouse.append(RUNS_TABLE, RUNS_COLUMNS, run.report.rows(epoch_now()))
    return run.report


def _parted(models: Sequence[Model]) -> tuple[list[Model], list[Model]]:
    """Return the steps that find the changed conversations, and the models that wait for these.

    The first are queries over everything, each of which uses all cores; the others are small, and many.
    """
    needed = reached(CHANGED, {model.name: model.references for model in models}) | {CHANGED}
    return (
        [model for model in models if model.name in needed],
        [model for model in models if model.name not in needed],
    )


class _Build:
    """The state of one build: results so far, and the models that later ones can read."""

    def __init__(
        self, warehouse: Warehouse, increments: Increments, attribute_marts: AttributeMarts, on_model: OnResult
    ) -> None:
        self.report = BuildReport()
        self.built: set[str] = set()
        self._warehouse = warehouse
        self._increments = increments
        self._attribute_marts = attribute_marts
        self._on_model = on_model
        self._missing: set[str] = set()
        self._are_attributes_judged = False
        self._judging = Lock()
        self.is_calendar_shorter = False

    def seeds(self, settings: Settings, now_epoch: int, *, full: bool) -> None:
        """Load the missing seeds, or all; without raw tables, which give the span of time, all fail."""
        started = time.perf_counter()
        try:
            calendar = Calendar(workspace_time_zone(self._warehouse) or "UTC")
            first_epoch, last_epoch = span_of_data(self._warehouse, now_epoch)
        except BUILD_ERRORS as error:
            for name in SEED_NAMES:
                self.add_model(ModelResult(name, "seed", "failed", _since(started), error=complaint(error)))
            return
        if calendar.warning:
            self.report.warnings.append(calendar.warning)
        self._increments.seeds_version = seeds_version(settings, calendar, first_epoch)
        _, last_day = calendar.span(first_epoch, max(last_epoch, now_epoch), now_epoch)
        self.is_calendar_shorter = self._has_days_after(last_day)
        if self.is_calendar_shorter:
            self._increments.forget_periods()
        for seed in make_seeds(settings, calendar, first_epoch, last_epoch, now_epoch):
            started = time.perf_counter()
            try:
                if full or not self._warehouse.holds(seed.name, seed.columns, seed.rows):
                    self._warehouse.load_table(seed.name, seed.columns, seed.rows)
            except BUILD_ERRORS as error:
                self.add_model(ModelResult(seed.name, "seed", "failed", _since(started), error=complaint(error)))
            else:
                self.add_model(ModelResult(seed.name, "seed", "built", _since(started), len(seed.rows)))

    def _has_days_after(self, last_day: date) -> bool:
        """Return True if the previous build had later calendar days, whose periods must be removed.

        It was made by another clock, or with a record whose time was in the future and has changed since.
        """
        if not self._warehouse.has_columns("calendar_days", ["day"]):
            return False
        (known,) = self._warehouse.rows(exp.select("max(day)").from_("calendar_days"))
        return known[0] is not None and str(known[0])[:10] > last_day.isoformat()

    def step(self, model: Model) -> Step[Any]:
        """Return the step for a model or check, after everything that it reads."""
        result_of = self._checked if model.is_check else self._modelled
        return Step(model.name, model.references, partial(result_of, model))

    def _modelled(self, model: Model) -> ModelResult:
        """Build one model, unless something that it reads is missing."""
        started = time.perf_counter()
        if missing := sorted(model.references & self._missing):
            return ModelResult(model.name, model.kind, "skipped", 0.0, error=f"{missing[0]} was not built")
        try:
            count_rows = self._rows_of(model)
        except BUILD_ERRORS as error:
            return ModelResult(model.name, model.kind, "failed", _since(started), error=complaint(error))
        return ModelResult(model.name, model.kind, "built", _since(started), count_rows)

    def _rows_of(self, model: Model) -> int | None:
        """Write the model to the warehouse and return its number of rows, None for a view."""
        if VALUES in model.references:
            model = self._attribute_mart(model)
        if model.is_view:
            self._warehouse.create_view(model)
            return None
        count_rows = self._increments.update(model)
        if count_rows is None:
            count_rows = self._warehouse.create_table(model)
        if model.name == CHANGED:
            self._increments.look_back()
        return count_rows

    def _attribute_mart(self, model: Model) -> Model:
        """Return the mart of attributes with the columns that its values need; the values are built by now."""
        with self._judging:
            if not self._are_attributes_judged:
                self._attribute_marts.judge(self._warehouse)
                self._are_attributes_judged = True
                self.report.warnings += left_out(self._attribute_marts.declared)
        return self._attribute_marts.current(model)

    def _checked(self, check: Model) -> CheckResult:
        """Count the rows that must not exist, unless something that the check reads is missing."""
        started = time.perf_counter()
        count, error_text = None, ""
        if missing := sorted(check.references & self._missing):
            status, error_text = "skipped", f"{missing[0]} was not built"
        else:
            try:
                count = self._warehouse.count_rows_of(check, self._increments.relations_of_check(check))
                status = "failed" if count else "passed"
            except BUILD_ERRORS as error:
                status, error_text = "failed", complaint(error)
        return CheckResult(check.name, check.severity, status, _since(started), check.headline, count, error_text)

    def checkpoint(self) -> Step[None]:
        """Return the step that writes the models' changes to the file, while the checks only read."""
        return Step("checkpoint", frozenset(), self._warehouse.checkpoint)

    def add_check(self, result: CheckResult | None) -> None:
        """Report the result of a check; None is the result of a checkpoint."""
        if result is not None:
            self.report.checks.append(result)
            self._on_model(result)

    def add_model(self, result: ModelResult) -> None:
        """Report the result of a model, before anything that reads it is built."""
        (self.built if result.status == "built" else self._missing).add(result.name)
        self.report.models.append(result)
        self._on_model(result)


def _declared(warehouse: Warehouse) -> Declared:
    try:
        return declared_attributes(warehouse)
    except BUILD_ERRORS:
        return {}  # the model that reads the same raw table fails with the reason, and what reads that is skipped


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
