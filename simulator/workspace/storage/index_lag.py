"""How late lists and searches find a change."""

from zlib import crc32

from simulator.clock import Clock
from simulator.options import Options


class IndexLag:
    """The index lag at a change, as the options say: `index_lag_seconds`, at most so many with `uneven_index_lag`."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self.clock = clock
        self._options = options

    def found_at(self, record_id: str) -> int | None:
        """When a change that happens now is found by searches, after the index lag; None: at once."""
        seconds, now = self._options.index_lag_seconds, self.clock.now()
        if seconds and self._options.uneven_index_lag:
            seconds = crc32(f"{record_id} {now}".encode()) % (seconds + 1)
        return now + seconds if seconds else None
