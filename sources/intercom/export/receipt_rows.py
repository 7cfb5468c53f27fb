"""From the CSVs of an export job to rows: each under the day on which its message was sent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ..rows.table import Row, Rows
from .days import Days, day_of
from .file import RECEIPTS_KIND, CsvRow, Sheet, is_whole_number
from .receipt_days import ReceiptDays, receipt_days
from .receipt_tables import MESSAGE_RECEIPTS, POSITION, RECEIVED_ON, table_of


def receipt_rows(sheets: list[Sheet], asked: Days, kinds: list[str]) -> Iterator[Rows]:
    """Yield marks that remove what is loaded of the days `asked`, for all `kinds`, and then the rows instead of it.

    Intercom's days may be another time zone's: then it answers more than was asked for, and parts of days are left out.
    """
    tables = {table.name: table for table in map(table_of, kinds)}
    yield [(table, [table.emptied(day.isoformat()) for day in asked]) for table in tables.values()]
    with _days_of_receipts(sheets) as days:
        positions: Counter[tuple[str, date]] = Counter()
        for sheet in sheets:
            table = tables[table_of(sheet.kind).name]
            for batch in sheet.batches():
                dated = [(day, row) for row in batch if (day := _day(sheet, row, days, asked)) in asked]
                if sheet.kind == RECEIPTS_KIND:
                    dated = [(day, row) for day, row in dated if days.first_time(day.isoformat(), *_key(row))]
                rows = [_row(day, row) for day, row in dated]
                if sheet.kind != RECEIPTS_KIND:
                    _number(rows, table.name, positions)
                yield [(table, rows)]


@contextmanager
def _days_of_receipts(sheets: list[Sheet]) -> Iterator[ReceiptDays]:
    """Give the days of all receipts, if there are reactions that ask for them."""
    parent = sheets[0].file.parent if sheets else None
    has_reactions = any(sheet.kind != RECEIPTS_KIND for sheet in sheets)
    with TemporaryDirectory(dir=parent) as folder, receipt_days(Path(folder) / "receipts.sqlite") as days:
        for sheet in sheets if has_reactions else ():
            if sheet.kind == RECEIPTS_KIND:
                for batch in sheet.batches():
                    days.add((row["receipt_id"], _received_on(row)) for row in batch if "receipt_id" in row)
        days.index()
        yield days


def _day(sheet: Sheet, row: CsvRow, days: ReceiptDays, asked: Days) -> date:
    """Return the day by which a row is replaced: that of its receipt, or its own where the export lacks the receipt."""
    if sheet.kind == RECEIPTS_KIND:
        return _received_on(row)
    sent_on = days.of(row.get("receipt_id", ""))
    if sent_on is not None:
        return sent_on
    own = [day_of(int(value)) for name, value in row.items() if _is_time(name) and is_whole_number(value)]
    return min(max(min(own, default=asked.first_on), asked.first_on), asked.last_on)


def _key(row: CsvRow) -> list[str]:
    return [row.get(name, "") for name in MESSAGE_RECEIPTS.key[1:]]


def _received_on(row: CsvRow) -> date:
    return day_of(int(row["received_at"]))


def _row(day: date, row: CsvRow) -> Row:
    """Times become numbers; everything else stays the text that the file has."""
    typed = {
        name: int(value) if _is_time(name) and is_whole_number(value) else value
        for name, value in row.items()
        if name != POSITION
    }
    return {**typed, RECEIVED_ON: day}


def _number(rows: list[Row], table: str, positions: Counter[tuple[str, date]]) -> None:
    for row in rows:
        place = (table, row[RECEIVED_ON])
        positions[place] += 1
        row[POSITION] = positions[place]


def _is_time(column: str) -> bool:
    return column.startswith("first_") or column.endswith("_at")
