"""The main flow of a run: lock, identify, load, record, transform, check."""

from dataclasses import dataclass

from pipelines.destination.target import Target
from pipelines.run.account import accounted, record_run
from pipelines.run.begin import Run, begun
from pipelines.run.chunks import load
from pipelines.run.display import Display
from pipelines.run.models import transform
from pipelines.run.outcome import Outcome
from pipelines.run.people_met import not_looked_up
from pipelines.run.selection import Selection
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.resources.visitors import VISITORS
from transforms import Settings


@dataclass(frozen=True)
class SyncOptions:
    """What a person asks of one run. `since` is unix seconds."""

    selection: Selection
    since: int | None = None
    full_refresh: bool = False
    transform: bool = True
    settings: Settings | None = None
    max_rate_share: float = 0.9


def sync(configuration: IntercomConfiguration, target: Target, options: SyncOptions, display: Display) -> Outcome:
    """Load what is new or changed into `target`, then build and check the models.

    Raises Stop where nothing could be begun; once loading has begun, failures stand in the outcome.
    """
    outcome = Outcome(options.selection.resources(configuration.exclude))
    with begun(configuration, target, outcome.report, options.max_rate_share) as run:
        _load(run, options, outcome, display)
        record_run(run, outcome)
        if options.transform and outcome.is_loaded:
            outcome.build = transform(run.pipeline, target, display, options.settings, now=run.identity.now())
    return outcome


def _load(run: Run, options: SyncOptions, outcome: Outcome, display: Display) -> None:
    start_at = run.configuration.start_at()
    people = set(run.configuration.visitor_user_ids)
    if VISITORS.name in outcome.resources:
        people |= not_looked_up(run.pipeline, from_scratch=options.full_refresh)
    reading = run.reading(
        outcome.report,
        named=frozenset(options.selection.names),
        start_at=start_at if options.since is None else min(start_at, options.since),
        since=options.since,
        from_scratch=options.full_refresh,
        people=people,
    )
    with accounted(run, reading, outcome, display):
        load(run.pipeline, reading, outcome.resources, run.new_chunk)
