"""Parts: how many Intercom counts of each conversation and ticket, and how many are loaded."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.verify.audit.examination.loaded_entity import LoadedEntity
from sources.intercom.rows.parts import MOST_SHOWN_PARTS

# Table of the parts, where Intercom counts them, and where it counts them together with the opening message.
COUNTED_IN = {
    "conversations": (
        "conversation_parts",
        "conversation_parts__total_count",
        "statistics__count_conversation_parts",
    ),
    "tickets": ("ticket_parts", "ticket_parts__total_count", None),
}


@dataclass(frozen=True)
class PartCount:
    """The parts of one record: as Intercom lists them, as its statistics count them (None: no count), as loaded."""

    record_id: str
    count_listed: int | None
    count_in_statistics: int | None
    count_loaded: int

    @property
    def count_expected(self) -> int:
        """The greater of Intercom's two counts of parts, as in qa_conversation_completeness."""
        return max(self.count_listed or 0, self.count_in_statistics or 0)

    @property
    def count_missing(self) -> int:
        """How many parts of the record are counted and not loaded."""
        return max(self.count_expected - self.count_loaded, 0)

    @property
    def is_long(self) -> bool:
        """True if the record has more parts than Intercom shows."""
        return self.count_expected > MOST_SHOWN_PARTS


def part_counts(loaded: LoadedEntity) -> Iterator[PartCount]:
    """Yield the counts of parts of every record; nothing for an entity without parts."""
    if loaded.entity.table.name not in COUNTED_IN:
        return
    name, listed, in_statistics = COUNTED_IN[loaded.entity.table.name]
    parts = next(table for table in loaded.entity.tables if table.name == name)
    counts = loaded.ids_in(parts)
    columns = ("id", listed, *([in_statistics] if in_statistics else []))
    for record_id, count_listed, *statistics in loaded.values(*columns):
        # The opening message is no part, but counts as one in the statistics.
        counted = [int(count) - 1 for count in statistics if count is not None]
        yield PartCount(
            str(record_id),
            None if count_listed is None else int(count_listed),
            counted[0] if counted else None,
            counts.get(str(record_id), 0),
        )
