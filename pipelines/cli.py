"""The command line: arguments in, exit code out. Each command is a few lines; what it does has a file of its own."""

import logging
import secrets
import sys
import traceback
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.table import Table

from pipelines.commands.demo import run_demo
from pipelines.commands.doctor import examine, print_findings
from pipelines.commands.export_dbt import run_export
from pipelines.commands.query import Format, print_rows, run_query
from pipelines.commands.status import print_status
from pipelines.commands.sync import SyncOptions
from pipelines.commands.sync import sync as run_sync
from pipelines.console import console
from pipelines.destination.failure import DESTINATION_ERRORS, destination_failure
from pipelines.destination.lock import only_run
from pipelines.destination.target import DEFAULT_DATABASE, DEFAULT_DATASET, Target
from pipelines.forget.forget import confirmation, print_forgetting, remember
from pipelines.forget.forget import forget as run_forget
from pipelines.run.display import Display, LogFormat
from pipelines.run.model_settings import model_settings
from pipelines.run.models import transform as run_transform
from pipelines.run.outcome import Outcome
from pipelines.run.selection import Selection
from pipelines.run.summary import build_summary, print_summary
from pipelines.stop import ExitCode, Stop
from pipelines.verify.audit.audit import AuditOptions
from pipelines.verify.audit.audit import audit as run_audit
from pipelines.verify.audit.summary import print_audit
from pipelines.verify.sweep import SweepOptions
from pipelines.verify.sweep import sweep as run_sweep
from pipelines.verify.sweep_summary import sweep_overview
from simulator.__main__ import run as run_simulator
from sources.intercom.configuration import ConfigurationError, IntercomConfiguration, moment
from sources.intercom.privacy.concealment import hashing

NAME = "intercom-elt"
USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]  # typer keeps the base of its own errors private

app = typer.Typer(
    name=NAME,
    help="Loads everything that Intercom's REST API 2.10 can tell into DuckDB or a warehouse, and builds models on it.",
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

Destination = Annotated[str, typer.Option(help="duckdb, or a destination of dlt: postgres, bigquery, snowflake, …")]
Database = Annotated[Path, typer.Option(help="The DuckDB file.", dir_okay=False)]
Dataset = Annotated[str, typer.Option(help="Name of the marts; raw tables go to DATASET_raw.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show the traceback of an error.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show errors only.")]
LogFormatOption = Annotated[LogFormat, typer.Option(help="Progress for people (text) or for machines (json).")]
Share = Annotated[float, typer.Option(min=0.01, max=1.0, help="Share of Intercom's rate limit to use.")]
ModelSettings = Annotated[
    Path | None, typer.Option(help="Office hours, holidays and targets. Default: .dlt/models.toml, if there is one.")
]
EXAMPLES = "**Examples**\n\n"
HIGHEST_SEED = 1_000_000


@app.command(epilog=EXAMPLES + "`intercom-elt demo`")
def demo(database: Database = Path("intercom_demo.duckdb"), quiet: Quiet = False, verbose: Verbose = False) -> None:
    """See it all work without a token: a simulated Intercom is loaded, changes, and is loaded again."""
    raise typer.Exit(run_demo(console(), Display(is_quiet=quiet), database))


@app.command(
    epilog=EXAMPLES
    + "`intercom-elt sync`  everything but what costs one call per contact\n\n"
    + "`intercom-elt sync contacts conversations --database support.duckdb`\n\n"
    + "`intercom-elt sync --destination postgres --dataset support --log-format json`"
)
def sync(
    resources: Annotated[
        list[str] | None, typer.Argument(help="Resources to read; none means the default set.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what costs one call per contact.")] = False,
    exclude: Annotated[list[str] | None, typer.Option(help="A resource to leave out; may be repeated.")] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    since: Annotated[
        str | None, typer.Option(help="Read again what changed since this date, such as 2026-01-31.")
    ] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Read everything again, over what is there; nothing is dropped.")
    ] = False,
    no_transform: Annotated[bool, typer.Option("--no-transform", help="Load only; do not build the models.")] = False,
    settings: ModelSettings = None,
    max_rate_share: Share = 0.9,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Load what is new or changed, then build and check the models."""
    if since is not None and full_refresh:
        raise Stop("--full-refresh reads everything again; leave out --since.", ExitCode.WRONG_USE)
    target = Target(destination, database, dataset)
    options = SyncOptions(
        selection=Selection(tuple(resources or ()), everything, tuple(exclude or ())),
        since=None if since is None else moment(since, "--since"),
        full_refresh=full_refresh,
        transform=not no_transform,
        settings=model_settings(settings),
        max_rate_share=max_rate_share,
    )
    display = Display(log_format, is_quiet=quiet)
    outcome = run_sync(IntercomConfiguration.resolved(), target, options, display)
    _conclude(outcome, target, display, log_format, is_quiet=quiet)


@app.command(
    epilog=EXAMPLES
    + "`intercom-elt sweep`  every contact, company, conversation and ticket\n\n"
    + "`intercom-elt sweep --since-last`  only what was created since the last whole sweep: for every night\n\n"
    + "`intercom-elt sweep contacts --database support.duckdb`"
)
def sweep(
    entities: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENTITY]...", help="contacts, companies, conversations, tickets; none means all."),
    ] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="Only records created since the last whole sweep of their kind.")
    ] = False,
    no_transform: Annotated[bool, typer.Option("--no-transform", help="Do not build the models.")] = False,
    settings: ModelSettings = None,
    max_rate_share: Share = 0.9,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find what is gone from Intercom, what came back, and what changed without saying so.

    Every id that Intercom lists is compared with what is loaded. Each missing one is asked for by its own call; only a
    404 marks it in deleted_records. Articles and news need no sweep: every sync compares them.
    """
    target = Target(destination, database, dataset)
    options = SweepOptions(
        names=tuple(entities or ()),
        since_last=since_last,
        transform=not no_transform,
        settings=model_settings(settings),
        max_rate_share=max_rate_share,
    )
    display = Display(log_format, is_quiet=quiet)
    outcome = run_sweep(IntercomConfiguration.resolved(), target, options, display)
    _conclude(outcome, target, display, log_format, is_quiet=quiet, overview=sweep_overview(outcome))


@app.command(epilog=EXAMPLES + "`intercom-elt transform --select +fct_conversations`")
def transform(
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    select: Annotated[
        str | None,
        typer.Option(help="Models to build: `name`, `name+` (and what reads it), `+name` (and what it reads)."),
    ] = None,
    settings: ModelSettings = None,
    fivetran: Annotated[
        bool, typer.Option("--fivetran", help="Also views in the shape of Fivetran's tables, in DATASET_fivetran.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Build all rows anew, also those of conversations that have not changed.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Build the models and run the checks on what is loaded."""
    target = Target(destination, database, dataset)
    with only_run(target):
        target.check_loaded()
        build = run_transform(
            target.pipeline(),
            target,
            Display(is_quiet=quiet),
            model_settings(settings),
            select,
            fivetran=fivetran,
            full=full,
        )
    if not quiet or not build.is_ok:
        console(to_errors=quiet).print(build_summary(build))
    raise typer.Exit(ExitCode.DONE if build.is_ok else ExitCode.CHECK_FAILED)


@app.command(
    epilog=EXAMPLES
    + "`intercom-elt audit`  counts, completeness of parts, and 50 random records of every table\n\n"
    + "`intercom-elt audit --sample 500 --seed 7`"
)
def audit(
    sample: Annotated[int, typer.Option(min=0, help="Random records of each table to read again.")] = 50,
    seed: Annotated[int | None, typer.Option(min=0, help="Read the same records again as an audit before.")] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    max_rate_share: Share = 0.9,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Prove that what is loaded is what Intercom has; load again what differs."""
    target = Target(destination, database, dataset)
    options = AuditOptions(sample, secrets.randbelow(HIGHEST_SEED) if seed is None else seed, max_rate_share)
    display = Display(log_format, is_quiet=quiet)
    outcome = run_audit(IntercomConfiguration.resolved(), target, options, display)
    if log_format == "json":
        _ending(display, outcome).say("audit ended", **outcome.facts())
    elif not quiet or outcome.exit_code:
        print_audit(console(to_errors=quiet), outcome, is_brief=quiet)
    raise typer.Exit(outcome.exit_code)


@app.command("export-dbt", epilog=EXAMPLES + "`intercom-elt export-dbt dbt_project --dialect snowflake`")
def export_dbt(
    folder: Annotated[Path, typer.Argument(help="Where the dbt project is written.", file_okay=False)],
    dialect: Annotated[str | None, typer.Option(help="The project's warehouse. Default: the destination's.")] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    settings: ModelSettings = None,
    verbose: Verbose = False,
) -> None:
    """Write the models as an ordinary dbt project."""
    target = Target(destination, database, dataset)
    console().print(run_export(target, folder, dialect, model_settings(settings)))


@app.command(epilog=EXAMPLES + "`intercom-elt status --database support.duckdb`")
def status(
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    verbose: Verbose = False,
) -> None:
    """Show the last runs, how fresh each resource is, and how many rows each table holds."""
    print_status(console(), Target(destination, database, dataset))


@app.command(
    epilog=EXAMPLES
    + '`intercom-elt query "FROM fct_conversations LIMIT 5"`\n\n'
    + '`intercom-elt query "FROM contacts" --format csv > contacts.csv`'
)
def query(
    sql: Annotated[str, typer.Argument(help="SQL; names are looked up in marts, staging and raw tables.")],
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    output: Annotated[Format, typer.Option("--format", help="table, csv or json (one object a line).")] = "table",
    verbose: Verbose = False,
) -> None:
    """Run SQL on the database and print the rows."""
    columns, rows = run_query(Target(destination, database, dataset), sql)
    print_rows(columns, rows, output)


@app.command(epilog=EXAMPLES + "`intercom-elt doctor`")
def doctor(
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    verbose: Verbose = False,
) -> None:
    """Check token, permissions, rate limit and destination; say what to do about each failure."""
    findings = examine(IntercomConfiguration.resolved(), Target(destination, database, dataset))
    raise typer.Exit(ExitCode.DONE if print_findings(console(), findings) else ExitCode.FAILED)


@app.command(
    epilog=EXAMPLES
    + "`intercom-elt forget ada@example.com`  asks before it erases\n\n"
    + "`intercom-elt forget 64be8a3c5f1d2b0012345678 --yes --database support.duckdb`\n\n"
    + "`intercom-elt forget 64be8a3c5f1d2b0012345678 --undo`  lets later syncs load the contact again"
)
def forget(
    contact: Annotated[str, typer.Argument(help="Intercom's id, your own id (external_id) or an e-mail address.")],
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    is_certain: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Hold the contact back no longer; nothing is restored.")] = False,
    settings: ModelSettings = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Erase a person's rows and texts from every table, and keep them from being loaded again."""
    target = Target(destination, database, dataset)
    if undo:
        count = remember(target, contact)
        console().print(
            f"{count:,} records are held back no longer: intercom-elt sync --full-refresh loads them again."
        )
        return
    hash_key = IntercomConfiguration.resolved(is_for_reading=False).privacy.hash_key.strip()
    hashed = hashing(hash_key) if hash_key else None
    display = Display(is_quiet=quiet)
    forgetting = run_forget(target, contact, confirmation(is_certain), display, model_settings(settings), hashed)
    if not quiet:
        print_forgetting(console(), forgetting, target)
    raise typer.Exit(ExitCode.DONE if forgetting.is_ok else ExitCode.CHECK_FAILED)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    help="Serve a simulated Intercom on this machine; its options: `intercom-elt simulator --help`.",
)
def simulator(context: typer.Context) -> None:
    """Hand every argument to the simulator, which has a command line of its own (`python -m simulator`)."""
    try:
        run_simulator(context.args, f"{NAME} simulator")
    except SystemExit as ended:
        raise typer.Exit(ExitCode.WRONG_USE if ended.code else ExitCode.DONE) from None


def _conclude(
    outcome: Outcome,
    target: Target,
    display: Display,
    log_format: LogFormat,
    *,
    is_quiet: bool,
    overview: Table | None = None,
) -> NoReturn:
    """Say how a run ended, and end with its exit code."""
    if log_format == "json":
        _ending(display, outcome).say("run ended", **outcome.facts())
    elif not is_quiet or outcome.exit_code:
        print_summary(console(to_errors=is_quiet), outcome, target, is_brief=is_quiet, overview=overview)
    raise typer.Exit(outcome.exit_code)


def _ending(display: Display, outcome: Outcome) -> Display:
    """Return where the end is told to machines: a failure also where nothing but errors is to be said."""
    return Display("json") if outcome.exit_code else display


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every expected failure ends in one line and an exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    _quieten_dlt(is_verbose="--verbose" in given)
    try:
        code = app(given or ["--help"], prog_name=NAME, standalone_mode=False) or ExitCode.DONE
    except (Stop, ConfigurationError) as error:
        code = error.code if isinstance(error, Stop) else ExitCode.WRONG_USE
        _explain(error, str(error), given)
    except USAGE_ERROR as error:
        code = ExitCode.WRONG_USE
        _explain(error, f"{error.format_message()} Try: {NAME} --help", given)  # type: ignore[attr-defined]
    except DESTINATION_ERRORS as error:
        code = ExitCode.FAILED
        _explain(error, f"{destination_failure(error)}, and run again.", given)
    except typer.Abort:
        code = ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a defect, too, ends in one readable line
        code = ExitCode.FAILED
        _explain(error, f"{type(error).__name__}: {error} (run again with --verbose for the traceback)", given)
    sys.exit(code if code in list(ExitCode) else ExitCode.FAILED)


def _quieten_dlt(*, is_verbose: bool) -> None:
    """Keep dlt's own log to itself: it tells failures by tracebacks, which may quote rows; we tell them in one line."""
    logger = logging.getLogger("dlt")
    logger.filters = [] if is_verbose else [lambda record: False]


def _explain(error: BaseException, message: str, given: list[str]) -> None:
    if "--verbose" in given:
        traceback.print_exception(error)
    console(to_errors=True).print(f"{NAME}: {message}", soft_wrap=True, style="red")
