"""Loaded rows beside those of an export: which of them it does not bring, and which of its own are new.

What is loaded of a receipt is kept where this export's line for it is unreadable: nothing in a line that does not fit
its header is certain, but the receipt's id is among its values.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import chain

from ..rows.table import Row, Table
from .days import Days
from .receipt_tables import POSITION, RECEIVED_ON

# The rows of a table that are loaded under these days and belong to receipts with these ids; nulls are left out.
Loaded = Callable[[Table, Days, Collection[str]], Iterable[Row]]


def none_loaded(_table: Table, _days: Days, _receipt_ids: Collection[str]) -> Iterable[Row]:
    """Return no rows to keep: there is no earlier export."""
    return ()


def unmatched(loaded: Iterable[Row], exported: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Return the reactions that are loaded and not in this export, and those in it that are not loaded.

    They have no ids, so their content is compared, in the columns that both have: a row with one other at most. A null
    is left out of a loaded row, which therefore seems to be part of several: the one with least besides it is its own.
    """
    new: defaultdict[object, list[Row]] = defaultdict(list)  # receipt -> its reactions
    columns: set[str] = set()
    for row in exported:
        new[row.get("receipt_id")].append(row)
        columns |= row.keys() - {RECEIVED_ON, POSITION}
    kept = []
    for row in sorted(loaded, key=len, reverse=True):
        known, of_receipt = {(name, row[name]) for name in columns & row.keys()}, new[row["receipt_id"]]
        same = min((one for one in of_receipt if known <= one.items()), key=len, default=None)
        if same is None:
            kept.append(row)
        else:
            of_receipt.remove(same)
    return kept, list(chain.from_iterable(new.values()))
