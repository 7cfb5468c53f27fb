"""Records of all entities read again side by side, a few hundred of each at once, and repaired where they differ."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.run.chunks import load_package
from pipelines.run.run import Run
from pipelines.verify.audit.examination.judgement import Examination, RowsByTable
from pipelines.verify.audit.examination.loaded_entity import LoadedEntity
from pipelines.verify.audit.examination.rehearsal import rehearsed
from pipelines.verify.audit.examination.rereading import Rereading, repair, resource_name
from sources.intercom import chunk_source
from sources.intercom.reading.resource import Resource
from sources.intercom.reading.session import Session
from sources.intercom.records.entity import AnyEntity
from sources.intercom.rows.table import Row

RECORDS_AT_ONCE = 200  # of each entity

Begun = list[tuple[Examination, Rereading]]


def examine(run: Run, session: Session, examinations: list[Examination]) -> None:
    """Read the records of these examinations again, judge them, and load those that differ."""
    most = max((len(over.ids) for over in examinations), default=0)
    for start in range(0, most, RECORDS_AT_ONCE):
        if session.stop.is_set():
            return
        batches = [
            (over, over.ids[start : start + RECORDS_AT_ONCE])
            for over in examinations
            if session.report.of(resource_name(over.entity.table.name)).error is None
        ]
        if begun := [(over, Rereading(over.swept, ids, over.listed)) for over, ids in batches if ids]:
            _examine(run, session, begun)


def _examine(run: Run, session: Session, begun: Begun) -> None:
    # Together, because every pass through dlt takes half a second.
    theirs = _emitted(run, session, [rereading for _, rereading in begun])
    fresh_since = run.identity.now() - session.overlap_seconds
    differing = []
    with run.raw.opened() as raw:
        for over, rereading in begun:
            ours = _stored(raw, over.entity, list(rereading.found))
            if ids := over.judge(rereading, ours, theirs, fresh_since):
                differing.append((over, rereading, ids))
    if not differing:
        return
    load_package(run, session, [repair(rereading, ids) for _, rereading, ids in differing])
    with run.raw.opened() as raw:
        for over, rereading, ids in differing:
            over.judge_repaired(rereading, ids, _stored(raw, over.entity, ids), theirs)


def _stored(raw: RawTables, entity: AnyEntity, ids: list[str]) -> RowsByTable:
    loaded = LoadedEntity(raw, entity)
    return {table.name: loaded.rows(table, ids) for table in entity.tables}


def _emitted(run: Run, session: Session, rereadings: list[Rereading]) -> RowsByTable:
    """Return what a load would write of the records to examine, by table and record."""
    resources = [rereading.resource for rereading in rereadings]
    tables = {table.name for rereading in rereadings for table in rereading.entity.tables}
    with _loading_nothing(session, resources):
        rows = rehearsed(chunk_source(session, run.new_chunk(), tuple(resources)), run.pipeline, tables)
    for resource in resources:
        session.report.of(resource.name).loaded()
    return {name: found for rereading in rereadings for name, found in _by_record(rereading.entity, rows).items()}


@contextmanager
def _loading_nothing(session: Session, resources: list[Resource]) -> Iterator[None]:
    """Let a rehearsal take no mark away that says that a record is gone, and count no row: the load itself has to."""
    marked, held_back = session.marked, session.guard.forgotten.count_held_back
    counts = {resource.name: session.report.of(resource.name).count_rows.copy() for resource in resources}
    count_held_back = held_back.copy()
    session.marked = {name: set(ids) for name, ids in marked.items()}
    try:
        yield
    finally:
        session.marked = marked
        for name, count_rows in counts.items():
            session.report.of(name).count_rows = count_rows
        held_back.clear()
        held_back.update(count_held_back)


def _by_record(entity: AnyEntity, rows: dict[str, list[Row]]) -> dict[str, dict[str, list[Row]]]:
    parent_of = _parents(entity, rows)
    grouped: dict[str, dict[str, list[Row]]] = {table.name: {} for table in entity.tables}
    for table in entity.tables:
        for row in rows.get(table.name, ()):
            record_id = row.get(entity.id_in(table)) or parent_of.get(row[table.parent_key])
            grouped[table.name].setdefault(str(record_id), []).append(row)
    return grouped


def _parents(entity: AnyEntity, rows: dict[str, list[Row]]) -> dict[str, str]:
    """Return to which examined record each part belongs: the removal row of a part's files names only the part."""
    return {
        row["id"]: row[entity.id_in(table)]
        for table in entity.tables[1:]
        for row in rows.get(table.name, ())
        if "id" in row
    }
