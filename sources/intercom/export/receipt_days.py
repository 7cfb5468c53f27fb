"""On which day each receipt of an export was sent: reactions name their receipt, and are replaced by its day."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path


class ReceiptDays:
    """The days of an export's receipts by id, in a file: there may be ten million."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, days: Iterable[tuple[str, date]]) -> None:
        """Remember the days of receipts."""
        rows = ((receipt_id, day.toordinal()) for receipt_id, day in days)
        self._connection.executemany("INSERT INTO receipts VALUES (?, ?)", rows)

    def index(self) -> None:
        """Index the days by receipt, to make `of` fast; call once, after the last `add`."""
        self._connection.execute("CREATE INDEX receipts_by_id ON receipts (receipt_id, day)")

    def first_time(self, *key: str) -> bool:
        """Return True if this is called for the row of a receipt for the first time: exports repeat some."""
        added = self._connection.execute("INSERT OR IGNORE INTO loaded VALUES (?)", ("\0".join(key),))
        return added.rowcount > 0

    def of(self, receipt_id: str) -> date | None:
        """Return the day of a receipt, or None if it is not in the export."""
        found = self._connection.execute("SELECT min(day) FROM receipts WHERE receipt_id = ?", (receipt_id,)).fetchone()
        return None if found[0] is None else date.fromordinal(found[0])


@contextmanager
def receipt_days(file: Path) -> Iterator[ReceiptDays]:
    """Open an empty table of the days of receipts in `file`, which nobody needs once the export is read."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE receipts (receipt_id TEXT NOT NULL, day INTEGER NOT NULL)")
        connection.execute("CREATE TABLE loaded (key TEXT PRIMARY KEY) WITHOUT ROWID")
        yield ReceiptDays(connection)
