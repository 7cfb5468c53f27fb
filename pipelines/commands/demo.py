"""The whole pipeline on a laptop: load a simulated workspace, let it change, load the changes, ask questions."""

import shlex
from pathlib import Path
from typing import Annotated

import typer
from dlt.common.typing import TSecretStrValue
from rich.console import Console

from pipelines.commands.command_ending import say_ended, show_cause, show_ended
from pipelines.commands.options import LogFormatOption, Quiet, Verbose, examples, new_app
from pipelines.console import console
from pipelines.destination.duckdb.demo_file import remove_demo
from pipelines.destination.locks.lock import only_run
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode, worst
from pipelines.invocation import started_as
from pipelines.journal.display import Display
from pipelines.journal.events import DEMO_ENDED
from pipelines.journal.outcome import Outcome
from pipelines.journal.printed_summary import print_summary
from pipelines.query.layout import rows_table
from pipelines.query.opening import run_query
from pipelines.report.report_file import write_report
from pipelines.run.begin.selection import Selection
from pipelines.run.comments import COMMENTED
from pipelines.run.sync import SyncOptions, sync
from simulator.process import SimulatorProcess
from sources.intercom.configuration import IntercomConfiguration

SEED = 1
COUNT_CHANGES = 200
NEXT_QUERY = (
    "SELECT contact_name, channel, state, assignee_name, count_replies, rating "
    "FROM fct_conversations ORDER BY count_replies DESC LIMIT 5"
)

ANSWERS = {
    "How fast do we answer, by channel?": """
        SELECT channel, count(*) AS conversations,
            round(median(first_response_seconds) / 60) AS median_minutes,
            round(100.0 * sum(CASE WHEN first_response_seconds <= 3600 THEN 1 ELSE 0 END)
                / count(first_response_seconds)) AS percent_within_1_hour
        FROM fct_conversations WHERE direction = 'inbound' AND NOT was_closed_before_first_reply
        GROUP BY channel ORDER BY conversations DESC LIMIT 5
    """,
    "Which weeks were the busiest, and how much of what was closed came back?": """
        SELECT week_start, sum(count_inbound_conversations) AS inbound_conversations,
            sum(count_first_closed) AS first_closed,
            round(100.0 * sum(count_reopened_within_7_days) / nullif(sum(count_first_closed), 0)) AS percent_reopened
        FROM fct_support_daily JOIN calendar_days USING (day)
        GROUP BY week_start ORDER BY inbound_conversations DESC LIMIT 5
    """,
    "Who closes conversations, in one touch, and how satisfied are the customers?": """
        SELECT coalesce(admins.name, 'departed teammate') AS teammate, count(*) AS closed,
            round(100.0 * sum(CASE WHEN is_one_touch THEN 1 ELSE 0 END) / count(*)) AS percent_one_touch,
            round(avg(rating), 1) AS rating, count(rating) AS ratings
        FROM fct_conversations LEFT JOIN stg_admins AS admins ON admins.admin_id = last_closed_by_admin_id
        WHERE is_closed AND last_closed_by_admin_id IS NOT NULL
        GROUP BY teammate ORDER BY closed DESC LIMIT 5
    """,
}


app = new_app()


@app.command(epilog=examples("`intercom-elt demo`"))
def command(
    database: Annotated[
        Path, typer.Option(dir_okay=False, help="The DuckDB file to make; that of an earlier demo is replaced.")
    ] = Path("intercom_demo.duckdb"),
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """See it all work without a token: a simulated Intercom is loaded, changes, and is loaded again."""
    terminal = console(is_unfailing=True)
    terminal.quiet = quiet or log_format == "json"
    raise typer.Exit(run_demo(terminal, Display(log_format, is_quiet=quiet), database, is_verbose=verbose))


def run_demo(terminal: Console, display: Display, database: Path, *, is_verbose: bool) -> ExitCode:
    """Run the demo into a new `database`, and return the exit code; it ends where a sync does not come to its end."""
    target = Target(database=database)
    target.make_ready()
    with SimulatorProcess(seed=SEED) as simulator:
        with only_run(target):
            remove_demo(target, str(simulator.truth()["workspace"][0]["id_code"]), COMMENTED)
        configuration = IntercomConfiguration()
        configuration.access_token, configuration.base_url = TSecretStrValue(simulator.token), simulator.url
        terminal.print(f"A simulated Intercom answers at {simulator.url}. First sync: everything.\n")
        first = _synced(configuration, target, display, is_verbose=is_verbose)
        if first.status != "complete":
            return first.exit_code
        simulator.mutate(COUNT_CHANGES, seed=SEED)
        terminal.print(f"\n{COUNT_CHANGES} changes later. Second sync: only what is new or changed.\n")
        second = _synced(configuration, target, display, is_verbose=is_verbose)
        if second.status != "complete":
            return second.exit_code
    _answer(terminal, target)
    code = worst((first.exit_code, second.exit_code))
    display.end(DEMO_ENDED, code, target=str(target), report=str(report_file(database)), exit_code=int(code))
    return code


def _synced(configuration: IntercomConfiguration, target: Target, display: Display, *, is_verbose: bool) -> Outcome:
    outcome = sync(configuration, target, SyncOptions(Selection(everything=True)), display)
    if is_verbose:
        show_cause(outcome, display)
    show_ended(
        outcome.exit_code,
        display,
        lambda console, is_brief: print_summary(console, outcome, target, is_brief=is_brief),
    )
    say_ended(display, outcome)
    return outcome


def _answer(terminal: Console, target: Target) -> None:
    for question, sql in ANSWERS.items():
        terminal.print()
        terminal.print(f"{question}\n", style="bold")
        terminal.print(rows_table(*run_query(target, sql)))
    terminal.print()
    terminal.print(write_report(target, report_file(target.database)), soft_wrap=True)
    terminal.print(
        f"\n{target} is yours. Open it with any DuckDB client, or look further (query without SQL is a prompt):"
    )
    for line in next_commands(target.database):
        terminal.print(f"  {line}", soft_wrap=True)


def report_file(database: Path) -> Path:
    """Return the file of the demo's report: that of the database with another ending, in the same folder."""
    return database.with_name(f"{database.stem}_report.html")


def next_commands(database: Path) -> list[str]:
    """Return commands to try after the demo, to be pasted into the shell in which it was started."""
    called, file = started_as(), shlex.quote(str(database))
    report, project = shlex.quote(str(report_file(database))), shlex.quote(str(database.with_name("dbt_project")))
    return [
        f"{called} status --database {file}",
        f'{called} query --database {file} "{NEXT_QUERY}"',
        f"{called} query --database {file}",
        f"{called} report --database {file} --output {report}",
        f"{called} export-dbt {project} --database {file}",
    ]
