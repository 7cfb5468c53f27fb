"""Load what is new or changed, or say what that would cost."""

from typing import Annotated

import typer

from pipelines.commands.command_ending import conclude_run
from pipelines.commands.options import (
    Database,
    Dataset,
    Destination,
    LogFormatOption,
    ModelSettings,
    OwnModels,
    Quiet,
    Share,
    Verbose,
    WeakerPrivacy,
    examples,
    new_app,
)
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.journal.printed_summary import print_summary
from pipelines.notifications.notifying import notifying
from pipelines.notifications.settings import NotificationSettings
from pipelines.run.begin.access import Access
from pipelines.run.begin.selection import Selection
from pipelines.run.model_settings import model_settings
from pipelines.run.sync import SyncOptions, sync
from pipelines.run.sync_plan import show_plan
from pipelines.stop import Stop
from sources.intercom.api.http.rate_limit import DEFAULT_RATE_SHARE
from sources.intercom.configuration import IntercomConfiguration, past_moment

app = new_app()


@app.command(
    epilog=examples(
        "`intercom-elt sync`  everything but what costs one call per contact",
        "`intercom-elt sync --plan`  what that would cost, without loading anything",
        "`intercom-elt sync contacts conversations --database support.duckdb`",
        "`intercom-elt sync --destination postgres --dataset support --log-format json`",
    )
)
def command(
    resources: Annotated[
        list[str] | None, typer.Argument(help="Resources to read; none means the default set.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every resource, also what costs one call per contact.")
    ] = False,
    exclude: Annotated[list[str] | None, typer.Option(help="A resource to leave out; may be repeated.")] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    since: Annotated[
        str | None, typer.Option(help="Read again what changed since this date, such as 2026-01-31.")
    ] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Read everything again, and merge it over the loaded rows.")
    ] = False,
    no_transform: Annotated[bool, typer.Option("--no-transform", help="Load only; do not build the models.")] = False,
    settings: ModelSettings = None,
    models: OwnModels = None,
    max_rate_share: Share = DEFAULT_RATE_SHARE,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say how many calls, minutes, rows and megabytes; load nothing.")
    ] = False,
    accept_weaker_privacy: WeakerPrivacy = False,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Load what is new or changed, then build and check the models."""
    if since is not None and full_refresh:
        raise Stop("--full-refresh reads everything again; leave out --since.", ExitCode.WRONG_USE)
    target = Target(destination, database, dataset)
    display = Display(log_format, is_quiet=quiet)

    def options() -> SyncOptions:
        return SyncOptions(
            selection=Selection(tuple(resources or ()), everything, tuple(exclude or ())),
            since=None if since is None else past_moment(since, "--since"),
            full_refresh=full_refresh,
            transform=not no_transform,
            settings=model_settings(settings, models),
            access=Access(max_rate_share, accept_weaker_privacy),
        )

    if plan:
        NotificationSettings.check()  # a plan tells nobody, and is none where the sync would be refused
        if not show_plan(IntercomConfiguration.resolved(), target, options(), display):
            raise typer.Exit(ExitCode.FAILED)
        return
    with notifying("sync", target, display) as ending:
        outcome = sync(IntercomConfiguration.resolved(), target, options(), display)
        ending.take_outcome(outcome)
        conclude_run(
            outcome,
            display,
            lambda console, is_brief: print_summary(console, outcome, target, is_brief=is_brief),
            is_verbose=verbose,
        )
