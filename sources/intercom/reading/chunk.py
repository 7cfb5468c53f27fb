"""How much goes into one load package."""

import time


class Chunk:
    """A budget of records and seconds; resources end at a page boundary once it is spent.

    A chunk is what a killed run has to repeat, and its load is a pause for the API: neither too large nor too small.
    """

    def __init__(self, records: int, seconds: float) -> None:
        self.records = records
        self._records_left = records
        self._ends_at = time.monotonic() + seconds

    def take(self, records: int) -> None:
        """Account for records that go into this load package."""
        self._records_left -= records

    @property
    def is_spent(self) -> bool:
        """True once the next page belongs to the next load package."""
        return self._records_left <= 0 or time.monotonic() >= self._ends_at
