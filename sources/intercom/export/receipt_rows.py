"""From the CSVs of an export job to rows: each under the day on which its message was sent."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from ..api.lists.page import Span
from ..api.record import INTERCOM_FOUNDED_AT
from ..rows.table import REMOVES, Row, Rows, Table
from ..rows.validation import MOST_CHARACTERS, Misfit
from .csv_files import RECEIPTS_KIND, CsvRow, OddLine, Sheet, is_whole_number
from .days import Days, day_of
from .kept_rows import Loaded, unmatched
from .receipt_days import ReceiptDays, receipt_days
from .receipt_tables import MESSAGE_RECEIPTS, POSITION, RECEIVED_ON, table_of

FIRST_MILLISECONDS = 100_000_000_000
OUR_NAMES = frozenset({RECEIVED_ON, POSITION, REMOVES})
NO_TIME = "received_at is no time"

Protected = Callable[[Table, list[Row]], list[Row]]
LeaveOut = Callable[[Misfit, Span], None]  # with the moments between which it was sent


@dataclass(frozen=True)
class ReceiptRows:
    """The rows of receipts and reactions that an export job brings: its `sheets`, for the days `asked`.

    Intercom's days may be another time zone's: then it answers more than was asked for, and parts of days are left out;
    what is of a later day, up to the end of those `answered`, comes with the next job. A receipt without a time is on
    no day, and a line with too many fields or too few is no row: `leave_out` is told of each, and what is `loaded` of
    its receipt stays. Its reactions come with the first job that brings them: the next one knows by what is `loaded`
    that it has them already: by what they look like there, once they are `protected` by the privacy rules.
    """

    sheets: list[Sheet]
    asked: Days
    answered: Days
    leave_out: LeaveOut
    loaded: Loaded
    protected: Protected
    _unread: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Table -> the values of its lines that were not read, ids of receipts among them."""
    _counts: Counter[tuple[str, date]] = field(default_factory=Counter)
    """Table and day -> how many rows there are."""
    undated: set[str] = field(default_factory=set)
    """The receipts whose day is unknown, and whose reactions these rows have: the next job brings them, too."""

    def batches(self, kinds: list[str]) -> Iterator[Rows]:
        """Yield removals of all `kinds` on the days asked, then what replaces them."""
        tables = {table.name: table for table in map(table_of, kinds)}
        yield [(table, [table.emptied(day.isoformat()) for day in self.asked]) for table in tables.values()]
        with _days_of_receipts(self.sheets) as days:
            for sheet in self.sheets:
                table = tables[table_of(sheet.kind).name]
                make = self._receipts if sheet.kind == RECEIPTS_KIND else partial(self._reactions, table)
                for batch in self._timed(sheet):
                    yield [(table, make(batch, days))]
            for table in tables.values():
                if self._unread[table.name]:
                    yield [(table, self._kept(table, days))]

    def _timed(self, sheet: Sheet) -> Iterator[list[CsvRow]]:
        """Yield the CSV's rows that have a day; the others, and lines that are no rows, are misfits."""
        unread = self._unread[table_of(sheet.kind).name]

        def odd(line: OddLine) -> None:
            self.leave_out(_misfit(sheet, line), _span(line.values, self.answered))
            unread.update(line.values)

        for batch in sheet.batches(odd):
            if sheet.kind != RECEIPTS_KIND:
                yield batch
                continue
            for receipt_id in (row.get("receipt_id", "?") for row in batch if not has_time(row)):
                misfit = Misfit(MESSAGE_RECEIPTS.name, receipt_id[:MOST_CHARACTERS], NO_TIME)
                self.leave_out(misfit, (self.answered.start_at, self.answered.last_at))
                unread.add(receipt_id)
            yield [row for row in batch if has_time(row)]

    def _receipts(self, batch: list[CsvRow], days: ReceiptDays) -> list[Row]:
        """Return the rows of receipts of the days asked, each once."""
        dated = [(day, row) for row in batch if (day := _received_on(row)) in self.asked]
        return [_row(day, row) for day, row in dated if days.first_time(day.isoformat(), *_key(row))]

    def _reactions(self, table: Table, batch: list[CsvRow], days: ReceiptDays) -> list[Row]:
        """Return the rows of reactions, each under the day of its receipt, by which it is replaced.

        If that day is unknown, this job may be the only one to bring the reaction, or the previous one has brought it.
        """
        dated = [(days.of(row.get("receipt_id", "")), row) for row in batch]
        rows = [_row(day, row) for day, row in dated if day is not None and day in self.asked]
        undated = [_row(_own_day(row, self.asked), row) for day, row in dated if day is None]
        if undated:
            before = Days(day_of(INTERCOM_FOUNDED_AT), self.asked.first_on - timedelta(1))
            loaded = self.loaded(table, before, {row.get("receipt_id", "") for row in undated})
            new = unmatched(loaded, self.protected(table, undated))[1]
            self.undated.update(row.get("receipt_id", "") for row in new)
            rows += new
        return self._numbered(table, rows)

    def _kept(self, table: Table, days: ReceiptDays) -> list[Row]:
        """Return loaded rows of receipts or reactions that this export would remove without replacing them."""
        receipt_ids = self._unread[table.name]
        loaded = self.loaded(table, self.asked, receipt_ids)
        if table is MESSAGE_RECEIPTS:
            return [row for row in loaded if days.first_time(row[RECEIVED_ON].isoformat(), *_key(row))]
        own = (sheet for sheet in self.sheets if table_of(sheet.kind).name == table.name)
        read = (row for sheet in own for batch in sheet.batches() for row in batch)
        exported = [_typed(row) for row in read if row.get("receipt_id") in receipt_ids]
        return self._numbered(table, unmatched(loaded, self.protected(table, exported))[0])

    def _numbered(self, table: Table, rows: list[Row]) -> list[Row]:
        """Return rows of reactions, each with its place among those of the day."""
        for row in rows:
            self._counts[table.name, row[RECEIVED_ON]] += 1
            row[POSITION] = self._counts[table.name, row[RECEIVED_ON]]
        return rows


def _misfit(sheet: Sheet, line: OddLine) -> Misfit:
    """Name a line that makes no row by its content: in the next export it is in another file and at another place."""
    digest = hashlib.blake2b("\0".join(line.values).encode(errors="replace"), digest_size=4).hexdigest()
    table = table_of(sheet.kind).name
    return Misfit(table, f"a line of {sheet.kind} ({digest})", f"{sheet.title}, line {line.number}: {line.reason}")


def _span(values: Iterable[str], answered: Days) -> Span:
    """Return between which moments the message of a line without a row was sent, by all values that may be times."""
    days = [day for value in values if is_whole_number(value) and (day := _day_of(value)) in answered]
    span = Days(min(days), max(days)) if days else answered
    return span.start_at, span.last_at


@contextmanager
def _days_of_receipts(sheets: list[Sheet]) -> Iterator[ReceiptDays]:
    """Yield the days of all receipts, if there are rows of reactions that need them."""
    parent = sheets[0].file.parent if sheets else None
    has_reactions = any(sheet.kind != RECEIPTS_KIND for sheet in sheets)
    with TemporaryDirectory(dir=parent) as folder, receipt_days(Path(folder) / "receipts.sqlite") as days:
        for sheet in sheets if has_reactions else ():
            if sheet.kind == RECEIPTS_KIND:
                for batch in sheet.batches():
                    timed = (row for row in batch if "receipt_id" in row and has_time(row))
                    days.add((row["receipt_id"], _received_on(row)) for row in timed)
        days.index()
        yield days


def _own_day(row: CsvRow, asked: Days) -> date:
    """Return the day of a reaction's own row, within those that it was exported for: its message was sent before."""
    own = [_day_of(value) for name, value in row.items() if _is_time(name) and is_whole_number(value)]
    return min(max(min(own, default=asked.first_on), asked.first_on), asked.last_on)


def has_receipts(sheets: Iterable[Sheet], days: Days) -> bool:
    """Return True if an export has any receipt of these days, or one whose day is unknown."""
    batches = chain.from_iterable(sheet.batches() for sheet in sheets if sheet.kind == RECEIPTS_KIND)
    return any(not has_time(row) or _received_on(row) in days for row in chain.from_iterable(batches))


def _key(row: Row) -> list[str]:
    """Return the identity of a receipt's row: its ids, or all of its content if it has none."""
    if "receipt_id" not in row:
        return ["", *(f"{name}\0{row[name]}" for name in sorted(row.keys() - {RECEIVED_ON}))]
    return [row.get(name, "") for name in MESSAGE_RECEIPTS.key[1:]]


def _received_on(row: CsvRow) -> date:
    return _day_of(row["received_at"])


def _day_of(moment: str) -> date:
    """Return the day of a row by its unix seconds, or milliseconds: in seconds these are of the year 5000 and later."""
    at = int(moment)
    return day_of(at // 1_000 if at >= FIRST_MILLISECONDS else at)


def has_time(row: CsvRow) -> bool:
    """Return True if a receipt's row says when it was sent."""
    value = row.get("received_at", "")
    return is_whole_number(value) and int(value) >= INTERCOM_FOUNDED_AT


def _row(day: date, row: CsvRow) -> Row:
    return {**_typed(row), RECEIVED_ON: day}


def _typed(row: CsvRow) -> Row:
    """Make a row of a CSV's texts: times become numbers; everything else stays text, as in the file."""
    return {
        f"{name}_" if name in OUR_NAMES else name: int(value) if _is_time(name) and is_whole_number(value) else value
        for name, value in row.items()
    }


def _is_time(column: str) -> bool:
    return column.startswith("first_") or column.endswith("_at")
