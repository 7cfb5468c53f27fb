"""Which records of an entity to examine, and why: decided before reading, from what is loaded and Intercom's count."""

from dataclasses import dataclass

from pipelines.run.run import Run
from pipelines.verify.audit.examination.loaded_entity import LoadedEntity
from pipelines.verify.audit.examination.sample import sampled
from pipelines.verify.audit.proofs.part_counts import COUNTED_IN, part_counts
from pipelines.verify.audit.proofs.record_counts import Count
from pipelines.verify.audit.proofs.sync_frontier import frontier
from sources.intercom.reading.session import Session
from sources.intercom.sweep import SweptEntity


@dataclass(frozen=True)
class ExaminationPlan:
    """The plan of what to examine of one entity: the ids of records, and what is loaded.

    `broken`: a row exists twice, or rows of a list without their record. `incomplete`: fewer parts are loaded than
    Intercom counts. `synced_at`: up to then syncs have read (unix seconds; None: none has come to its end).
    `passed_at`: no sync will read changes before this.
    """

    swept: SweptEntity
    ids_to_count: frozenset[str]
    synced_at: float | None
    passed_at: float | None
    count_rows: int
    broken: frozenset[str]
    incomplete: frozenset[str]
    sample: frozenset[str]
    count: Count

    @property
    def name(self) -> str:
        """The name of the entity to examine."""
        return self.swept.name

    @property
    def parts_table(self) -> str | None:
        """The table of the parts of the entity to examine, where it has any."""
        return COUNTED_IN[self.name][0] if self.name in COUNTED_IN else None

    @property
    def suspects(self) -> frozenset[str]:
        """The records planned to be examined because they seem wrong: all but the random sample."""
        return frozenset({*self.count.missing, *self.broken, *self.incomplete})

    @property
    def ids(self) -> list[str]:
        """Every record that is planned to be examined, once."""
        return sorted({*self.suspects, *self.sample})


def planned(
    run: Run, session: Session, loaded: LoadedEntity, swept: SweptEntity, sample_size: int, seed: int
) -> ExaminationPlan | None:
    """Plan what to examine of one entity before Intercom has counted it, or return None if it was never loaded."""
    rows_by_table = {table.name: loaded.ids_in(table) for table in swept.entity.tables}
    marked = loaded.marked
    own_ids = rows_by_table[swept.name].keys() - marked
    in_scope = own_ids if not session.wishes.start_at else own_ids & loaded.created_since(session.wishes.start_at)
    synced_at = frontier(run.raw, swept.name, run.identity)
    if synced_at is None and not own_ids:
        return None
    orphans = {record_id for ids in rows_by_table.values() for record_id in ids} - own_ids
    incomplete = {count.record_id for count in part_counts(loaded) if count.count_missing}
    return ExaminationPlan(
        swept=swept,
        ids_to_count=frozenset(in_scope),
        synced_at=synced_at,
        passed_at=None if synced_at is None else synced_at - session.overlap_seconds,
        count_rows=sum(sum(counts.values()) for counts in rows_by_table.values()),
        broken=frozenset((loaded.doubled() | orphans) - marked),
        incomplete=frozenset(incomplete & own_ids),
        sample=frozenset(sampled([ids.keys() & own_ids for ids in rows_by_table.values()], sample_size, seed)),
        count=Count(None, len(in_scope)),
    )
