"""The loads of one run, in chunks until every pass has ended: a single load package if little is new."""

from collections.abc import Iterable

import dlt
import pyarrow  # type: ignore[import-untyped]  # pyarrow ships no types
from dlt.common.pipeline import ExtractInfo
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destination.tables.forgotten_records import forgotten_ids, record_found_so_far
from pipelines.destination.tables.inspection import make_tables
from pipelines.run.run import Run
from sources.intercom import RESOURCES, TABLES, Session, chunk_source, states_of
from sources.intercom.privacy.forgotten_people import Forgotten
from sources.intercom.reading.reading import is_unfinished
from sources.intercom.reading.resource import Resource
from sources.intercom.resources.content_export import CONTENT_EXPORT, give_up
from transforms.runner.warehouse.postgres.lock_waiting import PATIENCE_SECONDS, attempts, is_lock_timeout


def load(run: Run, session: Session, resources: list[str]) -> None:
    """Load `resources` in chunks; `session.report` says what was read.

    Each chunk is one load package: rows and state become visible together. An export job is followed while the others
    are read; the rest of it is waited for in packages of its own, so that no read rows wait.
    """
    due = resources
    while due and not session.stop.is_set():
        load_package(run, session, [RESOURCES[name] for name in due])
        unfinished = _unfinished(run.pipeline, session, due)
        for name in unfinished:
            session.report.of(name).goes_on()
        run.journal.resources_ended([name for name in due if name not in unfinished])
        due = unfinished
    for name in due if session.stop.is_set() else ():
        session.report.of(name).stop("interrupted")
    if session.stop.is_set() and CONTENT_EXPORT.name in resources:
        give_up(session)


def load_package(run: Run, session: Session, resources: Iterable[Resource]) -> None:
    """Load a chunk of `resources`, as much as it allows: rows and state become visible together.

    If there are neither new rows nor new state nor new columns, nothing is written: a package takes dlt 0.3 s.
    Forgotten people are read again before each package: a person who was erased meanwhile must not come back.
    """
    run.lock.confirm()
    together = tuple(resources)
    is_first = not run.packages
    run.packages.append([resource.name for resource in together])
    if not is_first:
        session.guard.forgotten.add(forgotten_ids(run.raw))
    lacks_tables = not TABLES.keys() <= set(run.raw.names)
    known = run.raw.schema_hash
    chunk = run.new_chunk()
    said_loaded = run.journal.package_begun(run.packages[-1])
    source = chunk_source(session, chunk, together)
    extracted = run.pipeline.extract(source)
    if known == source.schema.version_hash and not lacks_tables and _is_empty(extracted):
        run.pipeline.abort_packages()
    else:
        is_one_of_many = not is_first or any(is_unfinished(state) for state in states_of(run.pipeline).values())
        memory_limit = run.memory.limit(chunk.bytes) if is_one_of_many else None
        _load_extracted(run, lacks_tables, memory_limit, session.guard.forgotten)
        said_loaded()
    run.raw.look_again()
    for resource in together:
        session.report.of(resource.name).loaded()


def _load_extracted(run: Run, lacks_tables: bool, memory_limit: int | None, forgotten: Forgotten) -> None:
    """Load a chunk's extracted package within `memory_limit`; if it does not fit, again without a limit."""
    with run.target.held_open(memory_limit):
        run.pipeline.normalize()
        pyarrow.default_memory_pool().release_unused()  # memory that reading took is free for the destination now
        run.lock.confirm()
        record_found_so_far(run.raw, forgotten)
        if lacks_tables:
            make_tables(run.pipeline)
        try:
            _load_normalized(run)
        except PipelineStepFailed as error:
            if memory_limit is None or not run.memory.was_too_little(error):
                raise
        else:
            return
    with run.target.held_open():
        run.lock.confirm()
        _load_normalized(run)


def _load_normalized(run: Run) -> None:
    """Load a chunk's normalized package; retry for a while if somebody holds a lock on one of its tables.

    Reading took minutes, in which the run may have lost its own lock: another run may have loaded newer versions since,
    or erased somebody whose rows are in this package. The package is dropped with the working folder then.
    """
    try:
        run.pipeline.load()
    except PipelineStepFailed as error:
        if not is_lock_timeout(error):
            raise
    else:
        return
    for attempt in attempts(PATIENCE_SECONDS):
        with attempt:
            run.lock.confirm()
            run.pipeline.load()


def _is_empty(extracted: ExtractInfo) -> bool:
    """Return True if a chunk's package has neither rows nor a state row."""
    return not any(package.jobs["new_jobs"] for package in extracted.load_packages)


def _unfinished(pipeline: dlt.Pipeline, session: Session, resources: list[str]) -> list[str]:
    """Return the resources that go on in the next chunk, and those that had to wait for them."""
    states = states_of(pipeline)
    return [
        name
        for name in resources
        if session.report.of(name).status == "waiting"
        or (is_unfinished(states.get(name, {})) and session.report.of(name).error is None)
    ]
