"""The facts of a target as tables on a terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.console import plain_table
from pipelines.destination.target import Target
from pipelines.invocation import as_started
from pipelines.journal.run_log_tables import FINDINGS
from pipelines.status.status_facts import Facts
from sources.intercom import RESOURCES

UNITS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}  # seconds of each
WORSE_FIRST = ("failed", "repaired", "explained", "proven")


def print_status(terminal: Console, found: Facts, target: Target) -> None:
    """Print the status of a target as tables: runs, resources, sweeps, the audit."""
    terminal.print(_heading("last runs"), _runs(found["runs"]), "", sep="\n")
    terminal.print(_heading("resources"), _resources(found["resources"], found["tables"]), "", sep="\n")
    terminal.print(_heading("last sweeps"), _sweeps(found["sweeps"]), "", sep="\n")
    terminal.print(_heading("last audit"), _audit(found["audit"], target), sep="  ")


def _heading(words: str) -> Text:
    return Text(words, style="bold")


def _runs(runs: list[Facts]) -> Table:
    table = plain_table(header_style="bold")
    for heading in ("started", "seconds", "status", "calls", "rows", "error"):
        table.add_column(heading, justify="right" if heading in {"seconds", "calls", "rows"} else "left")
    for run in runs:
        numbers = (f"{run['calls']:,}", f"{run['rows']:,}")
        error = as_started(run["error"] or "")
        table.add_row(_shown(run["started_at"]), _number(run["seconds"]), run["status"], *numbers, error)
    return table


def _audit(audit: Facts | None, target: Target) -> str:
    if audit is None:
        return as_started(f"never (intercom-elt audit{target.options})")
    words = [f"{audit['proofs'][result]:,} {result}" for result in WORSE_FIRST if result in audit["proofs"]]
    return f"{_shown(audit['started_at'])}  proofs: {', '.join(words)}"


def _resources(resources: dict[str, Facts], counts: dict[str, int | None]) -> Table:
    table = plain_table(header_style="bold")
    for heading in ("resource", "last complete", "watermark", "found late", "table"):
        table.add_column(heading)
    table.add_column("rows", justify="right")
    for name, facts in resources.items():
        first = (name, _ago(facts), _shown(facts["watermark"]), _rescued(facts))
        for position, raw_table in enumerate(RESOURCES[name].tables):
            count = counts[raw_table.name]
            shown_count = "missing" if count is None else f"{count:,}"
            table.add_row(*(first if position == 0 else [""] * len(first)), raw_table.name, shown_count)
    return table


def _sweeps(sweeps: dict[str, Facts]) -> Table:
    """Return the status table of sweeps: what the last whole one of each entity found."""
    table = plain_table(header_style="bold")
    for heading in ("whole sweep", "last complete"):
        table.add_column(heading)
    for word in FINDINGS.values():
        table.add_column(word, justify="right")
    for name, facts in sweeps.items():
        table.add_row(name, _ago(facts), *(f"{facts[word]:,}" for word in FINDINGS.values()))
    return table


def _ago(facts: Facts) -> str:
    seconds = facts["freshness_seconds"]
    if seconds is None:
        return "never"
    return ago(seconds)


def ago(seconds: int) -> str:
    """Return an age for a status table in its two largest units, short enough for a column: "3 d 2 h ago"."""
    words: list[str] = []
    for unit, size in UNITS.items():
        count, seconds = divmod(seconds, size)
        if count or words or unit == "s":
            words.append(f"{count} {unit}")
    return f"{' '.join(words[:2])} ago"


def _rescued(facts: Facts) -> str:
    if not facts["rescued"]:
        return ""
    return f"{facts['rescued']:,}, {facts['rescued_seconds']:,} s late at most"


def _number(value: Any) -> str:
    return "" if value is None else f"{value:,}"


def _shown(at: str | None) -> str:
    return "" if at is None else at.replace("T", " ")
