"""`intercom-elt forget`: its options and exit code; how a person is erased is in `forget/`."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.command_ending import conclude
from pipelines.commands.options import (
    Database,
    Dataset,
    Destination,
    LogFormatOption,
    ModelSettings,
    OwnModels,
    Quiet,
    Verbose,
    examples,
    new_app,
)
from pipelines.console import console, plain_table
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.exit_code import ExitCode
from pipelines.forget.forget import Confirm, Forgetting, forget, release_person
from pipelines.invocation import started_as
from pipelines.journal.display import Display
from pipelines.journal.events import PERSON_FORGOTTEN, PERSON_RELEASED
from pipelines.journal.printed_summary import build_summary
from pipelines.run.build_models import say_failed_build
from pipelines.run.model_settings import model_settings
from pipelines.stop import Stop
from sources.intercom.configuration import IntercomConfiguration

app = new_app()


@app.command(
    epilog=examples(
        "`intercom-elt forget ada@example.com`  asks before it erases",
        "`intercom-elt forget 64be8a3c5f1d2b0012345678 --yes --database support.duckdb`",
        "`intercom-elt forget 64be8a3c5f1d2b0012345678 --undo`  lets later syncs load the contact again",
    )
)
def command(
    contact: Annotated[str, typer.Argument(help="Intercom's id, your own id (external_id) or an e-mail address.")],
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    is_certain: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Let later syncs load the contact again; restores nothing.")
    ] = False,
    settings: ModelSettings = None,
    models: OwnModels = None,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Erase a person's rows and texts from every table, and keep them from being loaded again."""
    target = Target(destination, database, dataset)
    display = Display(log_format, is_quiet=quiet)
    if undo:
        count = release_person(target, contact)
        display.say(PERSON_RELEASED, target=str(target), records=count)
        if log_format == "text" and not quiet:
            console(is_unfailing=True).print(
                f"{count:,} records are held back no longer. They are loaded again by: "
                f"{started_as()} sync --all --full-refresh{target.options}"
            )
        return
    hash_key = IntercomConfiguration.resolved(is_for_reading=False).privacy.hash_key.strip()
    forgetting = forget(target, contact, confirmation(is_certain), display, model_settings(settings, models), hash_key)
    say_failed_build(display, forgetting.build)
    code = forgetting.code
    display.end(
        PERSON_FORGOTTEN,
        code,
        target=str(target),
        records=dict(forgetting.count_records),
        rows=dict(forgetting.count_rows),
        copies=forgetting.copies,
        exit_code=int(code),
    )
    conclude(code, display, lambda console, is_brief: _print_forgetting(console, forgetting, target))


def confirmation(is_certain: bool) -> Confirm:
    """Return how `forget` asks whether to erase: on the terminal, unless the person said so already."""

    def confirm(question: str) -> bool:
        if is_certain:
            return True
        if not sys.stdin.isatty():
            raise Stop("forget asks before it erases; add --yes where nobody can answer.", ExitCode.WRONG_USE)
        return typer.confirm(question)

    return confirm


def _print_forgetting(console: Console, forgetting: Forgetting, target: Target) -> None:
    """Print what `forget` deleted or emptied, rows by table, and what remains to be done elsewhere."""
    table = plain_table(header_style="bold")
    table.add_column("table")
    table.add_column("rows erased or stripped", justify="right")
    for name, count in sorted(forgetting.count_rows.items()):
        table.add_row(name, f"{count:,}")
    console.print(table)
    if forgetting.build is not None:
        console.print(build_summary(forgetting.build))
    console.print(
        f"Contact {forgetting.contact_id} is forgotten in {target}, and later syncs hold the person back. "
        "Not touched: Intercom itself, backups, and tables that others made of these."
    )
    for name in forgetting.copies:
        console.print(f"Their owner runs: REFRESH MATERIALIZED VIEW {name};", soft_wrap=True)
