"""The first minute with your own workspace: write settings to `.dlt/`, and check that they work."""

import os
from pathlib import Path
from typing import Annotated

import dlt
import typer
from dlt.common.typing import TSecretStrValue

from pipelines.commands.options import Database, Dataset, LogFormatOption, Verbose, examples, new_app
from pipelines.console import console
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.doctor.checks import diagnosed
from pipelines.doctor.results import log_results, print_results
from pipelines.exit_code import ExitCode
from pipelines.invocation import started_as
from pipelines.journal.display import Display
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions
from pipelines.run.sync_plan import show_plan
from pipelines.settings_file import SettingsFile
from pipelines.settings_folder import reload_settings, settings_folder
from pipelines.stop import Stop
from sources.intercom.configuration import REGIONS, IntercomConfiguration

SECTION = ("sources", "intercom")
BYTE_ORDER_MARK = "\ufeff"  # with which editors on Windows begin a file

Setting = tuple[str, tuple[str, ...], str, str]  # file, section, name and value

app = new_app()


@app.command(
    epilog=examples(
        "`intercom-elt init`  asks for everything",
        "`intercom-elt init --region eu --yes < token.txt`  asks for nothing, and reads the token",
        "`intercom-elt init --config /etc/intercom`  writes to a folder other than .dlt",
    )
)
def command(
    region: Annotated[
        str | None, typer.Option(help="us, eu or au: where the workspace is. Default: as configured, or us.")
    ] = None,
    destination: Annotated[
        str | None, typer.Option(help="duckdb (the default), or a destination of dlt: postgres, bigquery, …")
    ] = None,
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, and overwrite earlier settings.")] = False,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> None:
    """Ask for token, region and destination, write token and region to `.dlt/`, and check that all work."""
    # Without a terminal the only line of standard input is the token, which no prompt may take for something else.
    is_asked = typer.get_text_stream("stdin").isatty() and not yes
    workspace_region = _chosen(region, f"Region of the workspace ({', '.join(REGIONS)})", _region(), is_asked=is_asked)
    token = _token()
    kind = _chosen(destination, "Destination (duckdb, postgres, bigquery, snowflake, …)", "duckdb", is_asked=is_asked)
    target = Target(kind, database, dataset)
    given = IntercomConfiguration()
    given.access_token, given.region = TSecretStrValue(token), workspace_region
    given.check()
    folder = settings_folder()
    settings: list[Setting] = [
        ("secrets.toml", SECTION, "access_token", token),
        ("config.toml", SECTION, "region", workspace_region),
    ]
    if is_asked and kind == "postgres" and (address := _address()):
        settings.append(("secrets.toml", ("destination", kind), "credentials", address))
    _check_environment(settings)
    _write(folder, settings, is_agreed=yes)
    reload_settings()  # dlt has read the files of before
    _check_taken(settings)
    terminal = console()
    terminal.quiet = log_format == "json"
    terminal.print(f"Written to {folder.resolve()}.\n", soft_wrap=True)
    results = diagnosed(lambda: IntercomConfiguration.resolved(is_for_reading=False), target)
    code = log_results(Display("json"), results) if log_format == "json" else print_results(terminal, results)
    if code == ExitCode.DONE and is_asked and typer.confirm("\nSee what the first sync would cost?", default=True):
        show_plan(IntercomConfiguration.resolved(), target, SyncOptions(Selection()), Display(log_format))
    terminal.print(f"\nNext: {started_as()} {'sync' if code == ExitCode.DONE else 'doctor'}{target.options}")
    if code == ExitCode.DONE and not is_asked:
        terminal.print(f"What it would cost: {started_as()} sync --plan{target.options}")
    raise typer.Exit(code)


def _check_taken(settings: list[Setting]) -> None:
    """Raise Stop if another file wins over the one that `init` has written to."""
    for name, section, setting, value in settings:
        place = ".".join([*section, setting])
        found = (dlt.secrets if name == "secrets.toml" else dlt.config).get(place, str)
        if str(found or "").strip() != value:
            message = f"{setting} under [{'.'.join(section)}] was written to {name}, but another value of it wins, from"
            raise Stop(
                f"{message} another file of settings or a secret of this machine. Remove it.", ExitCode.WRONG_USE
            )


def _check_environment(settings: list[Setting]) -> None:
    """Raise Stop if the environment, which wins, holds another value than the one that `init` is about to write."""
    for _, section, setting, value in settings:
        variable = "__".join([*section, setting]).upper()
        if os.environ.get(variable, value).strip() != value:
            message = f"{variable} is set in the environment to something else, which overrides the files. Unset it"
            raise Stop(f"{message}, or give the same to init. Nothing was written.", ExitCode.WRONG_USE)


def _chosen(given: str | None, question: str, default: str, *, is_asked: bool) -> str:
    return given or (str(typer.prompt(question, default)).strip() if is_asked else default)


def _region() -> str:
    """Return the region that is configured, which a new token does not change; `us` if none is."""
    configured = dlt.config.get(".".join([*SECTION, "region"]), str)
    return configured if configured in REGIONS else "us"


def _address() -> str:
    """Ask for the address of PostgreSQL with its password, typed unseen; empty to leave what is configured."""
    question = "Address, such as postgresql://user:password@host:5432/database (is not shown; empty: as configured)"
    return str(typer.prompt(question, "", hide_input=True, show_default=False)).strip()


def _token() -> str:
    """Ask for the token that `init` is to write: typed unseen on a terminal, or read from standard input."""
    stream = typer.get_text_stream("stdin")
    if not stream.isatty():
        try:
            token = stream.readline().removeprefix(BYTE_ORDER_MARK).strip()
        except UnicodeDecodeError as error:  # a file of PowerShell's, for instance, which writes UTF-16
            raise Stop("The access token is not in UTF-8; save its file as UTF-8.", ExitCode.WRONG_USE) from error
        if token:
            return token
        message = "init found no access token on standard input. Give it one: intercom-elt init < token.txt"
        raise Stop(message, ExitCode.WRONG_USE)
    return str(typer.prompt("Access token (is not shown)", hide_input=True)).strip()


def _write(folder: Path, settings: list[Setting], *, is_agreed: bool) -> None:
    """Write the settings that `init` was given; all of them or, if one is not to be overwritten, none."""
    files = {name: SettingsFile(folder / name) for name in ("secrets.toml", "config.toml")}
    others = [
        f"{setting} in {files[name].file}"
        for name, section, setting, value in settings
        if files[name].put(section, setting, value)
    ]
    if others and not is_agreed:
        _confirm(" and ".join(others))
    for file in files.values():
        file.write()


def _confirm(others: str) -> None:
    """Ask whether `init` may overwrite these settings; end it if not, or if nobody can answer."""
    if not typer.get_text_stream("stdin").isatty():
        message = f"init asks before it overwrites {others}; add --yes where nobody can answer. Nothing was written."
        raise Stop(message, ExitCode.WRONG_USE)
    typer.confirm(f"There is another {others}. Overwrite?", abort=True)
