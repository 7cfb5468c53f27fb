"""One build: seeds, then the models in their order, then the checks; each result is reported and recorded."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlt.common.destination.exceptions import DestinationException
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from sqlglot.errors import SqlglotError

from transforms.attributes import Attribute, attribute_models, declared_attributes
from transforms.calendar import Calendar, epoch_now
from transforms.dialect import sql_dialect
from transforms.graph import checks_of, ordered, selected
from transforms.model import MODELS_FOLDER, Model, names, read_models
from transforms.report import BuildReport, CheckResult, ModelResult
from transforms.seed import SEED_NAMES, make_seeds, span_of_data, workspace_time_zone
from transforms.settings import Settings
from transforms.warehouse import Datasets, Warehouse

OnResult = Callable[[ModelResult | CheckResult], None]
BUILD_ERRORS = (DestinationException, DatabaseException, SqlglotError)

RUNS_TABLE = "model_runs"
RUNS_COLUMNS = {
    "built_at_epoch": "bigint",  # one value per build
    "name": "varchar",
    "kind": "varchar",
    "status": "varchar",
    "seconds": "double",
    "count_rows": "bigint",  # of a check: rows that must not exist
    "severity": "varchar",
    "error": "varchar",
}


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
    folder: Path = MODELS_FOLDER,
) -> BuildReport:
    """Build the models, run the checks, and say how each went.

    `sql_client_factory` opens a client on the destination (`pipeline.sql_client`), `dialect` is dlt's name of the
    destination or sqlglot's of its dialect. `select` takes terms like `fct_conversations`, `int_events+` and
    `+fct_support_daily`; without it all are built. `on_model` gets each result as it comes. `settings` say when
    teams work; `now_epoch` is where spans end that are still open (default: the clock). With `fivetran`, there are
    also views in the shape of Fivetran's tables. A model that breaks is reported, not raised, and what reads it is
    skipped; ModelError means that the files or the selection are wrong, and nothing was touched.
    """
    written = read_models(folder, fivetran=fivetran)
    datasets = datasets or Datasets()
    with sql_client_factory() as client:
        declared = _declared(Warehouse(client, sql_dialect(dialect), datasets, {}))
        models = ordered([*written, *attribute_models(declared, names(written))], SEED_NAMES)
        chosen = selected(models, select)
        datasets_of = dict.fromkeys((*SEED_NAMES, RUNS_TABLE), datasets.staging)
        datasets_of |= {model.name: datasets.of_kind(model.kind) for model in models if not model.is_check}
        run = _Build(Warehouse(client, sql_dialect(dialect), datasets, datasets_of), on_model or (lambda result: None))
        run.warehouse.create_datasets()
        run.seeds(settings or Settings(), epoch_now() if now_epoch is None else now_epoch)
        for model in models:
            if model.name in chosen:
                run.model(model)
        for check in checks_of(chosen, models):
            run.check(check)
        run.record()
    return run.report


class _Build:
    """The state of one build: what was reported so far and what is not there to be read."""

    def __init__(self, warehouse: Warehouse, on_model: OnResult) -> None:
        self.warehouse = warehouse
        self.report = BuildReport()
        self._on_model = on_model
        self._missing: set[str] = set()

    def seeds(self, settings: Settings, now_epoch: int) -> None:
        """Load the seeds; without raw tables to take the span of time from, all of them fail."""
        started = time.perf_counter()
        try:
            calendar = Calendar(workspace_time_zone(self.warehouse) or "UTC")
            first_epoch, last_epoch = span_of_data(self.warehouse, now_epoch)
        except BUILD_ERRORS as error:
            for name in SEED_NAMES:
                self._add_model(ModelResult(name, "seed", "failed", _since(started), error=_one_line(error)))
            return
        if calendar.warning:
            self.report.warnings.append(calendar.warning)
        for seed in make_seeds(settings, calendar, first_epoch, last_epoch, now_epoch):
            started = time.perf_counter()
            count_rows = self.warehouse.load_table(seed.name, seed.columns, seed.rows)
            self._add_model(ModelResult(seed.name, "seed", "built", _since(started), count_rows))

    def model(self, model: Model) -> None:
        """Build one model, unless something that it reads is missing."""
        started = time.perf_counter()
        if missing := sorted(model.references & self._missing):
            self._add_model(ModelResult(model.name, model.kind, "skipped", 0.0, error=f"{missing[0]} was not built"))
            return
        count_rows = None
        try:
            if model.is_view:
                self.warehouse.create_view(model.name, model.query)
                self.warehouse.describe(model.name, "VIEW", model.headline, model.meanings)
            else:
                count_rows = self.warehouse.create_table(model.name, model.query)
                self.warehouse.describe(model.name, "TABLE", model.headline, model.meanings)
        except BUILD_ERRORS as error:
            self._add_model(ModelResult(model.name, model.kind, "failed", _since(started), error=_one_line(error)))
            return
        self._add_model(ModelResult(model.name, model.kind, "built", _since(started), count_rows))

    def check(self, check: Model) -> None:
        """Count the rows that must not exist, unless something that the check reads is missing."""
        started = time.perf_counter()
        count, error_text = None, ""
        if missing := sorted(check.references & self._missing):
            status, error_text = "skipped", f"{missing[0]} was not built"
        else:
            try:
                count = self.warehouse.count_rows_of(check.query)
                status = "failed" if count else "passed"
            except BUILD_ERRORS as error:
                status, error_text = "failed", _one_line(error)
        result = CheckResult(check.name, check.severity, status, _since(started), check.headline, count, error_text)
        self.report.checks.append(result)
        self._on_model(result)

    def record(self) -> None:
        """Append every result of this build to the table of builds."""
        built_at_epoch = epoch_now()
        rows: list[tuple[object, ...]] = [
            (built_at_epoch, one.name, one.kind, one.status, one.seconds, one.count_rows, None, one.error or None)
            for one in self.report.models
        ]
        rows += [
            (
                built_at_epoch,
                one.name,
                "check",
                one.status,
                one.seconds,
                one.count_failing_rows,
                one.severity,
                one.error or None,
            )
            for one in self.report.checks
        ]
        self.warehouse.append(RUNS_TABLE, RUNS_COLUMNS, rows)

    def _add_model(self, result: ModelResult) -> None:
        if result.status != "built":
            self._missing.add(result.name)
        self.report.models.append(result)
        self._on_model(result)


def _declared(warehouse: Warehouse) -> dict[str, list[Attribute]]:
    try:
        return declared_attributes(warehouse)
    except BUILD_ERRORS:
        return {}  # the model that reads the same raw table fails with the reason, and what reads that is skipped


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
