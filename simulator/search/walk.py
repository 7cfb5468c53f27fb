"""Walking an ordered list of records from a page cursor on."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator import errors
from simulator.record import Record
from simulator.search.page_cursor import PageCursor
from simulator.workspace.storage.store import Store
from simulator.workspace.storage.time_index import RecordKey

MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk found for a page: its records, how many match in all, and the cursor's (value, id) if more follow."""

    records: list[Record]
    total_count: int
    last: tuple[int | float, RecordKey] | None


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk over an ordered stretch of (value, id) entries of a store.

    `scale` turns an entry's value into a page cursor's (seconds into milliseconds); `matches` filters on the way.
    """

    records: Mapping[str, Record]
    entries: Sequence[tuple[int | float, RecordKey]]
    low: int
    high: int
    scale: int = 1
    is_descending: bool = False
    matches: Callable[[Record], bool] | None = None

    def page(self, after: PageCursor | None, per_page: int, total_count: int) -> Found:
        """Walk on from a page cursor: the next `per_page` matching records, of `total_count` in all."""
        positions = self._positions(after)
        shown: list[Record] = []
        last: int | None = None
        has_more = False
        for position in positions:
            record = self.records[str(self.entries[position][1])]
            if self.matches is not None and not self.matches(record):
                continue
            if len(shown) == per_page:
                has_more = True
                break
            shown.append(record)
            last = position
        return Found(shown, total_count, self._cursor_at(last) if has_more and last is not None else None)

    def matching_ids(self) -> list[RecordKey]:
        """The ids of everything that matches on the walk, in its order."""
        stretch = self.entries[self.low : self.high]
        if self.matches is None:
            return [key for _, key in stretch]
        return [key for _, key in stretch if self.matches(self.records[str(key)])]

    def count(self) -> int:
        """How many records of the walk match."""
        return self.high - self.low if self.matches is None else len(self.matching_ids())

    def _positions(self, after: PageCursor | None) -> range:
        if self.is_descending:
            start = self.high if after is None else min(self.high, bisect_left(self.entries, self._entry(after)))
            return range(start - 1, self.low - 1, -1)
        start = self.low if after is None else max(self.low, bisect_right(self.entries, self._entry(after)))
        return range(start, self.high)

    def _entry(self, after: PageCursor) -> tuple[int | float, RecordKey]:
        if self.entries and type(self.entries[0][1]) is not type(after.record_id):
            raise errors.invalid_cursor()
        return (after.value // self.scale if self.scale > 1 else after.value), after.record_id

    def _cursor_at(self, position: int) -> tuple[int | float, RecordKey]:
        value, key = self.entries[position]
        return value * self.scale, key


def walk_by(store: Store, field: str, *, is_descending: bool, matches: Callable[[Record], bool] | None = None) -> Walk:
    """Return the walk over all records of a store, or those that match, in the order of one of its time fields."""
    entries = store.index(field).entries
    return Walk(store.listed, entries, 0, len(entries), MILLISECONDS, is_descending, matches)
