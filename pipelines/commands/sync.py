"""The main flow of a run: lock, identify, load, record, transform, check."""

from dataclasses import dataclass
from typing import Annotated

import typer

from pipelines.commands.command_ending import conclude
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
from pipelines.console import console
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.journal.display import Display
from pipelines.journal.source_warnings import source_heard
from pipelines.journal.summary import print_summary
from pipelines.notifications.notifying import notifying
from pipelines.run.begin.begin import begun
from pipelines.run.begin.selection import Selection
from pipelines.run.chunks import load
from pipelines.run.model_settings import model_settings
from pipelines.run.outcome import Outcome
from pipelines.run.recorded_run import accounted, build_models, record_run
from pipelines.run.run import Run
from pipelines.run.sync_plan import plan_table, plan_words, planned, say_plan
from pipelines.run.visitors_to_look_up import PeopleMet, not_looked_up
from pipelines.stop import ExitCode, Stop
from sources.intercom.api.http.rate_limit import DEFAULT_RATE_SHARE
from sources.intercom.configuration import IntercomConfiguration, past_moment
from sources.intercom.reading.session import Wishes
from sources.intercom.resources.visitors import VISITORS
from transforms import Settings

app = new_app()


@dataclass(frozen=True)
class SyncOptions:
    """What a person asks of one run. `since` is unix seconds."""

    selection: Selection
    since: int | None = None
    full_refresh: bool = False
    transform: bool = True
    settings: Settings | None = None
    max_rate_share: float = DEFAULT_RATE_SHARE
    accepts_weaker_privacy: bool = False


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
            max_rate_share=max_rate_share,
            accepts_weaker_privacy=accept_weaker_privacy,
        )

    if plan:
        show_plan(target, options(), display)
        return
    with notifying("sync", target, display) as ending:
        outcome = sync(IntercomConfiguration.resolved(), target, options(), display)
        ending.of_outcome(outcome)
        conclude(
            outcome,
            display,
            lambda console, is_brief: print_summary(console, outcome, target, is_brief=is_brief),
            is_verbose=verbose,
        )


def show_plan(target: Target, options: SyncOptions, display: Display) -> None:
    """Say what a sync would cost, also quietly: it is what was asked for. Leaves with 1 where a part is not known."""
    configuration = IntercomConfiguration.resolved()
    names = options.selection.resources(configuration.exclude)
    since = configuration.start_at() if options.full_refresh else options.since
    with source_heard(display):
        plan = planned(configuration, target, names, options.max_rate_share, since)
    say_plan(Display(display.log_format), plan, target)
    if display.log_format == "text":
        console().print(plan_table(plan), "", *plan_words(plan, target), sep="\n", soft_wrap=True)
    if any(each.error is not None for each in plan.resources):
        raise typer.Exit(ExitCode.FAILED)


def sync(configuration: IntercomConfiguration, target: Target, options: SyncOptions, display: Display) -> Outcome:
    """Load what is new or changed into `target`, then build and check the models.

    Raises Stop where nothing could be begun; once loading has begun, failures are in the outcome.
    """
    outcome = Outcome(options.selection.resources(configuration.exclude))
    with begun(configuration, target, outcome, display, options.max_rate_share, options.accepts_weaker_privacy) as run:
        _load(run, options, outcome, display)
        record_run(run, outcome)
        if options.transform and outcome.is_loaded:
            build_models(run, outcome, display, options.settings)
    return outcome


def _load(run: Run, options: SyncOptions, outcome: Outcome, display: Display) -> None:
    start_at = run.configuration.start_at()
    met = PeopleMet(set())
    if VISITORS.name in outcome.resources:
        met = not_looked_up(run.raw, run.guard.privacy, from_scratch=options.full_refresh)
    session = run.session(
        outcome.report,
        Wishes(
            named=frozenset(options.selection.names),
            start_at=start_at if options.since is None else min(start_at, options.since),
            since=options.since,
            from_scratch=options.full_refresh,
            people=frozenset({*met.user_ids, *map(str, run.configuration.visitor_user_ids)}),
            has_all_people=met.is_everybody,
        ),
    )
    with accounted(run, session, outcome, display):
        load(run, session, outcome.resources)
