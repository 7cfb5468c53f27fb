"""Counts the records of a list while its pages come."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..record import identity_of
from .distinct_ids import DistinctIds
from .shortfall import Count


class ListingCount:
    """The count of a listing: what it has brought so far; one that is read again brings both readings' records."""

    def __init__(self) -> None:
        self._found = DistinctIds()
        self.restart()

    def restart(self) -> None:
        """Begin to count another reading of the listing; records of the first one still count."""
        self._in_reading = DistinctIds()
        self._without_id: Counter[int] = Counter()
        self._total_count: int | None = None
        self._came_again = 0
        self._is_contradicted = False

    def add(self, records: Iterable[Any], total_count: int | None) -> None:
        """Count a page of the listing."""
        ids = list(map(self._identity, records))
        self._found.add(ids)
        self._came_again += self._in_reading.add(ids).again
        if total_count is None:
            return
        if self._total_count is None:
            self._total_count = total_count
        self._is_contradicted |= total_count < min(len(self._in_reading), self._total_count)

    def _identity(self, record: Any) -> Any:
        """Return a record's identity; those without an id are told apart, even if they are the same to the letter."""
        identity = identity_of(record)
        if isinstance(identity, str):
            return identity
        self._without_id[hash(identity)] += 1
        return identity, self._without_id[hash(identity)]

    @property
    def count(self) -> Count:
        """The listing's count, by which the proof goes."""
        return Count(len(self._found), self._total_count, self._came_again, self._is_contradicted)
