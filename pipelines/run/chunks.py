"""The loads of one run: companies first, lookups last, the rest between them in chunks until every pass has ended."""

from collections.abc import Callable, Iterable

import dlt

from sources.intercom import RESOURCES, Reading, intercom
from sources.intercom.incremental.position import is_unfinished
from sources.intercom.reading.chunk import Chunk
from sources.intercom.reading.resource import Resource
from sources.intercom.resources.content_export import give_up


def load(pipeline: dlt.Pipeline, reading: Reading, resources: list[str], new_chunk: Callable[[], Chunk]) -> None:
    """Load `resources`; what was read stands in `reading.report`.

    Each chunk is one load package: rows and state become visible together. The company scroll expires a minute after
    its last page, so it is read alone, before anything can keep it waiting.
    """
    scrolled, looked_up = (
        [name for name in resources if RESOURCES[name].pace == pace] for pace in ("scroll", "lookup")
    )
    together = [name for name in resources if name not in {*scrolled, *looked_up}]
    for unfinished in (scrolled, together, looked_up):
        due = unfinished
        while due and not reading.stop.is_set():
            load_package(pipeline, reading, [RESOURCES[name] for name in due], new_chunk())
            unfinished = [name for name in unfinished if _goes_on(pipeline, reading, name)]  # noqa: PLW2901 - the rest
            # Once started, jobs go on in Intercom while everything else is read; waiting for them comes last.
            due = [name for name in unfinished if RESOURCES[name].pace != "job"] or unfinished
        for name in unfinished if reading.stop.is_set() else ():
            reading.report.of(name).stop("interrupted")
    if reading.stop.is_set():
        give_up(reading)


def load_package(pipeline: dlt.Pipeline, reading: Reading, resources: Iterable[Resource], chunk: Chunk) -> None:
    """Load as much of `resources` as `chunk` allows: rows and state become visible together."""
    reading.chunk = chunk
    together = tuple(resources)
    known_tables = frozenset(pipeline.default_schema.tables) if pipeline.schemas else frozenset()
    pipeline.run(intercom(reading, together, known_tables))
    for resource in together:
        reading.report.of(resource.name).loaded()


def _goes_on(pipeline: dlt.Pipeline, reading: Reading, resource: str) -> bool:
    states = pipeline.state.get("sources", {}).get("intercom", {}).get("resources", {})
    return is_unfinished(states.get(resource, {})) and reading.report.of(resource).error is None
