"""The one way to dlt: every row of Intercom's passes the guard, keeps its values exact, and is counted."""

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from typing import Any

import dlt
from dlt.common.storages.load_package import load_package_state

from ..api.errors import IntercomError, TooManyUnread
from ..rows.buffer import RowBuffer
from ..rows.column_types import FURTHER_FIELDS, ColumnTypes
from ..rows.deleted_records import DELETED_RECORDS, marks_to_take_away
from ..rows.table import REMOVES, Row, Rows, Table, Tables
from ..rows.unreadable_table import UNREADABLE_RECORDS
from .reading import Reading

logger = logging.getLogger(__name__)

# The key under which dlt's state of the source has raw tables that a run has found emptied, or made anew, and into
# which no row came since.
EMPTY = "empty"


def to_dlt(batches: Iterable[Rows], reading: Reading) -> Generator[Any, None, None]:
    """Emit items for dlt from `batches`, each the rows of one page or of one whole list.

    Rows are held back until there are thousands of a table. An error of Intercom comes after the rows before it: the
    state, which says that they are loaded, becomes visible together with them. dlt's context is read at once, so that
    another thread may take the items.
    """
    logging.getLogger("dlt").addFilter(_is_worth_saying)
    return _items(batches, reading, _HeldBack(reading))


def _items(batches: Iterable[Rows], reading: Reading, held: "_HeldBack") -> Generator[Any, None, None]:
    try:
        for rows_of_tables in batches:
            for table, rows in reading.session.guard.passed(rows_of_tables):
                reading.chunk.hold(len(rows))
                if table.replaced == "whole" and not rows:
                    yield from held.tables.create(table)
                yield from held.add(table, reading.session.newcomers.needed(table, rows))
                yield from held.add(DELETED_RECORDS, marks_to_take_away(table, rows, reading.session.marked))
                reading.report.count_rows[table.name] += sum(REMOVES not in row for row in rows)
        reading.unreadable.take_strays()
        if not (reading.is_unfinished or reading.session.stop.is_set()):
            reading.unreadable.check()
    except IntercomError:
        with suppress(TooManyUnread):  # one error is enough, and no row is lost for it
            reading.unreadable.take_strays()
        yield from held.rest(reading.unreadable.rows())
        raise
    yield from held.rest(reading.unreadable.rows())


def _is_worth_saying(record: logging.LogRecord) -> bool:
    """Return False for dlt's warning about every batch with a JSON column: Arrow has no such type that dlt knows."""
    return "several column hints were different" not in str(record.msg)


class _HeldBack:
    """A resource's rows that were not emitted to dlt yet, by table."""

    def __init__(self, reading: Reading) -> None:
        self.tables = Tables()
        self._resource = reading.report.resource
        self._session = reading.session
        self._chunk = reading.chunk
        state = dlt.current.source_state()
        self._states: dict[str, dict[str, Any]] = state.get("resources", {})
        self._empty: dict[str, None] = state.get(EMPTY, {})
        self._schema = dlt.current.source_schema()
        self._load_id = str(load_package_state()["load_id"])
        self._buffers: dict[str, RowBuffer] = {}

    def add(self, table: Table, rows: list[Row]) -> Iterator[Any]:
        if not rows:
            return
        buffer = self._buffers.get(table.name)
        if buffer is None:
            buffer = RowBuffer(table, ColumnTypes(table, self._schema, self._session.max_columns), self._load_id)
            self._buffers[table.name] = buffer
            self._take_over(table)
        buffer.add(rows)
        if buffer.is_full:
            yield from self._drained(buffer)

    def _take_over(self, table: Table) -> None:
        """Note that rows are emitted to another resource's table: what that one loaded last counts no more."""
        if table.name != self._resource:
            self._states.get(table.name, {}).pop("loaded", None)

    def rest(self, unreadable: list[Row]) -> Iterator[Any]:
        yield from self.add(UNREADABLE_RECORDS, unreadable)
        for buffer in self._buffers.values():
            yield from self._drained(buffer)

    def _drained(self, buffer: RowBuffer) -> Iterator[Any]:
        batch = buffer.taken()
        if batch is not None:
            self._empty.pop(buffer.table.name, None)
            self._chunk.weigh(batch.nbytes)
            if FURTHER_FIELDS in batch.column_names and buffer.types.is_full:
                self._say_further(buffer.table.name)
            yield from self.tables.emit(buffer.table, batch, buffer.types.undeclared_json)

    def _say_further(self, table: str) -> None:
        if table not in self._session.overfull:
            self._session.overfull.add(table)
            logger.warning(
                "%s has more fields that nobody declared than max_columns = %s under [sources.intercom]; "
                "the others are in its JSON column %s",
                table,
                self._session.max_columns,
                FURTHER_FIELDS,
            )
