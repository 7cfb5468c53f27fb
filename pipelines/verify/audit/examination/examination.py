"""Records of one entity held against Intercom: read again, compared in every table, loaded again where they differ."""

from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.run.begin import Run
from pipelines.run.chunks import load_package
from pipelines.verify.audit.examination.comparison import Difference, compared
from pipelines.verify.audit.examination.loaded_entity import LoadedEntity
from pipelines.verify.audit.examination.rehearsal import rehearsed
from pipelines.verify.audit.examination.rereading import Rereading, repair
from sources.intercom import chunk_source
from sources.intercom.api.record import updated_at
from sources.intercom.incremental.entity import AnyEntity
from sources.intercom.reading.resource import Resource
from sources.intercom.reading.session import Session
from sources.intercom.rows.table import Row

RECORDS_AT_ONCE = 200
MOST_DIFFERENCES = 1_000  # kept with their words

RowsByRecord = dict[str, list[Row]]


class Verdict(StrEnum):
    """What became of a record that was read again."""

    SAME = "same"
    REPAIRED = "repaired"  # it differed, was loaded again, and is the same now
    CHANGED_SINCE = "changed since"  # newer than what is loaded, and the next sync reads it
    OLDER = "answered with an older version"  # by a replica that lags behind what was loaded a moment ago
    GONE = "gone"  # Intercom no longer has it
    LEFT_OUT = "left out"  # what a load would write of it is nothing
    DIFFERS = "differs"  # still, after it was loaded again
    UNREADABLE = "unreadable"


FAILURES = frozenset({Verdict.DIFFERS, Verdict.UNREADABLE})


@dataclass
class Examination:
    """Examines records of `entity`; the verdicts and differences add up.

    `passed_at`: what changed before (unix seconds) is no sync's to read any more; None where every sync reads all.
    `suspects`: records that are to be right afterwards even if the next sync reads them, too.
    `count_shown`: rows that Intercom shows now, by table and record.
    """

    run: Run
    session: Session
    entity: AnyEntity
    passed_at: float | None
    suspects: frozenset[str] = frozenset()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    count_shown: dict[str, dict[str, int]] = field(default_factory=dict)

    def examine(self, ids: list[str]) -> None:
        """Read these records again, and load those again that differ."""
        for start in range(0, len(ids), RECORDS_AT_ONCE):
            if not self.session.stop.is_set():
                self._examine(ids[start : start + RECORDS_AT_ONCE])

    def _examine(self, ids: list[str]) -> None:
        rereading = Rereading(self.entity, ids)
        theirs = self._emitted(rereading)
        self.verdicts |= dict.fromkeys(rereading.gone, Verdict.GONE)
        self.verdicts |= dict.fromkeys(rereading.unreadable, Verdict.UNREADABLE)
        ours = self._stored(list(rereading.found))
        to_repair: dict[str, list[Difference]] = {}
        for record_id, whole in rereading.found.items():
            differences = self._differences(record_id, ours, theirs)
            self.verdicts[record_id] = self._verdict(record_id, whole.updated_at, ours, theirs, differences)
            if self.verdicts[record_id] is Verdict.DIFFERS:
                to_repair[record_id] = differences
                self.differences += differences[: max(MOST_DIFFERENCES - len(self.differences), 0)]
        if to_repair:
            self._repair(rereading, list(to_repair), theirs)

    def _verdict(
        self,
        record_id: str,
        updated_at_now: int,
        ours: dict[str, RowsByRecord],
        theirs: dict[str, RowsByRecord],
        differences: list[Difference],
    ) -> Verdict:
        own = self.entity.table.name
        if not theirs[own].get(record_id):
            return Verdict.LEFT_OUT
        if not differences:
            return Verdict.SAME
        loaded_at = max((updated_at(row) for row in ours[own].get(record_id, ())), default=None)
        if loaded_at is None or record_id in self.suspects:
            return Verdict.DIFFERS
        if loaded_at < updated_at_now and (self.passed_at is None or updated_at_now >= self.passed_at):
            return Verdict.CHANGED_SINCE
        is_fresh = loaded_at > self.run.identity.now() - self.session.overlap_seconds
        return Verdict.OLDER if loaded_at > updated_at_now and is_fresh else Verdict.DIFFERS

    def _repair(self, rereading: Rereading, ids: list[str], theirs: dict[str, RowsByRecord]) -> None:
        resource = repair(rereading, ids)
        load_package(self.run, self.session, (resource,))
        ours = self._stored(ids)
        for record_id in ids:
            is_right = not self._differences(record_id, ours, theirs)
            self.verdicts[record_id] = Verdict.REPAIRED if is_right else Verdict.DIFFERS

    def _emitted(self, rereading: Rereading) -> dict[str, RowsByRecord]:
        resource: Resource = rereading.resource
        source = chunk_source(self.session, (resource,))
        rows = rehearsed(source, self.run.pipeline, {table.name for table in self.entity.tables})
        report = self.session.report.of(resource.name)
        report.loaded()
        report.count_rows.clear()  # nothing of it was written
        grouped: dict[str, RowsByRecord] = {}
        parent_of = self._parents(rows)
        for table in self.entity.tables:
            by_record: RowsByRecord = {}
            for row in rows.get(table.name, ()):
                record_id = row.get(self.entity.id_in(table)) or parent_of.get(row[table.parent_key])
                by_record.setdefault(str(record_id), []).append(row)
            grouped[table.name] = by_record
            counts = self.count_shown.setdefault(table.name, {})
            counts |= {record_id: len(of_record) for record_id, of_record in by_record.items()}
        return grouped

    def _parents(self, rows: dict[str, list[Row]]) -> dict[str, str]:
        """Return the record of each part: the mark that empties a part's list of files names only the part."""
        return {
            row["id"]: row[self.entity.id_in(table)]
            for table in self.entity.tables[1:]
            for row in rows.get(table.name, ())
            if "id" in row
        }

    def _stored(self, ids: list[str]) -> dict[str, RowsByRecord]:
        with LoadedEntity.opened(self.run.pipeline, self.entity) as loaded:
            return {table.name: loaded.rows(table, ids) for table in self.entity.tables}

    def _differences(
        self, record_id: str, ours: dict[str, RowsByRecord], theirs: dict[str, RowsByRecord]
    ) -> list[Difference]:
        return [
            difference
            for table in self.entity.tables
            for difference in compared(
                self.entity.table.name,
                record_id,
                table,
                ours[table.name].get(record_id, []),
                theirs[table.name].get(record_id, []),
            )
        ]
