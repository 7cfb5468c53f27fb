"""The rows of earlier content data exports, which are kept if a line of a new export cannot be read."""

import json
from collections.abc import Collection, Iterator

from pipelines.destination.tables.raw_tables import RawTables, one_of
from sources.intercom.export.days import Days
from sources.intercom.export.receipt_tables import RECEIVED_ON
from sources.intercom.rows.column_types import FURTHER_FIELDS
from sources.intercom.rows.table import Row, Table

LONGEST_ID = 64  # characters; any value of a line may be the receipt's id, which is far shorter


class LoadedReceipts:
    """The loaded receipts: their rows in the raw tables, as `export.kept_rows` asks for them."""

    def __init__(self, raw: RawTables) -> None:
        self._raw = raw

    def __call__(self, table: Table, days: Days, receipt_ids: Collection[str]) -> Iterator[Row]:
        """Yield the loaded rows of `table` that belong to one of these receipts, under one of these days."""
        ids = [one for one in receipt_ids if 0 < len(one) <= LONGEST_ID]
        if not ids or not self._raw.has(table.name, "receipt_id", RECEIVED_ON):
            return
        columns = list(self._raw.columns(table.name))
        within = f"{RECEIVED_ON} BETWEEN DATE '{days.first_on}' AND DATE '{days.last_on}'"
        for values in self._raw.select(table.name, *columns, where=f"{within} AND {one_of('receipt_id', sorted(ids))}"):
            row = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
            # Its members are fields of a line like the others: what loads the row puts them back there.
            further = row.pop(FURTHER_FIELDS, {})
            yield {**(json.loads(further) if isinstance(further, str) else further), **row}
