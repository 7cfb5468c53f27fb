"""The table at the end of a run: what was read, what it cost, what went wrong and what to do about it."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipelines.console import plain_table
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.invocation import as_started
from pipelines.journal.outcome import Outcome
from sources.intercom import RESOURCES
from transforms import BuildReport

MOST_FAILURES = 20
_KEPT = "What was loaded before is kept; what was read since the last load package is not."


def print_summary(
    console: Console, outcome: Outcome, target: Target, *, is_brief: bool = False, overview: Table | None = None
) -> None:
    """Print the summary of a run; a brief one says only what went wrong. `overview` replaces that of a sync."""
    if not is_brief:
        console.print(overview or _resources(outcome))
        console.print(cost(outcome))
    if outcome.build is not None:
        console.print(build_summary(outcome.build))
    console.print(_verdict(outcome, target))


def _resources(outcome: Outcome) -> Table:
    table = plain_table(header_style="bold")
    for heading in ("resource", "status", "table"):
        table.add_column(heading)
    for heading in ("rows", "calls", "retries", "seconds"):
        table.add_column(heading, justify="right")
    for report in outcome.report.resources.values():
        first = (f"{report.tally.calls:,}", f"{report.tally.retries:,}", f"{report.seconds:.1f}")
        style = "red" if report.error is not None else ""
        for position, raw_table in enumerate(RESOURCES[report.resource].tables):
            count = report.count_rows[raw_table.name]
            if position == 0:
                table.add_row(report.resource, report.status, raw_table.name, f"{count:,}", *first, style=style)
            elif count:  # a resource may fill a dozen tables, and most runs only a few of them
                table.add_row("", "", raw_table.name, f"{count:,}", style=style)
    return table


def cost(outcome: Outcome) -> str:
    """Return for a summary what the run cost, and what was not loaded though it was there."""
    tally = outcome.tally
    text = f"\n{tally.calls:,} calls ({tally.retries:,} retries, {tally.rate_limited:,} of them after a 429)"
    text += f" in {outcome.seconds_reading:.1f} s"
    if outcome.rate_share is not None:
        text += f"; {outcome.rate_share:.0%} of the rate budget of {outcome.rate_limit:,} per 10 s"
    vanished = sum(report.count_vanished for report in outcome.report.resources.values())
    text += f"; {vanished:,} records vanished while they were read" if vanished else ""
    # By resource, because several may read one list: `contacts`, and those that ask for each contact.
    unlisted = [
        f"{one.resource} {one.tally.unlisted:,}" for one in outcome.report.resources.values() if one.tally.unlisted
    ]
    text += f"; records that Intercom counts, but does not list: {', '.join(unlisted)}" if unlisted else ""
    held_back = outcome.count_held_back
    return text + (f"; {held_back:,} rows of forgotten people held back or stripped" if held_back else "")


def build_summary(build: BuildReport) -> RenderableType:
    """Return the summary of a build: what it made, and the models and checks that failed."""
    built = sum(model.status == "built" for model in build.models)
    passed = sum(check.status == "passed" for check in build.checks)
    lines = [Text(f"{built} of {len(build.models)} models built, {passed} of {len(build.checks)} checks passed")]
    lines += [Text(as_started(f"warning: {warning}"), style="yellow") for warning in build.warnings]
    failed = [as_started(f"model {model.name} failed: {model.error}") for model in build.failed_models]
    lines += _first(failed, "models", "red")
    for severity, style in (("error", "red"), ("warn", "yellow")):
        checks = []
        for check in build.failed_checks(severity):
            found = check.error if check.count_failing_rows is None else _contradicting(check.count_failing_rows)
            checks.append(f"check {check.name} ({severity}): {check.claim} {found}")
        lines += _first(checks, f"checks ({severity})", style)
    return Group(*lines)


def _first(failures: list[str], of_what: str, style: str) -> list[Text]:
    """Return the first of many failures, and how many more there are."""
    more = len(failures) - MOST_FAILURES
    further = [f"… and {more:,} more of the {of_what} failed"] if more > 0 else []
    return [Text(line, style=style) for line in (*failures[:MOST_FAILURES], *further)]


def _contradicting(count: int) -> str:
    return "(1 row contradicts it)" if count == 1 else f"({count:,} rows contradict it)"


def _verdict(outcome: Outcome, target: Target) -> Text:
    if outcome.exit_code is ExitCode.CHECK_FAILED:
        return Text(f"{target} is loaded completely, but models or checks failed: see above.", style="red")
    if outcome.exit_code is ExitCode.DONE:
        return Text(f"Complete. Everything that was asked for is in {target}.", style="green")
    lines = [str(report.error) for report in outcome.report.failures]
    if outcome.error:
        lines.append(f"Loading failed: {outcome.error}. {_KEPT} {outcome.exit_code.next_step}")
    elif outcome.is_interrupted:
        lines.append("Interrupted. What was read so far is loaded; run the same command again to continue.")
    elif lines or outcome.not_ended:
        lines += [f"{name} was not read to its end." for name in outcome.not_ended]
        lines.append("Not complete. Everything else is loaded; run again for the rest.")
    else:
        lines.append(f"{target} is loaded completely.")
    if outcome.status == "complete" and outcome.build is not None and not outcome.build.is_ok:
        lines.append(
            f"Models or checks failed for a reason that is not theirs: see above. {outcome.exit_code.next_step}"
        )
    if outcome.log_error:
        lines.append(f"The run could not be recorded in full: {outcome.log_error}. {outcome.error_code.next_step}")
    if outcome.build_error:
        lines.append(f"No model was built: {outcome.build_error}. {outcome.error_code.next_step}")
    return Text(as_started("\n".join(lines)), style="red")
