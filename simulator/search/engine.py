"""Answers a search: which records, in which order, from which page on."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import orjson

from simulator import errors
from simulator.record import Record
from simulator.search.dialect import FOREVER, Dialect
from simulator.search.fields import DATE, INTEGER, Field
from simulator.search.filters import Filter, all_of, compile_query
from simulator.search.page_cursor import MISSING_VALUE, PageCursor
from simulator.search.walk import MILLISECONDS, Found, Walk
from simulator.workspace.storage.store import Store
from simulator.workspace.storage.time_index import RecordKey

BODY_KEYS = ("query", "pagination", "sort")
SCORES = 1 << 32


@dataclass(frozen=True)
class Sort:
    """The order in which a search asks for its records; any word but `ascending` means descending in 2.10."""

    field: Field
    is_descending: bool


def search(
    store: Store,
    body: Record,
    dialect: Dialect,
    after: PageCursor | None,
    per_page: int,
    is_shown: Callable[[Record], bool] | None = None,
) -> Found:
    """Run a search: one page of matching records in their order; what costs a scan is kept until a record changes.

    `is_shown`: which of the matching ones the token may see; None: all.
    """
    for name in body:
        if name not in BODY_KEYS:
            raise errors.ApiError(400, "bad_request", f"bad '{name}' parameter")
    asked = compile_query(body.get("query"), dialect)
    if is_shown is not None:
        asked = Filter(asked.ranges, all_of([is_shown, *([] if asked.matches is None else [asked.matches])]))
    sort = _sort(body.get("sort"), dialect)
    if after is not None and isinstance(after.value, float) != (sort is None):
        raise errors.server_error()  # a cursor sent without the sort it came from
    asked_as = [body.get("query"), body.get("sort"), dialect.is_inclusive, dialect.timezone, is_shown is None]
    key = orjson.dumps(asked_as, option=orjson.OPT_SORT_KEYS)
    if sort is not None and sort.field.name in store.time_fields:
        walk = _in_time_order(store, asked, sort.field.name, is_descending=sort.is_descending)
    else:
        walk = _in_computed_order(store, asked, sort, key)
    counts = store.kept().counts
    if key not in counts:
        counts[key] = walk.count()
    return walk.page(after, per_page, counts[key])


def _in_time_order(store: Store, asked: Filter, name: str, *, is_descending: bool = False) -> Walk:
    """Search in the order of a time field, whose index answers the ranges of that field."""
    low, high, tests = -FOREVER, FOREVER, [] if asked.matches is None else [asked.matches]
    for field, (start, end) in asked.ranges:
        if field.name == name:
            low, high = max(low, start), min(high, end)
        else:
            tests.append(_in_range(field, start, end))
    index = store.index(name)
    first, last = index.first_at(low), index.first_at(high)
    return Walk(store.listed, index.entries, first, max(first, last), MILLISECONDS, is_descending, all_of(tests))


def _in_computed_order(store: Store, asked: Filter, sort: Sort | None, key: bytes) -> Walk:
    """Search in the order of any other field, or of relevance without a sort."""
    unsorted = _in_time_order(store, asked, "updated_at")
    orders = store.kept().orders
    if key not in orders:
        order = _score if sort is None else lambda record_id: _sort_value(sort, store.listed[str(record_id)])
        orders[key] = sorted((order(record_id), record_id) for record_id in unsorted.matching_ids())
    entries = orders[key]
    return Walk(store.listed, entries, 0, len(entries), is_descending=sort is None or sort.is_descending)


def _in_range(field: Field, start: int, end: int) -> Callable[[Record], bool]:
    def is_inside(record: Record) -> bool:
        found = field.read(record)
        return isinstance(found, int) and start <= found < end

    return is_inside


def _sort(sort: object, dialect: Dialect) -> Sort | None:
    if sort is None:
        return None
    if not isinstance(sort, dict) or not isinstance(sort.get("field"), str):
        raise errors.parameter_invalid("sort needs a field")
    field = dialect.field(sort["field"])
    if field.kind not in {DATE, INTEGER} and not field.is_ordered:
        raise errors.parameter_invalid(f"cannot sort by {field.name}")
    return Sort(field, sort.get("order") != "ascending")


def _score(record_id: RecordKey) -> float:
    # Relevance as a client sees it: stable, and unrelated to time.
    return crc32(str(record_id).encode()) / SCORES


def _sort_value(sort: Sort, record: Record) -> int:
    found = sort.field.read(record)
    if sort.field.is_ordered:
        return int(str(found)) * MILLISECONDS
    return int(found) * MILLISECONDS if isinstance(found, (int, float)) else MISSING_VALUE
