"""The table at the end of a sweep: what was found, and what it cost."""

from rich.table import Table

from pipelines.console import plain_table
from pipelines.journal.outcome import Outcome
from pipelines.journal.run_log_tables import FINDINGS
from sources.intercom.sweep import Finding

HEADINGS = {**FINDINGS, Finding.NEWER: "newer"}


def sweep_overview(outcome: Outcome) -> Table:
    """Return the summary of a sweep: a line for each entity that was swept."""
    table = plain_table(header_style="bold")
    for heading in ("sweep", "status"):
        table.add_column(heading)
    for heading in ("unchanged", *HEADINGS.values(), "calls", "seconds"):
        table.add_column(heading, justify="right")
    for name in outcome.resources[1:]:
        report = outcome.report.of(name)
        found = [f"{report.found[finding]:,}" for finding in HEADINGS]
        cost = (f"{report.tally.calls:,}", f"{report.seconds:.1f}")
        style = "red" if report.error is not None else ""
        shown_name = name.removeprefix("sweep_")
        table.add_row(shown_name, report.status, f"{report.count_repeated:,}", *found, *cost, style=style)
    return table
