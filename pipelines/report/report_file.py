"""The page as a file."""

from datetime import date
from pathlib import Path

from pipelines.destination.target import Target
from pipelines.output_file import write_privately
from pipelines.query.opening import opened_read_only
from pipelines.report.asked_questions import answers, last_audit
from pipelines.report.html import page


def write_report(target: Target, file: Path, since: date | None = None) -> str:
    """Write the report of what `target` holds into a file, and return a line that says so.

    `since` None: 12 whole weeks and the current one.
    """
    with opened_read_only(target) as reader:
        build, found = answers(reader, target, since)
        found["audit"] = last_audit(reader, target)
    size = write_privately(file, page(build, found, target.options))
    return f"{file} ({size / 1e6:.1f} MB) shows {target}; open it in any browser."
