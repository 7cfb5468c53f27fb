"""How much goes into one load package."""

import math
import sys
import threading
import time

MOST_BYTES = 64 << 20  # bytes of values: a destination takes several times as much while it merges them


class Chunk:
    """The budget of a chunk: records, their rows and bytes, seconds; resources end between pages once it is spent.

    A chunk is what a killed run has to repeat, and its load is a pause for the API: neither too large nor too small. A
    destination has its rows (of all tables) in memory while it merges them. `bytes`: the size of their values.
    """

    def __init__(self, records: int, rows: float, seconds: float, most_bytes: float = MOST_BYTES) -> None:
        self.records = records
        self.bytes = 0
        self._records_left = records
        self._rows_left = rows
        self._most_bytes = most_bytes
        self._lock = threading.Lock()  # resources are read side by side
        self._ends_at = time.monotonic() + seconds

    @classmethod
    def of_a_run(cls, records: int | None) -> "Chunk":
        """Return the budget of a run that is one load package: about so many records, or everything."""
        return cls(sys.maxsize if records is None else records, math.inf, math.inf, math.inf)

    @property
    def is_whole_run(self) -> bool:
        """True if the chunk is all that its run loads: then it has no end by time."""
        return math.isinf(self._ends_at)

    def take(self, records: int) -> None:
        """Take records that go into this load package off the chunk's budget."""
        with self._lock:
            self._records_left -= records

    def hold(self, rows: int) -> None:
        """Take rows that these records have in all tables off the chunk's budget."""
        with self._lock:
            self._rows_left -= rows

    def weigh(self, count_bytes: int) -> None:
        """Take the size of rows' values, which is known when they go to dlt, off the chunk's budget."""
        with self._lock:
            self.bytes += count_bytes

    @property
    def is_spent(self) -> bool:
        """True once the chunk's budget is spent: the next page belongs to the next load package."""
        is_full = self._records_left <= 0 or self._rows_left <= 0 or self.bytes >= self._most_bytes
        return is_full or time.monotonic() >= self._ends_at
