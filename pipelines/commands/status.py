"""What is loaded: the last runs, how fresh each resource is, and how many rows each table holds."""

import time

import pendulum
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.query import run_query
from pipelines.destination.target import Target
from pipelines.run.run_log import FINDINGS
from pipelines.stop import ExitCode, Stop
from pipelines.verify.audit.last import last_audit
from pipelines.verify.audit.log import AUDIT_RESULTS
from sources.intercom import RESOURCES
from sources.intercom.sweep import SWEPT, resource_name

LAST_RUNS = 5


def print_status(console: Console, target: Target) -> None:
    """Print runs, resources and tables; raise Stop where nothing was ever loaded."""
    raw = target.datasets.raw
    if "sync_runs" not in _tables(target):
        raise Stop(f"{target} holds no run yet; load it with: intercom-elt sync", ExitCode.WRONG_USE)
    console.print(_heading("last runs"), _runs(target, raw), "", sep="\n")
    console.print(_heading("resources"), _resources(target, raw), "", sep="\n")
    console.print(_heading("last sweeps"), _sweeps(target, raw), "", sep="\n")
    console.print(_heading("last audit"), _audit(target), sep="  ")


def _heading(words: str) -> Text:
    return Text(words, style="bold")


def _tables(target: Target) -> set[str]:
    sql = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{target.datasets.raw}'"  # noqa: S608 - our own names
    return {row[0] for row in run_query(target, sql)[1]}


def _runs(target: Target, raw: str) -> Table:
    sql = (
        "SELECT started_at, finished_at, status, count_calls, count_rows, resources, error "  # noqa: S608 - our own names
        f"FROM {raw}.sync_runs ORDER BY started_at DESC LIMIT {LAST_RUNS}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("started", "seconds", "status", "calls", "rows", "error"):
        table.add_column(heading, justify="right" if heading in {"seconds", "calls", "rows"} else "left")
    for started_at, finished_at, status, calls, rows, _, error in run_query(target, sql)[1]:
        seconds = "" if finished_at is None else f"{finished_at - started_at:,}"
        table.add_row(_utc(started_at), seconds, status, f"{calls or 0:,}", f"{rows or 0:,}", error or "")
    return table


def _audit(target: Target) -> str:
    last = last_audit(target) if AUDIT_RESULTS.name in _tables(target) else None
    return "never (intercom-elt audit)" if last is None else f"{_utc(last[0])}  {last[1]}"


def _resources(target: Target, raw: str) -> Table:
    sql = (
        "SELECT resource, max(CASE WHEN s.status = 'complete' THEN r.finished_at END), max(s.watermark), "  # noqa: S608 - our own names
        "sum(s.count_rescued), max(s.rescued_seconds) "
        f"FROM {raw}.sync_resources s JOIN {raw}.sync_runs r ON r.run_id = s.run_id GROUP BY resource"
    )
    last = {name: facts for name, *facts in run_query(target, sql)[1]}
    present = _tables(target)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("resource", "last complete", "watermark", "overlap rescued", "table"):
        table.add_column(heading)
    table.add_column("rows", justify="right")
    for resource in RESOURCES.values():
        complete_at, watermark, *rescued = last.get(resource.name, (None, None, None, None))
        first = (resource.name, _age(complete_at), "" if watermark is None else _utc(watermark), _rescued(*rescued))
        for position, raw_table in enumerate(resource.tables):
            count = "missing"
            if raw_table.name in present:
                count = f"{run_query(target, f'SELECT count(*) FROM {raw}.{raw_table.name}')[1][0][0]:,}"  # noqa: S608 - our own names
            table.add_row(*(first if position == 0 else [""] * len(first)), raw_table.name, count)
    return table


def _sweeps(target: Target, raw: str) -> Table:
    """Show what the last complete sweep of each kind of record found."""
    counts = [f"count_{finding}" for finding in FINDINGS]
    sql = (
        f"SELECT resource, r.finished_at, {', '.join(f's.{count}' for count in counts)} "  # noqa: S608 - our own names
        f"FROM {raw}.sync_resources s JOIN {raw}.sync_runs r ON r.run_id = s.run_id "
        "WHERE resource LIKE 'sweep%' AND s.status = 'complete' ORDER BY r.finished_at"
    )
    last = {name: facts for name, *facts in run_query(target, sql)[1]}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("sweep", "last complete"):
        table.add_column(heading)
    for finding in FINDINGS:
        table.add_column(FINDINGS[finding], justify="right")
    for swept in SWEPT.values():
        finished_at, *found = last.get(resource_name(swept), (None,))
        table.add_row(swept.name, _age(finished_at), *(f"{count or 0:,}" for count in found))
    return table


def _age(at: int | None) -> str:
    if at is None:
        return "never"
    return f"{pendulum.duration(seconds=max(int(time.time()) - at, 0)).in_words() or 'just now'} ago"


def _rescued(count: int | None, seconds: int | None) -> str:
    """Say what only the overlap of searches has found, in all runs: the measure for how long it has to be."""
    if not count:
        return ""
    return f"{count:,}, {seconds:,} s late at most"


def _utc(at: int) -> str:
    return pendulum.from_timestamp(at).format("YYYY-MM-DD HH:mm:ss[Z]")
