"""The loads of one run: companies first, lookups last, the rest between them in chunks until every pass has ended."""

from collections.abc import Callable, Iterable

import dlt

from sources.intercom import RESOURCES, Session, chunk_source
from sources.intercom.incremental.state import is_unfinished
from sources.intercom.reading.chunk import Chunk
from sources.intercom.reading.resource import Resource, Turn
from sources.intercom.resources.content_export import give_up


def load(pipeline: dlt.Pipeline, session: Session, resources: list[str], new_chunk: Callable[[], Chunk]) -> None:
    """Load `resources`; what was read stands in `session.report`.

    Each chunk is one load package: rows and state become visible together. The company scroll expires a minute after
    its last page, so it is read alone, before anything can keep it waiting.
    """
    for turns in ({Turn.FIRST}, {Turn.TOGETHER, Turn.AWAITED}, {Turn.LAST}):
        unfinished = [name for name in resources if RESOURCES[name].turn in turns]
        due = unfinished
        while due and not session.stop.is_set():
            load_package(pipeline, session, [RESOURCES[name] for name in due], new_chunk())
            unfinished = [name for name in unfinished if _goes_on(pipeline, session, name)]
            # Once started, jobs go on in Intercom while everything else is read; waiting for them comes last.
            due = [name for name in unfinished if RESOURCES[name].turn is not Turn.AWAITED] or unfinished
        for name in unfinished if session.stop.is_set() else ():
            session.report.of(name).stop("interrupted")
    if session.stop.is_set():
        give_up(session)


def load_package(pipeline: dlt.Pipeline, session: Session, resources: Iterable[Resource], chunk: Chunk) -> None:
    """Load as much of `resources` as `chunk` allows: rows and state become visible together."""
    session.chunk = chunk
    together = tuple(resources)
    known_tables = frozenset(pipeline.default_schema.tables) if pipeline.schemas else frozenset()
    pipeline.run(chunk_source(session, together, known_tables))
    for resource in together:
        session.report.of(resource.name).loaded()


def _goes_on(pipeline: dlt.Pipeline, session: Session, resource: str) -> bool:
    states = pipeline.state.get("sources", {}).get("intercom", {}).get("resources", {})
    return is_unfinished(states.get(resource, {})) and session.report.of(resource).error is None
