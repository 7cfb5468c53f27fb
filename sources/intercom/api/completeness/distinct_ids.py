"""The distinct ids among many, in 8 bytes each: there are as many as the workspace has records."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Hashable
from typing import NamedTuple

MOST_LOOSE = 20_000
MASK = (1 << 64) - 1


class Added(NamedTuple):
    """How many of the added ids were new, and how many were there before, or came twice."""

    new: int
    again: int


class DistinctIds:
    """Counts distinct ids; `added_in_vain`: how many times one after the other nothing new was added."""

    def __init__(self) -> None:
        self._sorted = array("Q")
        self._loose: set[int] = set()
        self.added_in_vain = 0

    def __len__(self) -> int:
        return len(self._sorted) + len(self._loose)

    def clear(self) -> None:
        """Forget all distinct ids, because a listing begins, or begins again."""
        self._sorted, self._loose, self.added_in_vain = array("Q"), set(), 0

    def add(self, ids: Collection[Hashable]) -> Added:
        """Add `ids` to the distinct ones, and return how many were new and how many were not."""
        # of their type, too: "5" and b"5" have the same hash
        numbers = (hash((type(one), one)) & MASK for one in ids)
        new = {number for number in numbers if number not in self._loose and not self._is_sorted_in(number)}
        self._loose |= new
        self.added_in_vain = 0 if new else self.added_in_vain + 1
        if len(self._loose) > max(MOST_LOOSE, len(self._sorted) // 8):
            self._sorted = array("Q", sorted([*self._sorted, *self._loose]))
            self._loose = set()
        return Added(len(new), len(ids) - len(new))

    def _is_sorted_in(self, number: int) -> bool:
        position = bisect_left(self._sorted, number)
        return position < len(self._sorted) and self._sorted[position] == number
