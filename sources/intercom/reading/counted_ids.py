"""The ids that a listing has brought in one run, over all of its load packages."""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable

MOST_LOOSE = 20_000
MASK = (1 << 64) - 1


class CountedIds:
    """Counts distinct ids that a listing has brought; 8 bytes each, as there may be one for every record.

    `added_in_vain`: how many times one after the other nothing new was added.
    """

    def __init__(self) -> None:
        self._sorted = array("Q")
        self._loose: set[int] = set()
        self.added_in_vain = 0

    def clear(self) -> None:
        """Forget all counted ids, because the listing begins, or begins again."""
        self._sorted, self._loose, self.added_in_vain = array("Q"), set(), 0

    def add(self, ids: Iterable[Hashable]) -> int:
        """Count `ids` that a listing has brought, and return how many of them were new."""
        new = {
            number for one in ids if (number := hash(one) & MASK) not in self._loose and not self._is_sorted_in(number)
        }
        self._loose |= new
        self.added_in_vain = 0 if new else self.added_in_vain + 1
        if len(self._loose) > max(MOST_LOOSE, len(self._sorted) // 8):
            self._sorted = array("Q", sorted([*self._sorted, *self._loose]))
            self._loose = set()
        return len(new)

    def _is_sorted_in(self, number: int) -> bool:
        position = bisect_left(self._sorted, number)
        return position < len(self._sorted) and self._sorted[position] == number
