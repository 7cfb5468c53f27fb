"""What a sync would cost, before anything is read: calls, minutes at the current limit, rows and disk."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from rich.table import Table

from pipelines.console import console, plain_table
from pipelines.destination.locks.lock import no_run_disturbed
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.destination.working_folder import leave
from pipelines.invocation import as_started
from pipelines.journal.display import Display
from pipelines.journal.events import RESOURCE_PLANNED, SYNC_PLANNED
from pipelines.journal.source_warnings import source_heard
from pipelines.run.begin.identify import connected, identify, refuse_other_workspace
from pipelines.run.begin.usable_settings import check_settings
from pipelines.run.begin.weaker_privacy import refuse_weaker_privacy
from pipelines.run.sync import SyncOptions, wishes_of
from sources.intercom import RESOURCES, states_of
from sources.intercom.api.errors import IntercomError
from sources.intercom.api.explanation import explained
from sources.intercom.api.http.client import Client
from sources.intercom.api.identity import Identity
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.export.settings import ExportSettings
from sources.intercom.privacy.rules import Privacy
from sources.intercom.reading.resource_size import SizeQuestion
from sources.intercom.reading.session import Wishes

WINDOWS_PER_MINUTE = 6
# Rows that one record fills in all tables, as in the demo, where none is loaded yet.
USUAL_ROWS = {"companies": 2.8, "contacts": 3.7, "conversations": 11.2, "tickets": 6.8}
USUAL_BYTES_PER_ROW = 450  # of a raw table in DuckDB, as in the demo; a file has marts and free blocks in it, too

States = dict[str, dict[str, object]]  # resource -> how far it has come


@dataclass(frozen=True)
class PlannedResource:
    """A planned resource: `records` and `rows` are None if Intercom does not say; `error`: why nothing is known."""

    name: str
    records: int | None = None
    calls: int = 0
    rows: int | None = None
    error: str | None = None


@dataclass
class SyncPlan:
    """The plan of a sync. `calls_per_10_seconds`: the share of Intercom's limit to use, None if it names none."""

    is_first: bool
    resources: list[PlannedResource] = field(default_factory=list)
    calls_per_10_seconds: float | None = None

    @property
    def calls(self) -> int:
        """The calls that the sync is planned to take."""
        return sum(each.calls for each in self.resources)

    @property
    def rows(self) -> int:
        """The rows that the sync is planned to load, where their number is known."""
        return sum(each.rows or 0 for each in self.resources)

    @property
    def minutes(self) -> float | None:
        """How long the planned calls take by the limit alone."""
        if self.calls_per_10_seconds is None:
            return None
        return self.calls / self.calls_per_10_seconds / WINDOWS_PER_MINUTE

    @property
    def megabytes(self) -> float:
        """What the planned rows need on the disk, as raw tables."""
        return self.rows * USUAL_BYTES_PER_ROW / 1e6


def planned(configuration: IntercomConfiguration, target: Target, options: SyncOptions) -> SyncPlan:
    """Plan a sync: ask how much there is to read, about a call for each resource; nothing is loaded.

    Raises Stop or ConfigurationError for settings that a sync would refuse, and if Intercom or the target cannot be
    asked.
    """
    privacy = check_settings(configuration)
    access = options.access
    with connected(configuration, access.max_rate_share) as client:
        identity = identify(client)
        target.check_path()
        states, counts = _loaded(target, identity, None if access.accepts_weaker_privacy else privacy)
        plan = SyncPlan(is_first=not states)
        plan.resources = [
            _planned(name, configuration, client, identity, states, wishes_of(options, configuration), counts)
            for name in options.selection.resources(configuration.exclude)
        ]
        if client.pacer.limit is not None:
            plan.calls_per_10_seconds = client.pacer.limit * access.max_rate_share
    return plan


def _loaded(target: Target, identity: Identity, privacy: Privacy | None) -> tuple[States, dict[str, int]]:
    """Return from where a sync is planned: how far resources have come, rows by raw table; nothing if none is loaded.

    Raises Stop for rows of another workspace, or of stricter rules than `privacy` (None: whatever they are).
    Only one process can open a DuckDB file: opening it in the middle of a run would make that run fail.
    """
    if target.is_duckdb and not target.database.exists():
        return {}, {}
    with ExitStack() as gone:
        gone.enter_context(no_run_disturbed(target))
        target.make_ready()
        gone.callback(leave, target.folder)
        pipeline = target.pipeline()
        raw = RawTables(pipeline)
        refuse_other_workspace(raw, target, identity)
        if privacy is not None:
            refuse_weaker_privacy(pipeline, target, privacy)
        states = states_of(pipeline)
        if not states:
            return {}, {}
        with raw.opened():
            return states, {name: raw.count(name) for name in raw.names}


def _planned(
    name: str,
    configuration: IntercomConfiguration,
    client: Client,
    identity: Identity,
    states: States,
    wishes: Wishes,
    counts: Mapping[str, int],
) -> PlannedResource:
    try:
        overlap_seconds, export = configuration.overlap_minutes * 60, ExportSettings.of(configuration, None)
        question = SizeQuestion(client, identity, states.get(name, {}), wishes, overlap_seconds, export)
        size = RESOURCES[name].size(question)
    except IntercomError as error:
        return PlannedResource(name, error=str(explained(error, name)))
    rows = None if size.records is None else round(size.records * _rows_per_record(name, counts))
    return PlannedResource(name, size.records, size.calls, rows)


def _rows_per_record(name: str, counts: Mapping[str, int]) -> float:
    rows = [counts.get(table.name, 0) for table in RESOURCES[name].tables]
    return sum(rows) / rows[0] if rows[0] else USUAL_ROWS.get(name, 1.0)


def _say(display: Display, plan: SyncPlan, target: Target) -> None:
    """Log the plan of a sync: one line for each resource, one for the whole."""
    for each in plan.resources:
        display.say(
            RESOURCE_PLANNED,
            "info" if each.error is None else "error",
            resource=each.name,
            records=each.records,
            calls=each.calls,
            rows=each.rows,
            error=each.error,
        )
    display.say(
        SYNC_PLANNED,
        target=str(target),
        is_first=plan.is_first,
        calls=plan.calls,
        minutes=None if plan.minutes is None else round(plan.minutes, 1),
        rows=plan.rows,
        megabytes=round(plan.megabytes, 1),
    )


def _table(plan: SyncPlan) -> Table:
    """Return the plan of a sync as a table for people."""
    table = plain_table(header_style="bold", show_footer=True)
    table.add_column("resource", "all")
    for heading, footer in (("records", ""), ("calls", f"{plan.calls:,}"), ("rows", f"{plan.rows:,}")):
        table.add_column(heading, footer, justify="right")
    for each in plan.resources:
        if each.error is not None:
            table.add_row(each.name, "cannot be read", style="red")
        else:
            table.add_row(each.name, _number(each.records), f"{each.calls:,}", _number(each.rows))
    return table


def _words(plan: SyncPlan, target: Target) -> Iterator[str]:
    """Yield the sentences below the table of a sync's plan."""
    which = "A first sync" if plan.is_first else "The next sync"
    if plan.minutes is None:
        yield f"{which} into {target}: about {plan.calls:,} calls. Intercom names no limit, so the time is not known."
    else:
        per_minute = round((plan.calls_per_10_seconds or 0) * WINDOWS_PER_MINUTE)
        minutes = "less than a minute" if plan.minutes < 1 else f"about {plan.minutes:,.0f} minutes"
        yield f"{which} into {target}: about {plan.calls:,} calls, {minutes} at {per_minute:,} calls a minute."
    yield f"Raw tables: about {plan.rows:,} rows, {plan.megabytes:,.1f} MB; the marts need about as much again."
    yield "Where no number of records is given, Intercom says it only while they are read. Nothing was loaded."
    for each in plan.resources:
        if each.error is not None:
            yield as_started(f"{each.name}: {each.error}")


def _number(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def show_plan(configuration: IntercomConfiguration, target: Target, options: SyncOptions, display: Display) -> bool:
    """Print the plan of a sync, even with `--quiet`, because it was asked for. False if a part is unknown."""
    with source_heard(display):
        plan = planned(configuration, target, options)
    _say(Display(display.log_format), plan, target)
    if display.log_format == "text":
        console().print(_table(plan), "", *_words(plan, target), sep="\n", soft_wrap=True)
    return all(each.error is None for each in plan.resources)
