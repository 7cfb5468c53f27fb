"""`intercom-elt sweep`: its options and exit code; what a sweep does is in `verify/sweep.py`."""

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
from pipelines.journal.display import Display
from pipelines.journal.printed_summary import print_summary
from pipelines.notifications.notifying import notifying
from pipelines.run.begin.access import Access
from pipelines.run.model_settings import model_settings
from pipelines.verify.sweep import SweepOptions, sweep
from pipelines.verify.sweep_summary import sweep_overview
from sources.intercom.api.http.rate_limit import DEFAULT_RATE_SHARE
from sources.intercom.configuration import IntercomConfiguration

app = new_app()


@app.command(
    epilog=examples(
        "`intercom-elt sweep`  every contact, company, conversation and ticket",
        "`intercom-elt sweep --since-last`  only what was created since the last whole sweep: for every night",
        "`intercom-elt sweep contacts --database support.duckdb`",
    )
)
def command(
    entities: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ENTITY]...", help="contacts, companies, conversations, tickets; none means all."),
    ] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="Only records created since the last whole sweep of their entity.")
    ] = False,
    no_transform: Annotated[bool, typer.Option("--no-transform", help="Do not build the models.")] = False,
    settings: ModelSettings = None,
    models: OwnModels = None,
    max_rate_share: Share = DEFAULT_RATE_SHARE,
    accept_weaker_privacy: WeakerPrivacy = False,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find what is gone from Intercom, what came back, and what changed without saying so.

    Every id that Intercom lists is compared with what is loaded. Each missing one is asked for by its own call; only a
    404 marks it in deleted_records. Articles and news need no sweep: every sync compares them.
    """
    target = Target(destination, database, dataset)
    display = Display(log_format, is_quiet=quiet)
    with notifying("sweep", target, display) as ending:
        options = SweepOptions(
            entities=tuple(entities or ()),
            since_last=since_last,
            transform=not no_transform,
            settings=model_settings(settings, models),
            access=Access(max_rate_share, accept_weaker_privacy),
        )
        outcome = sweep(IntercomConfiguration.resolved(), target, options, display)
        ending.take_outcome(outcome)
        overview = sweep_overview(outcome)
        conclude_run(
            outcome,
            display,
            lambda console, is_brief: print_summary(console, outcome, target, is_brief=is_brief, overview=overview),
            is_verbose=verbose,
        )
