"""The new or changed records of one page of a search, which are loaded together."""

from dataclasses import dataclass
from typing import Any

from ...api.record import Record
from ...records.settled import is_settled
from ...records.single_record import Whole


@dataclass
class Batch:
    """The batch of one page's new or changed records, and how far the pass has come once they are loaded.

    Intercom is asked for the rest of those in `asked`; the search shows those in `shown` whole. `is_cut`: the rest of
    the page belongs in the next load package. `goes_on_after`, `count_in_range`, `is_unsorted`: see `Page`.
    `count_listed`: how many of the page are new to the pass; `came_again`: how many it had listed already, as they are
    now, and `again_at`: since when that may hide others.
    """

    asked: list[Record]
    shown: list[tuple[Record, Whole[Any]]]
    updated_at: int | None
    page_cursor: str | None
    is_last: bool
    is_cut: bool
    server_at: float | None
    count_listed: int
    came_again: int
    again_at: int | None
    total_count: int | None
    goes_on_after: int | None
    count_in_range: int | None
    is_unsorted: bool

    @property
    def count(self) -> int:
        """The number of records in the batch."""
        return len(self.asked) + len(self.shown)

    def is_settled(self, found_at: int, read_at: float | None) -> bool:
        """Return True if a batch's record was read so late that no later change can carry the same `updated_at`."""
        if read_at is None:
            return self.updated_at is not None and found_at < self.updated_at
        return is_settled(found_at, read_at)
