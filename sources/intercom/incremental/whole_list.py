"""Lists that are read whole in every run and replace their tables."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..api.record import Record, record_id
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..rows.table import Row, Rows, Table
from .unchanged_lists import changed


def whole(
    name: str,
    tables: tuple[Table, ...],
    list_all: Callable[[Reading], list[Record]],
    rows_of: Callable[[list[Record]], Rows],
    *operations: str,
) -> Resource:
    """Return a resource that replaces its tables by whole lists, complete before the first row is written."""

    def read(reading: Reading) -> Iterator[Rows]:
        yield from whole_rows(reading, list_all(reading), rows_of)

    return Resource(name, tables, read, operations)


def whole_rows(reading: Reading, records: list[Record], rows_of: Callable[[list[Record]], Rows]) -> Iterator[Rows]:
    """Yield a whole list's rows, counted by the first table, unless they are unchanged since the last run."""
    rows = reading.unreadable.rows_of(records, rows_of)
    reading.report.count_records += len(rows[0][1])
    yield from changed(reading, [rows])


def whole_list(name: str, path: str, table: Table, row: Callable[[Record], Row], **params: Any) -> Resource:
    """Return the resource of one list that is read whole, by calls with `params`, and one table."""

    def rows_of(records: list[Record]) -> Rows:
        return [(table, [row(record) for record in records])]

    return whole(name, (table,), partial(all_records, path=path, **params), rows_of, f"GET {path}")


def all_records(reading: Reading, path: str, records_key: str = "data", **params: Any) -> list[Record]:
    """Return every record of a list once: a page may repeat records that moved while the previous one was read."""
    pages = reading.listed(path, records_key, **params)
    return list({_identity(record, path): record for page in pages for record in page.records}.values())


def _identity(record: Record, path: str) -> str:
    """Return a record's identity in a whole list: built-in attributes have no id, but a full name, perhaps shared."""
    return f"{record.get('id')} {record['full_name']}" if "full_name" in record else record_id(record, path)
