"""Rows of an earlier export that are kept, because this export's line for the receipt is unreadable.

Nothing in a line that does not fit its header is certain, but its receipt's id is among its values.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from ..rows.table import Row, Table
from .days import Days
from .receipt_tables import POSITION, RECEIVED_ON

# The rows of a table that are loaded under these days and belong to receipts with these ids; nulls are left out.
Loaded = Callable[[Table, Days, Collection[str]], Iterable[Row]]


def none_loaded(_table: Table, _days: Days, _receipt_ids: Collection[str]) -> Iterable[Row]:
    """Return no rows to keep: there is no earlier export."""
    return ()


def not_again(loaded: Iterable[Row], exported: Iterable[Row]) -> Iterator[Row]:
    """Yield an earlier export's rows of reactions to keep, because this one does not have them.

    They have no ids, so their content is compared, in the columns that both exports have.
    """
    exported = list(exported)
    columns = {name for row in exported for name in row} - {RECEIVED_ON, POSITION}
    met = Counter(_content(row, columns) for row in exported)
    for row in loaded:
        content = _content(row, columns & row.keys())
        same = next((one for one in met if met[one] and content <= one), None)
        if same is None:
            yield {name: value for name, value in row.items() if name != POSITION}
        else:
            met[same] -= 1


def without_loaded(exported: list[Row], loaded: Iterable[Row]) -> list[Row]:
    """Return the reactions of an export that are not loaded yet, compared in the columns that both have."""
    left: dict[object, list[Row]] = {}
    for row in exported:
        left.setdefault(row.get("receipt_id"), []).append(row)
    columns = {name for row in exported for name in row} - {RECEIVED_ON, POSITION}
    for row in loaded:
        known, of_receipt = _content(row, columns), left.get(row["receipt_id"], [])
        same = next((one for one in of_receipt if known == _content(one, columns & row.keys())), None)
        if same is not None:
            of_receipt.remove(same)
    return [row for of_receipt in left.values() for row in of_receipt]


def _content(row: Row, columns: Collection[str]) -> frozenset[tuple[str, object]]:
    """Return the content of a row that may be kept: its values in `columns`, to compare them with another row's."""
    return frozenset((name, row[name]) for name in columns if name in row)
