"""The steps of a build: one model or check each, and what came of it."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from transforms.runner.attributes.marts import VALUES, AttributeMarts
from transforms.runner.build_report import BuildReport, CheckResult, ModelResult, seconds_since
from transforms.runner.database_error import BUILD_ERRORS, complaint
from transforms.runner.halves import Halves
from transforms.runner.incremental.changed_figures import CHANGED
from transforms.runner.incremental.increments import Increments
from transforms.runner.model_graph.model import Model
from transforms.runner.parallel_builds import Step
from transforms.runner.warehouse.warehouse import Warehouse

OnResult = Callable[[ModelResult | CheckResult], None]


class BuildSteps:
    """Makes a step of each model and check of one build: results so far, and the models that later ones cannot read."""

    def __init__(
        self, warehouse: Warehouse, increments: Increments, attribute_marts: AttributeMarts, on_result: OnResult
    ) -> None:
        self.report = BuildReport()
        self._warehouse = warehouse
        self._increments = increments
        self._halves = Halves(warehouse, increments.tables_of)
        self._attribute_marts = attribute_marts
        self._on_result = on_result
        self._missing: set[str] = set()

    def of_models(self, models: Iterable[Model]) -> Iterator[Step[Any]]:
        """Yield the steps for models: one each, and before that of one that is built in halves its second half's."""
        for model in models:
            if not self._increments.is_in_part(model) and self._halves.is_worth_it(model):
                self._halves.begin_second(model)
                take = partial(self._halves.make_second, model)
                yield Step(f"{model.name}, second half", model.references, take)
            yield self.of(model)

    def of(self, model: Model) -> Step[Any]:
        """Return the step for a model or check, after everything that it reads."""
        result_of = self._checked if model.is_check else self._modelled
        return Step(model.name, model.references, partial(result_of, model))

    def _modelled(self, model: Model) -> ModelResult:
        """Do the step of one model: build it, unless something that it reads is missing."""
        started = time.perf_counter()
        if missing := sorted(model.references & self._missing):
            return ModelResult(model.name, model.kind, "skipped", 0.0, error=f"{missing[0]} was not built")
        try:
            count_rows = self._write(model)
        except BUILD_ERRORS as error:
            failed = seconds_since(started)
            return ModelResult(model.name, model.kind, "failed", failed, error=complaint(error), cause=error)
        return ModelResult(model.name, model.kind, "built", seconds_since(started), count_rows)

    def _write(self, model: Model) -> int | None:
        """Do a model's step in the warehouse, and return its number of rows, None for a view."""
        if VALUES in model.references:
            self.report.warnings += self._attribute_marts.judge_once(self._warehouse)  # the values are built by now
            model = self._attribute_marts.current(model)
        if model.is_view:
            self._warehouse.create_view(model)
            return None
        count_rows = self._increments.update(model)
        if count_rows is None:
            count_rows = self._halves.create_table(model)
        if model.name == CHANGED:
            self._increments.look_back(count_rows)
        return count_rows

    def _checked(self, check: Model) -> CheckResult:
        """Do the step of a check: count the rows that must not exist, unless something that it reads is missing."""
        started = time.perf_counter()
        count, error_text, cause = None, "", None
        if missing := sorted(check.references & self._missing):
            status, error_text = "skipped", f"{missing[0]} was not built"
        else:
            try:
                count = self._increments.count_failing(check)
                status = "failed" if count else "passed"
            except BUILD_ERRORS as error:
                status, error_text, cause = "failed", complaint(error), error
        seconds = seconds_since(started)
        return CheckResult(check.name, check.severity, status, seconds, check.headline, count, error_text, cause)

    def checkpoint(self) -> Step[None]:
        """Return the step that writes the models' changes to the file, while the checks only read."""
        return Step("checkpoint", frozenset(), self._warehouse.checkpoint)

    def add_check(self, result: CheckResult | None) -> None:
        """Report the result of a check's step; None is that of a checkpoint."""
        if result is not None:
            self.report.checks.append(result)
            self._on_result(result)

    def add_model(self, result: ModelResult | None) -> None:
        """Report the result of a model's step, before anything that reads it is built; None is that of a half."""
        if result is None:
            return
        if result.status != "built":
            self._missing.add(result.name)
        self.report.models.append(result)
        self._on_result(result)
