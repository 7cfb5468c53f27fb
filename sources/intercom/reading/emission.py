"""The one way to dlt: every row of Intercom's passes the guard, keeps its values exact, and is counted."""

from collections.abc import Iterable, Iterator
from typing import Any

import dlt

from ..rows.column_types import ColumnTypes
from ..rows.deleted_records import DELETED_RECORDS, marks_to_take_away
from ..rows.table import REMOVES, Rows, Tables
from .reading import Reading


def emitted(batches: Iterable[Rows], reading: Reading) -> Iterator[Any]:
    """Yield what dlt is to load of `batches`, each the rows of one page or of one whole list."""
    tables = Tables()
    types: dict[str, ColumnTypes] = {}
    schema = dlt.current.source_schema()
    for rows_of_tables in batches:
        for table, rows in reading.session.guard.passed(rows_of_tables):
            if table.replaced == "whole" and not rows:
                yield from tables.create(table)
            known = types.get(table.name) or types.setdefault(table.name, ColumnTypes(table, schema))
            yield from tables.emit(table, [known.exact(row) for row in rows])
            yield from tables.emit(DELETED_RECORDS, marks_to_take_away(table, rows, reading.session.marked))
            reading.report.count_rows[table.name] += sum(REMOVES not in row for row in rows)
