"""The seeds at the beginning of a build: planned, and loaded where they are not there yet or are others now."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from transforms.runner.build_report import ModelResult, seconds_since
from transforms.runner.database_error import BUILD_ERRORS, complaint
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.calendar import Calendar
from transforms.seeds.seed import SEED_NAMES, Seed, make_seeds, span_of_data, unknown_teams, workspace_time_zone
from transforms.seeds.seed_version import seeds_version
from transforms.seeds.settings import Settings


@dataclass(frozen=True)
class SeedPlan:
    """The seeds that a build loads, or the error for which there are none, and its cause.

    `version` stays the same while new days only come at the end. If the calendar becomes shorter, models of periods
    have to be built in full.
    """

    seeds: Sequence[Seed] = ()
    version: str = ""
    is_calendar_shorter: bool = False
    warnings: Sequence[str] = ()
    error: str = ""
    cause: Exception | None = None


def planned_seeds(warehouse: Warehouse, settings: Settings, now_epoch: int) -> SeedPlan:
    """Return the seeds to load for the data in raw; without these tables, which give the span of time, none."""
    try:
        calendar = Calendar(workspace_time_zone(warehouse) or "UTC")
        first_epoch, last_epoch = span_of_data(warehouse, now_epoch)
    except BUILD_ERRORS as error:
        return SeedPlan(error=complaint(error), cause=error)
    _, last_day = calendar.span(first_epoch, max(last_epoch, now_epoch), now_epoch)
    return SeedPlan(
        list(make_seeds(settings, calendar, first_epoch, last_epoch, now_epoch)),
        seeds_version(settings, calendar, first_epoch),
        _has_days_after(warehouse, last_day),
        [*([calendar.warning] if calendar.warning else []), *_warnings_of_teams(warehouse, settings)],
    )


def _warnings_of_teams(warehouse: Warehouse, settings: Settings) -> list[str]:
    """Return what is to be said of the settings' teams; nothing without the raw tables, which no seed needs for it."""
    try:
        return unknown_teams(warehouse, settings)
    except BUILD_ERRORS:
        return []


def load_seeds(plan: SeedPlan, warehouse: Warehouse, *, full: bool) -> Iterator[ModelResult]:
    """Load the missing seeds, or all, and yield what came of each."""
    for name in SEED_NAMES if plan.error else ():
        yield ModelResult(name, "seed", "failed", 0.0, error=plan.error, cause=plan.cause)
    for seed in plan.seeds:
        yield _loaded(seed, warehouse, full=full)


def _loaded(seed: Seed, warehouse: Warehouse, *, full: bool) -> ModelResult:
    started = time.perf_counter()
    try:
        if full or not warehouse.holds(seed.name, seed.columns, seed.rows):
            warehouse.load_table(seed.name, seed.columns, seed.rows)
    except BUILD_ERRORS as error:
        failed = seconds_since(started)
        return ModelResult(seed.name, "seed", "failed", failed, error=complaint(error), cause=error)
    return ModelResult(seed.name, "seed", "built", seconds_since(started), len(seed.rows))


def _has_days_after(warehouse: Warehouse, last_day: date) -> bool:
    """Return True if seeds loaded before had later calendar days, whose periods must be removed.

    The build before had another clock, or a record whose time was in the future and has changed since.
    """
    if not warehouse.has_columns("calendar_days", ["day"]):
        return False
    (known,) = warehouse.rows(exp.select("max(day)").from_("calendar_days"))
    return known[0] is not None and str(known[0])[:10] > last_day.isoformat()
