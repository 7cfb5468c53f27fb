"""Answers a search: which records, in which order, from which page on."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import orjson

from simulator import errors
from simulator.record import Record
from simulator.search.dialect import FOREVER, Dialect
from simulator.search.fields import DATE, INTEGER, Field
from simulator.search.filters import Filter, compile_query
from simulator.search.page_cursor import MISSING_VALUE, PageCursor
from simulator.search.walk import MILLISECONDS, Walk
from simulator.workspace.store import Store
from simulator.workspace.time_index import RecordKey, TimeIndex

BODY_KEYS = ("query", "pagination", "sort")
SCORES = 1 << 32


@dataclass(frozen=True)
class Sort:
    """The order that was asked for; any word but `ascending` means descending in 2.10."""

    field: Field
    is_descending: bool


class Search:
    """One search over a store; what costs a scan (counts, computed orders) is kept until a record changes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.index("updated_at")  # lets the index catch up before cached results are used
        self._kept = store.kept()

    def walk(self, body: Record, dialect: Dialect, after: PageCursor | None) -> Walk:
        """The matching records in their order."""
        for name in body:
            if name not in BODY_KEYS:
                raise errors.ApiError(400, "bad_request", f"bad '{name}' parameter")
        asked = compile_query(body.get("query"), dialect)
        sort = _sort(body.get("sort"), dialect)
        if after is not None and isinstance(after.value, float) != (sort is None):
            raise errors.server_error()  # a cursor sent without the sort it came from
        key = orjson.dumps([body.get("query"), body.get("sort"), dialect.is_inclusive], option=orjson.OPT_SORT_KEYS)
        index = self.store.index(sort.field.name) if sort else None
        if sort is None or index is None:
            return self._computed(asked, sort, key)
        return self._indexed(asked, index, sort, key)

    def _indexed(self, asked: Filter, index: TimeIndex, sort: Sort | None, key: bytes) -> Walk:
        name = sort.field.name if sort else "updated_at"
        low, high, tests = -FOREVER, FOREVER, [] if asked.matches is None else [asked.matches]
        for field, (start, end) in asked.ranges:
            if field.name == name:
                low, high = max(low, start), min(high, end)
            else:
                tests.append(_in_range(field, start, end))
        first, last = index.first_at(low), index.first_at(high)
        walk = Walk(self.store.records, index.entries, first, max(first, last), scale=MILLISECONDS)
        walk.is_descending = sort is not None and sort.is_descending
        if tests:
            walk.matches = lambda record: all(test(record) for test in tests)
            walk.count_matches = lambda: self._count(walk, key)
        return walk

    def _count(self, walk: Walk, key: bytes) -> int:
        if key not in self._kept:
            self._kept[key] = len(walk.matching_ids())
        count = self._kept[key]
        assert isinstance(count, int)  # noqa: S101 - says to the type checker what this key keeps
        return count

    def _computed(self, asked: Filter, sort: Sort | None, key: bytes) -> Walk:
        key += b" order"
        if key not in self._kept:
            records = self.store.records
            index = self.store.index("updated_at")
            assert index is not None  # noqa: S101 - every searchable entity is indexed by its last change
            ids = self._indexed(asked, index, None, key).matching_ids()
            order = _score if sort is None else lambda record_id: _sort_value(sort, records[str(record_id)])
            self._kept[key] = sorted((order(record_id), record_id) for record_id in ids)
        entries = self._kept[key]
        assert isinstance(entries, list)  # noqa: S101 - says to the type checker what this key keeps
        return Walk(self.store.records, entries, 0, len(entries), is_descending=sort is None or sort.is_descending)


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
