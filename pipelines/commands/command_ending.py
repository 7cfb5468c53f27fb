"""How a command ends: the facts for machines or the summary for people, and the exit code."""

from collections.abc import Callable
from traceback import format_exception
from typing import NoReturn

import typer
from rich.console import Console

from pipelines.console import console
from pipelines.destination.failures.quoted_values import without_rows
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.events import RUN_ENDED
from pipelines.journal.outcome import Outcome
from pipelines.run.build_models import say_failed_build


def conclude_run(
    outcome: Outcome, display: Display, show: Callable[[Console, bool], None], *, is_verbose: bool
) -> NoReturn:
    """End a command that was a run: say how, and exit; with `--verbose` people also see where in the code it failed."""
    if is_verbose:
        show_cause(outcome, display)
    say_ended(display, outcome)
    conclude(outcome.exit_code, display, show)


def show_cause(outcome: Outcome, display: Display) -> None:
    """Show people where in the code the run of an ending command failed."""
    if outcome.cause is not None and display.log_format == "text":
        console(to_errors=True).print(without_rows("".join(format_exception(outcome.cause))), soft_wrap=True)


def say_ended(display: Display, outcome: Outcome) -> None:
    """Tell machines how the run of an ending command went; with `--quiet` only if it failed, and of what."""
    say_failed_build(display, outcome.build)
    display.end(RUN_ENDED, outcome.exit_code, **outcome.facts())


def conclude(code: ExitCode, display: Display, show: Callable[[Console, bool], None]) -> NoReturn:
    """End a command: show people how, and exit."""
    show_ended(code, display, show)
    raise typer.Exit(code)


def show_ended(code: ExitCode, display: Display, show: Callable[[Console, bool], None]) -> None:
    """Show people how a run of an ending command went; `show(console, is_brief)` prints that.

    With `--quiet` only a failure is shown, briefly and on standard error.
    """
    if display.log_format == "text" and (code or not display.is_quiet):
        show(console(to_errors=display.is_quiet, is_unfailing=True), display.is_quiet)
