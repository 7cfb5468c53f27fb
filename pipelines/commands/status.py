"""What is loaded: the last runs, how fresh each resource is, and how many rows each table holds."""

import time

import pendulum
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.options import Database, Dataset, Destination, Verbose, examples, new_app
from pipelines.commands.query import Ask, asked
from pipelines.console import console
from pipelines.destination.target import DEFAULT_DATABASE, DEFAULT_DATASET, Target
from pipelines.run.run_log import FINDINGS, SYNC_RUNS
from pipelines.stop import ExitCode, Stop
from pipelines.verify.audit.log import AUDIT_RESULTS
from sources.intercom import RESOURCES
from sources.intercom.sweep import SWEPT, resource_name

LAST_RUNS = 5
WORSE_FIRST = ("failed", "repaired", "explained", "proven")
NO_AUDIT = "never (intercom-elt audit)"


app = new_app()


@app.command(epilog=examples("`intercom-elt status --database support.duckdb`"))
def command(
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    verbose: Verbose = False,
) -> None:
    """Show the last runs, how fresh each resource is, and how many rows each table holds."""
    print_status(console(), Target(destination, database, dataset))


def print_status(terminal: Console, target: Target) -> None:
    """Print runs, resources and tables; raise Stop where nothing was ever loaded."""
    raw = target.datasets.raw
    with asked(target) as ask:
        counts = _row_counts(ask, raw)
        if SYNC_RUNS.name not in counts:
            raise Stop(f"{target} holds no run yet; load it with: intercom-elt sync", ExitCode.WRONG_USE)
        terminal.print(_heading("last runs"), _runs(ask, raw), "", sep="\n")
        terminal.print(_heading("resources"), _resources(ask, raw, counts), "", sep="\n")
        terminal.print(_heading("last sweeps"), _sweeps(ask, raw), "", sep="\n")
        terminal.print(_heading("last audit"), _audit(ask, raw) if AUDIT_RESULTS.name in counts else NO_AUDIT, sep="  ")


def _heading(words: str) -> Text:
    return Text(words, style="bold")


def _row_counts(ask: Ask, raw: str) -> dict[str, int]:
    """Return the number of rows of each raw table that exists."""
    names = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{raw}'"  # noqa: S608 - our own names
    counts = [f"SELECT '{name}', count(*) FROM {raw}.{name}" for (name,) in ask(names)[1]]  # noqa: S608 - our own names
    return dict(ask(" UNION ALL ".join(counts))[1]) if counts else {}


def _runs(ask: Ask, raw: str) -> Table:
    sql = (
        "SELECT started_at, finished_at, status, count_calls, count_rows, resources, error "  # noqa: S608 - our own names
        f"FROM {raw}.sync_runs ORDER BY started_at DESC LIMIT {LAST_RUNS}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("started", "seconds", "status", "calls", "rows", "error"):
        table.add_column(heading, justify="right" if heading in {"seconds", "calls", "rows"} else "left")
    for started_at, finished_at, status, calls, rows, _, error in ask(sql)[1]:
        seconds = "" if finished_at is None else f"{finished_at - started_at:,}"
        table.add_row(_utc(started_at), seconds, status, f"{calls or 0:,}", f"{rows or 0:,}", error or "")
    return table


def _audit(ask: Ask, raw: str) -> str:
    """Return when the last audit began and how its proofs came out; its table exists."""
    table = f"{raw}.{AUDIT_RESULTS.name}"
    sql = (
        "SELECT result, started_at, count(*) "  # noqa: S608 - our own names
        f"FROM {table} WHERE subject NOT LIKE 'metric%' AND started_at = (SELECT max(started_at) FROM {table}) "
        "GROUP BY result, started_at"
    )
    last = {result: (at, count) for result, at, count in ask(sql)[1]}
    if not last:
        return NO_AUDIT
    words = [f"{last[result][1]:,} {result}" for result in WORSE_FIRST if result in last]
    return f"{_utc(next(iter(last.values()))[0])}  proofs: {', '.join(words)}"


def _resources(ask: Ask, raw: str, counts: dict[str, int]) -> Table:
    sql = (
        "SELECT resource, max(CASE WHEN s.status = 'complete' THEN r.finished_at END), max(s.watermark), "  # noqa: S608 - our own names
        "sum(s.count_rescued), max(s.rescued_seconds) "
        f"FROM {raw}.sync_resources s JOIN {raw}.sync_runs r ON r.run_id = s.run_id GROUP BY resource"
    )
    last = {name: facts for name, *facts in ask(sql)[1]}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("resource", "last complete", "watermark", "overlap rescued", "table"):
        table.add_column(heading)
    table.add_column("rows", justify="right")
    for resource in RESOURCES.values():
        complete_at, watermark, *rescued = last.get(resource.name, (None, None, None, None))
        first = (resource.name, _age(complete_at), "" if watermark is None else _utc(watermark), _rescued(*rescued))
        for position, raw_table in enumerate(resource.tables):
            count = f"{counts[raw_table.name]:,}" if raw_table.name in counts else "missing"
            table.add_row(*(first if position == 0 else [""] * len(first)), raw_table.name, count)
    return table


def _sweeps(ask: Ask, raw: str) -> Table:
    """Show what the last complete sweep of each kind of record found."""
    counts = [f"count_{finding}" for finding in FINDINGS]
    sql = (
        f"SELECT resource, r.finished_at, {', '.join(f's.{count}' for count in counts)} "  # noqa: S608 - our own names
        f"FROM {raw}.sync_resources s JOIN {raw}.sync_runs r ON r.run_id = s.run_id "
        "WHERE resource LIKE 'sweep%' AND s.status = 'complete' ORDER BY r.finished_at"
    )
    last = {name: facts for name, *facts in ask(sql)[1]}
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
