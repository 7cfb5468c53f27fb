"""The main flow of a sync: lock, identify, load, record, build and check the models."""

from dataclasses import dataclass, replace

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.outcome import Outcome
from pipelines.run.begin.access import USUAL_ACCESS, Access
from pipelines.run.begin.begin import begun
from pipelines.run.begin.selection import Selection
from pipelines.run.build_models import build_models_of
from pipelines.run.chunks import load
from pipelines.run.recorded_run import accounted, record_run
from pipelines.run.run import Run
from pipelines.run.visitors_to_look_up import PeopleMet, not_looked_up
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.reading.session import Wishes
from sources.intercom.resources.visitors import VISITORS
from transforms import Settings


@dataclass(frozen=True)
class SyncOptions:
    """The options of one sync. `since` is unix seconds."""

    selection: Selection
    since: int | None = None
    full_refresh: bool = False
    transform: bool = True
    settings: Settings | None = None
    access: Access = USUAL_ACCESS


def sync(configuration: IntercomConfiguration, target: Target, options: SyncOptions, display: Display) -> Outcome:
    """Sync: load what is new or changed into `target`, then build and check the models.

    Raises Stop if the run cannot begin; once loading has begun, failures are in the outcome.
    """
    outcome = Outcome(options.selection.resources(configuration.exclude))
    with begun(configuration, target, outcome, display, options.access) as run:
        _load(run, options)
        record_run(run)
        if options.transform and outcome.is_loaded:
            build_models_of(run, options.settings)
    return outcome


def wishes_of(options: SyncOptions, configuration: IntercomConfiguration) -> Wishes:
    """Return what a sync with these options is to read, but for the people to look up."""
    start_at = configuration.start_at()
    return Wishes(
        named=frozenset(options.selection.names),
        start_at=start_at if options.since is None else min(start_at, options.since),
        since=options.since,
        from_scratch=options.full_refresh,
    )


def _load(run: Run, options: SyncOptions) -> None:
    met = PeopleMet(set())
    if VISITORS.name in run.outcome.resources:
        met = not_looked_up(run.raw, run.guard.privacy, from_scratch=options.full_refresh)
    session = run.session(
        replace(
            wishes_of(options, run.configuration),
            people=frozenset({*met.user_ids, *map(str, run.configuration.visitor_user_ids)}),
            has_all_people=met.is_everybody,
        ),
    )
    with accounted(run, session):
        load(run, session, run.outcome.resources)
