"""`intercom-elt audit`: its options and exit code; what an audit does is in `verify/audit`."""

import secrets
from typing import Annotated

import typer

from pipelines.commands.command_ending import conclude_run
from pipelines.commands.options import (
    Database,
    Dataset,
    Destination,
    LogFormatOption,
    Quiet,
    Share,
    Verbose,
    WeakerPrivacy,
    examples,
    new_app,
)
from pipelines.destination.dataset_name import DEFAULT_DATASET
from pipelines.destination.failures.quoted_values import without_values
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.journal.display import Display
from pipelines.notifications.notifying import notifying
from pipelines.run.begin.access import Access
from pipelines.verify.audit.audit import AuditOptions, audit
from pipelines.verify.audit.audit_summary import print_audit
from sources.intercom.api.http.rate_limit import DEFAULT_RATE_SHARE
from sources.intercom.configuration import IntercomConfiguration

HIGHEST_SEED = 1_000_000

app = new_app()


@app.command(
    epilog=examples(
        "`intercom-elt audit`  counts, completeness of parts, and 50 random records of every table",
        "`intercom-elt audit --sample 500 --seed 7`",
    )
)
def command(
    sample: Annotated[int, typer.Option(min=0, help="Random records of each table to read again.")] = 50,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of an earlier audit: reads the same records.")] = None,
    destination: Destination = "duckdb",
    database: Database = DEFAULT_DATABASE,
    dataset: Dataset = DEFAULT_DATASET,
    max_rate_share: Share = DEFAULT_RATE_SHARE,
    accept_weaker_privacy: WeakerPrivacy = False,
    log_format: LogFormatOption = "text",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Prove that what is loaded is what Intercom has; load again what differs."""
    target = Target(destination, database, dataset)
    chosen = secrets.randbelow(HIGHEST_SEED) if seed is None else seed
    options = AuditOptions(sample, chosen, Access(max_rate_share, accept_weaker_privacy))
    display = Display(log_format, is_quiet=quiet)
    with notifying("audit", target, display) as ending:
        outcome = audit(IntercomConfiguration.resolved(), target, options, display)
        ending.take_outcome(outcome)
        ending.reasons.append(without_values(outcome.sentence))
        conclude_run(
            outcome,
            display,
            lambda console, is_brief: print_audit(console, outcome, target, is_brief=is_brief),
            is_verbose=verbose,
        )
