"""An order of records by one time field that answers ranges and pages without sorting."""

from bisect import bisect_left, insort
from collections.abc import Iterable

RecordKey = int | str
"""An id as it sorts: digits as a number, hex ids as text."""

Entry = tuple[int, RecordKey]


def record_key(record_id: str) -> RecordKey:
    """Return the form of an id by which a time index sorts; one entity's ids are all digits or all hex."""
    return int(record_id) if len(record_id) < 20 and record_id.isdigit() else record_id  # noqa: PLR2004 - hex ids have 24


class TimeIndex:
    """An index by time: (time, id) of every record, ascending; a change costs a binary search and a memmove."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._value_of: dict[RecordKey, int] = {}

    def fill(self, pairs: Iterable[tuple[str, int]]) -> None:
        """Replace all entries of the time index by these (id, time) pairs, sorted once."""
        self._value_of = {record_key(record_id): value for record_id, value in pairs}
        self.entries = sorted((value, key) for key, value in self._value_of.items())

    def put(self, record_id: str, value: int) -> None:
        """Insert a record in the time index, or move it to its new time."""
        key = record_key(record_id)
        self.drop(record_id)
        self._value_of[key] = value
        insort(self.entries, (value, key))

    def drop(self, record_id: str) -> None:
        """Take a record out of the time index, if it is there."""
        key = record_key(record_id)
        value = self._value_of.pop(key, None)
        if value is not None:
            del self.entries[bisect_left(self.entries, (value, key))]

    def first_at(self, value: float) -> int:
        """Position of the first entry of the time index whose time is at or after `value`."""
        return bisect_left(self.entries, value, key=lambda entry: entry[0])
