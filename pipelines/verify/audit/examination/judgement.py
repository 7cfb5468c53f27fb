"""Judges records of one entity by comparing them with Intercom in every table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.verify.audit.examination.comparison import Difference, compared
from pipelines.verify.audit.examination.rereading import Rereading
from sources.intercom.api.record import updated_at
from sources.intercom.records.entity import AnyEntity
from sources.intercom.rows.table import Row
from sources.intercom.sweep import SweptEntity

MOST_KEPT = 1_000  # differences of an entity that are kept in full

RowsByRecord = Mapping[str, list[Row]]
RowsByTable = Mapping[str, RowsByRecord]


class Verdict(StrEnum):
    """The judgement on a record that was read again, in a word."""

    SAME = "same"
    REPAIRED = "repaired"  # it differed, was loaded again, and is the same now
    CHANGED_SINCE = "changed since"  # newer than what is loaded, and the next sync reads it
    OLDER = "answered with an older version"  # a replica lags behind what was loaded a moment ago
    GONE = "gone"  # Intercom no longer has it
    LEFT_OUT = "left out"  # a load would write nothing of it
    DIFFERS = "differs"  # still differs after it was loaded again
    UNREADABLE = "unreadable"  # or one of its rows is


FAILURES = frozenset({Verdict.DIFFERS, Verdict.UNREADABLE})


@dataclass
class Examination:
    """Judges the records `ids` of an entity; the verdicts and differences add up.

    `passed_at`: no sync will read changes before this (unix seconds); None if none has come to its end. `suspects`:
    records that are to be right afterwards even if the next sync reads them, too. `marked`: as gone. `listed`: a few
    that Intercom lists. `count_shown`: how many rows Intercom shows now, by table and record. `reasons`: why a record
    cannot be read in full, in words that quote nothing of it.
    """

    swept: SweptEntity
    ids: list[str]
    passed_at: float | None
    suspects: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    listed: tuple[str, ...] = ()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    count_differences: int = 0
    count_shown: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def entity(self) -> AnyEntity:
        """The entity of the records to judge."""
        return self.swept.entity

    def judge(self, rereading: Rereading, ours: RowsByTable, theirs: RowsByTable, fresh_since: float) -> list[str]:
        """Judge records by what is loaded and what a load would write; return the ids that differ.

        Intercom's answers may not show changes after `fresh_since` (unix seconds) yet.
        """
        self.verdicts |= dict.fromkeys(rereading.gone, Verdict.GONE)
        self.verdicts |= dict.fromkeys(rereading.unreadable, Verdict.UNREADABLE)
        self.reasons |= {one: unreadable.without_words() for one, unreadable in rereading.unreadable.items()}
        self.reasons |= {
            record_id: f"a row of {whole.misfits[0].entity}: {whole.misfits[0].reason}"
            for record_id, whole in rereading.found.items()
            if whole.misfits
        }
        for table in self.entity.tables:
            counts = self.count_shown.setdefault(table.name, {})
            counts |= {record_id: len(rows) for record_id, rows in theirs[table.name].items()}
        differing = []
        for record_id, whole in rereading.found.items():
            differences = self._differences(record_id, ours, theirs)
            verdict = self._verdict(record_id, whole.updated_at, ours, theirs, fresh_since, is_same=not differences)
            # What is loaded may be all that can be loaded, and is still not all that Intercom has.
            is_loaded_in_part = verdict is Verdict.SAME and whole.misfits
            self.verdicts[record_id] = Verdict.UNREADABLE if is_loaded_in_part else verdict
            if verdict is Verdict.DIFFERS:
                differing.append(record_id)
                self.count_differences += len(differences)
                self.differences += differences[: max(MOST_KEPT - len(self.differences), 0)]
        return differing

    def judge_repaired(self, rereading: Rereading, ids: list[str], ours: RowsByTable, theirs: RowsByTable) -> None:
        """Judge records again that were repaired: loaded once more."""
        for record_id in ids:
            is_right = not self._differences(record_id, ours, theirs)
            repaired = Verdict.UNREADABLE if rereading.found[record_id].misfits else Verdict.REPAIRED
            self.verdicts[record_id] = repaired if is_right else Verdict.DIFFERS

    def _verdict(
        self,
        record_id: str,
        updated_at_now: int,
        ours: RowsByTable,
        theirs: RowsByTable,
        fresh_since: float,
        *,
        is_same: bool,
    ) -> Verdict:
        own = self.entity.table.name
        if not theirs[own].get(record_id):
            return Verdict.LEFT_OUT
        if is_same:
            return Verdict.DIFFERS if record_id in self.marked else Verdict.SAME  # a load takes the mark away
        loaded_at = max((updated_at(row) for row in ours[own].get(record_id, ())), default=None)
        if loaded_at is not None and loaded_at > max(updated_at_now, fresh_since):
            return Verdict.OLDER
        if loaded_at is None or record_id in self.suspects:
            return Verdict.DIFFERS
        if loaded_at < updated_at_now and (self.passed_at is None or updated_at_now >= self.passed_at):
            return Verdict.CHANGED_SINCE
        return Verdict.DIFFERS

    def _differences(self, record_id: str, ours: RowsByTable, theirs: RowsByTable) -> list[Difference]:
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
