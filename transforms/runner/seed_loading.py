"""Loading the seeds at the beginning of a build, where they are not there yet or are others now."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from transforms.runner.build_report import BuildReport, ModelResult, seconds_since
from transforms.runner.database_error import BUILD_ERRORS, complaint
from transforms.runner.incremental.increments import Increments
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import Calendar
from transforms.seeds.seed import SEED_NAMES, Seed, make_seeds, span_of_data, workspace_time_zone
from transforms.seeds.seed_version import seeds_version
from transforms.seeds.settings import Settings


@dataclass
class SeedLoading:
    """Loads the seeds of one build; `add` takes what came of each."""

    warehouse: Warehouse
    increments: Increments
    report: BuildReport
    add: Callable[[ModelResult], None]

    def load(self, settings: Settings, now_epoch: int, *, full: bool) -> bool:
        """Load the missing seeds, or all; without raw tables, which give the span of time, all fail.

        Return True if the calendar became shorter, so that models of periods have to be built in full.
        """
        started = time.perf_counter()
        try:
            calendar = Calendar(workspace_time_zone(self.warehouse) or "UTC")
            first_epoch, last_epoch = span_of_data(self.warehouse, now_epoch)
        except BUILD_ERRORS as error:
            for name in SEED_NAMES:
                self.add(ModelResult(name, "seed", "failed", seconds_since(started), error=complaint(error)))
            return False
        if calendar.warning:
            self.report.warnings.append(calendar.warning)
        self.increments.seeds_version = seeds_version(settings, calendar, first_epoch)
        _, last_day = calendar.span(first_epoch, max(last_epoch, now_epoch), now_epoch)
        is_calendar_shorter = self._has_days_after(last_day)
        if is_calendar_shorter:
            self.increments.reset_periods()
        for seed in make_seeds(settings, calendar, first_epoch, last_epoch, now_epoch):
            self._load_one(seed, full=full)
        return is_calendar_shorter

    def _load_one(self, seed: Seed, *, full: bool) -> None:
        started = time.perf_counter()
        try:
            if full or not self.warehouse.holds(seed.name, seed.columns, seed.rows):
                self.warehouse.load_table(seed.name, seed.columns, seed.rows)
        except BUILD_ERRORS as error:
            self.add(ModelResult(seed.name, "seed", "failed", seconds_since(started), error=complaint(error)))
        else:
            self.add(ModelResult(seed.name, "seed", "built", seconds_since(started), len(seed.rows)))

    def _has_days_after(self, last_day: date) -> bool:
        """Return True if the previous build had later calendar days, whose periods must be removed.

        It was made by another clock, or with a record whose time was in the future and has changed since.
        """
        if not self.warehouse.has_columns("calendar_days", ["day"]):
            return False
        (known,) = self.warehouse.rows(exp.select("max(day)").from_("calendar_days"))
        return known[0] is not None and str(known[0])[:10] > last_day.isoformat()
