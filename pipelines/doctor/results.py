"""The results of all checks, and the boxes to tick, for people and for machines."""

from collections.abc import Iterator

from rich.console import Console

from pipelines.console import plain_table
from pipelines.doctor.checks import Diagnosis
from pipelines.doctor.permissions import OF_TICKETS, PERMISSIONS, WHERE
from pipelines.exit_code import ExitCode, worst
from pipelines.invocation import as_started
from pipelines.journal.display import Display
from pipelines.journal.events import EXAMINED


def print_permissions(terminal: Console) -> None:
    """Print with doctor's results the boxes to tick, and which resources cannot be read without each."""
    table = plain_table(header_style="bold")
    table.add_column("box", no_wrap=True)
    table.add_column("without it, these cannot be read")
    for box, resources in PERMISSIONS.items():
        table.add_row(box, ", ".join(resources))
    terminal.print(f"Tick these in {WHERE}; none of them lets anybody write.\n", table, OF_TICKETS, sep="\n")


def log_results(display: Display, results: Iterator[Diagnosis]) -> ExitCode:
    """Log each of doctor's results for machines; return the exit code as `print_results` does."""
    codes = []
    for result in results:
        codes.append(ExitCode.DONE if result.is_ok else result.code)
        display.say(
            EXAMINED,
            "info" if result.is_ok else "error",
            subject=result.subject,
            holds=result.is_ok,
            fact=result.fact,
            exit_code=int(codes[-1]),
        )
    return worst(codes)


def print_results(terminal: Console, results: Iterator[Diagnosis]) -> ExitCode:
    """Print doctor's results; return the worst exit code."""
    table = plain_table(show_header=False)
    codes = []
    for result in results:
        codes.append(ExitCode.DONE if result.is_ok else result.code)
        word, style = ("ok", "green") if result.is_ok else ("FAILED", "red")
        table.add_row(word, result.subject, as_started(result.fact), style=None if result.is_ok else style)
    terminal.print(table)
    return worst(codes)
