"""The main flow of a sweep: announce the cost, list and compare, mark, record, build."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.events import SWEEP_PLANNED, WARNING
from pipelines.journal.outcome import Outcome
from pipelines.run.begin.access import USUAL_ACCESS, Access
from pipelines.run.begin.begin import begun
from pipelines.run.begin.selection import ALWAYS_READ, refuse_excluded
from pipelines.run.build_models import build_models_of
from pipelines.run.chunks import load_package
from pipelines.run.recorded_run import accounted, record_run
from pipelines.run.run import Run
from pipelines.stop import Stop
from sources.intercom import RESOURCES, states_of
from sources.intercom.api.errors import IntercomError
from sources.intercom.api.explanation import explained
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.incremental.dlt_state import SweepState, looked_at
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from sources.intercom.sweep import SWEPT, Finding, SweptEntity, Task, resource_name
from sources.intercom.sweep.merges import MOST_CONVERSATIONS
from transforms import Settings

COMPARED_BY_EVERY_SYNC = frozenset({"articles", "news", "news_items"})


@dataclass(frozen=True)
class SweepOptions:
    """The options of a sweep; `entities`: their names, none for all."""

    entities: tuple[str, ...] = ()
    since_last: bool = False
    transform: bool = True
    settings: Settings | None = None
    access: Access = USUAL_ACCESS


def sweep(configuration: IntercomConfiguration, target: Target, options: SweepOptions, display: Display) -> Outcome:
    """Sweep: compare what Intercom lists with what `target` holds, load the difference, and build the models on it.

    Raises Stop if the sweep cannot begin; once it has, failures are in the outcome.
    """
    selected = _selected(options.entities, configuration.exclude)
    target.check_exists()
    outcome = Outcome([ALWAYS_READ], command="sweep")
    with begun(configuration, target, outcome, display, options.access) as run:
        tasks = _tasks(run, selected, since_last=options.since_last)
        if outcome.resources == [ALWAYS_READ]:
            raise Stop(_nothing_to_sweep(target, options.entities), ExitCode.WRONG_USE)
        _load(run, tasks)
        record_run(run)
        if options.transform and outcome.is_loaded and _has_changed(outcome):
            build_models_of(run, options.settings)
    return outcome


def _selected(names: tuple[str, ...], excluded: list[str]) -> list[SweptEntity]:
    for name in names:
        if name in COMPARED_BY_EVERY_SYNC:
            message = f"{name} are compared whole in every sync, which marks what is gone; there is nothing to sweep."
            raise Stop(message, ExitCode.WRONG_USE)
        if name not in SWEPT:
            raise Stop(f"{name!r} cannot be swept. What can: {', '.join(SWEPT)}.", ExitCode.WRONG_USE)
    refuse_excluded(names, excluded)
    return [swept for name, swept in SWEPT.items() if (name in names if names else name not in excluded)]


def _tasks(run: Run, selected: list[SweptEntity], *, since_last: bool) -> list[Task]:
    """Return the tasks of a sweep, after announcing their cost; entities that were never loaded are left out."""
    raw, outcome, states = run.raw, run.outcome, states_of(run.pipeline)
    begins = [_created_since(swept, states) if since_last else 0 for swept in selected]
    with raw.opened():
        held = [_counts(raw, swept, created_since) for swept, created_since in zip(selected, begins, strict=True)]
    tasks = []
    selected = [swept.as_compared(states) for swept in selected]
    for swept, created_since, (count_held, count_marked) in zip(selected, begins, held, strict=True):
        name = resource_name(swept)
        if not count_held and swept.name not in states:
            run.display.say(WARNING, message=f"{name}: nothing was ever loaded, so there is nothing to compare")
            continue
        outcome.add(name)
        report = outcome.report.of(name)
        report.created_since = created_since or None
        try:
            client = run.client.counting(report.tally, run.configuration.versions.get(swept.name))
            task = Task(swept, raw, states, swept.listing.count(client, created_since), created_since)
        except IntercomError as error:
            report.fail(explained(error, name))
            continue
        tasks.append(task)
        _announce(run, task, count_held, count_marked)
    return tasks


def _nothing_to_sweep(target: Target, names: tuple[str, ...]) -> str:
    of_these = f" of {', '.join(names)}" if names else ""
    load_them = " ".join(("intercom-elt sync", *names)) + target.options
    return f"{target} holds nothing{of_these} to sweep; load it with: {load_them}"


def _created_since(swept: SweptEntity, states: Mapping[str, dict[str, Any]]) -> int:
    """Return when the last whole sweep began; 0 if there was none, and where a listing is always whole."""
    return (
        0
        if swept.is_listed_whole
        else looked_at(states.get(resource_name(swept), {}), SweepState).get("complete_at", 0)
    )


def _counts(raw: RawTables, swept: SweptEntity, created_since: int) -> tuple[int, int]:
    """Count the loaded records that a sweep compares, and how many of them are marked as gone."""
    compared = [f"created_at >= {created_since}"] if created_since else []
    marked = f"id IN (SELECT id FROM {DELETED_RECORDS.name} WHERE entity = '{swept.table.name}')"  # noqa: S608 - our own names
    name = swept.table.name
    return raw.count(name, " AND ".join(compared)), raw.count(name, " AND ".join([*compared, marked]))


def _announce(run: Run, task: Task, count_held: int, count_marked: int) -> None:
    """Say what a sweep will cost: its pages, a call for each record that the listing seems to lack, and its merges."""
    count_listed = task.count_before or 0
    # The number of companies leaves out those without users.
    count_expected = max(count_listed, count_held - count_marked) if task.swept.is_listed_whole else count_listed
    pages = ceil(count_expected / task.swept.listing.per_page) + 1
    count_missing = max(count_held - count_marked - count_expected, 0)
    run.display.say(
        SWEEP_PLANNED,
        resource=resource_name(task.swept),
        in_intercom=task.count_before,
        loaded=count_held,
        marked=count_marked,
        calls_expected=pages + count_missing,
        calls_for_merges=count_missing * MOST_CONVERSATIONS or None if task.swept.has_merges else None,
    )


def _load(run: Run, tasks: list[Task]) -> None:
    """Sweep one kind after the other, each in a load package of its own: one that fails leaves the others alone."""
    versions = run.configuration.versions
    versions_of_sweeps = {resource_name(swept): versions[name] for name, swept in SWEPT.items() if name in versions}
    session = run.session(versions=versions_of_sweeps)
    with accounted(run, session):
        together = [RESOURCES[ALWAYS_READ]]  # in the package of the first: each takes most of a second
        for task in tasks:
            if session.stop.is_set():
                run.outcome.report.of(resource_name(task.swept)).stop("interrupted")
            else:
                load_package(run, session, [*together, task.resource])
                together = []
        if together:
            load_package(run, session, together)


def _has_changed(outcome: Outcome) -> bool:
    """Return True if a sweep found anything new for the models; a mark that goes is no row."""
    reports = [report for name, report in outcome.report.resources.items() if name != ALWAYS_READ]
    return any(report.count_rows.total() or report.found[Finding.RETURNED] for report in reports)
