"""The beginning of every command that reads Intercom for a target: lock, connect, identify, refuse other workspaces."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.destination.locks.lock import only_run
from pipelines.destination.postgres.rights import check_rights
from pipelines.destination.tables.dropped_tables import make_anew
from pipelines.destination.tables.foreign_tables import refuse_what_is_others
from pipelines.destination.tables.forgotten_records import KEY, TABLE
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.tables.lost_forgotten import refuse_lost_people
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.journal.journal import Journal
from pipelines.journal.outcome import Outcome
from pipelines.journal.source_warnings import source_heard
from pipelines.run.begin.access import Access
from pipelines.run.begin.erasures_to_complete import erasures_to_complete
from pipelines.run.begin.identify import connected, identify, refuse_other_workspace
from pipelines.run.begin.usable_settings import check_settings
from pipelines.run.begin.weaker_privacy import refuse_weaker_privacy
from pipelines.run.run import Run
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.privacy.forgotten_people import Forgotten
from sources.intercom.privacy.guard import Guard
from sources.intercom.reading.newcomers import Newcomers
from sources.intercom.reading.session import threads


@contextmanager
def begun(
    configuration: IntercomConfiguration,
    target: Target,
    outcome: Outcome,
    display: Display,
    access: Access,
) -> Iterator[Run]:
    """Begin a run on `target`, or raise Stop if it cannot begin; the call to `/me` is counted in `outcome`."""
    privacy = check_settings(configuration)
    with _many_small_objects(), only_run(target) as lock, connected(configuration, access.max_rate_share) as client:
        identity = identify(client.counting(outcome.report.of("workspace").tally))
        with target.held_open():
            target.make_ready()
            check_rights(target)
            pipeline = target.pipeline()
            raw = RawTables(pipeline)
            refuse_other_workspace(raw, target, identity)
            if not access.accepts_weaker_privacy:
                refuse_weaker_privacy(pipeline, target, privacy)
            look = Inspection.at(pipeline)
            refuse_what_is_others(look, pipeline, target)
            for line in make_anew(look, pipeline, target):
                display.say(WARNING, message=line)
            records = [*raw.select(TABLE, *KEY)]
            refuse_lost_people(raw, target, Counter(contact_id for _, _, contact_id in records))
            for line in erasures_to_complete(raw, target) if records else ():
                display.say(WARNING, message=line)
            guard = Guard(privacy, Forgotten.of((entity, record_id) for entity, record_id, _ in records))
            marked = raw.marked()
            newcomers = Newcomers(look.never_made)
        with threads(configuration.connections) as (lists, details):
            journal = Journal(display, outcome)
            journal.run_begun(target, identity)
            run = Run(
                configuration,
                target,
                client,
                identity,
                raw,
                guard=guard,
                marked=marked,
                newcomers=newcomers,
                lists=lists,
                details=details,
                lock=lock,
                outcome=outcome,
                display=display,
                journal=journal,
            )
            with source_heard(display):
                yield run


@contextmanager
def _many_small_objects() -> Iterator[None]:
    """Tune the garbage collector as a run begins, for objects that live for one page: fewer, later collections."""
    usual = gc.get_threshold()
    gc.freeze()  # for good: nothing of it is garbage before the end
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
