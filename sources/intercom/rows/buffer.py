"""Rows held back until there are enough of them: an item costs dlt the same, whether it holds one row or thousands."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow  # type: ignore[import-untyped]  # pyarrow ships no types

from .arrow import arrow_table
from .column_types import ColumnTypes
from .table import Row, Table

ROWS_AT_ONCE = 1_000  # rows kept as Python objects, which take many times the memory of Arrow's columns
MOST_ROWS = 20_000
MOST_BYTES = 32 << 20


@dataclass
class RowBuffer:
    """A buffer for rows of one table on their way into one load package, in the order in which they came."""

    table: Table
    types: ColumnTypes
    load_id: str
    _rows: list[Row] = field(default_factory=list)
    _batches: list[Any] = field(default_factory=list)
    _count_rows: int = 0
    _bytes: int = 0

    def add(self, rows: list[Row]) -> None:
        """Add `rows` to the buffer."""
        self._rows += rows
        if len(self._rows) >= ROWS_AT_ONCE:
            self._compact()

    @property
    def is_full(self) -> bool:
        """True once the buffer is worth an item."""
        return self._count_rows >= MOST_ROWS or self._bytes >= MOST_BYTES

    def taken(self) -> Any:
        """Take all rows out of the buffer as one pyarrow.Table, or None if there are none."""
        self._compact()
        batches, self._batches, self._count_rows, self._bytes = self._batches, [], 0, 0
        return pyarrow.concat_tables(batches, promote_options="default") if batches else None

    def _compact(self) -> None:
        if not self._rows:
            return
        rows, self._rows = self._rows, []
        batch = arrow_table(self.table, self.types.columns(rows), len(rows), self.load_id)
        self._batches.append(batch)
        self._count_rows += len(rows)
        self._bytes += batch.nbytes
