"""Compares what a listing shows of a record with what the raw tables hold: equal content becomes the same few bytes.

Only declared columns are compared, each in one form whatever the destination makes of it: a number that Intercom sent
as text is the number that its column holds, JSON is compared by value.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlt.common.data_types import TDataType

from ..api.lists.list_answer import total_count_in
from ..resources.cut_lists import SHOWN_ITEMS
from ..rows.file_links import without_signatures
from ..rows.table import REMOVES, Row, Rows, Table
from ..rows.values import fits

DIGEST_BYTES = 8

Values = tuple[object, ...]


@dataclass(frozen=True)
class ListAspect:
    """Which columns of a table of list items go into its fingerprint, and the field whose list the object cuts."""

    table: Table
    columns: tuple[str, ...]
    cut_field: str | None = None

    def may_be_cut(self, loaded_row: Mapping[str, Any]) -> bool:
        """Return True if a listing may show only some of the items by the loaded row, also if that does not say."""
        if self.cut_field is None:
            return False
        total_count = total_count_in({"total_count": loaded_row.get(f"{self.cut_field}__total_count")})
        has_more = loaded_row.get(f"{self.cut_field}__has_more")
        return bool(has_more) or (has_more is None if total_count is None else total_count > SHOWN_ITEMS)


@dataclass(frozen=True)
class Aspect:
    """Part of a record with a fingerprint of its own: columns of its own table, and lists."""

    name: str
    columns: tuple[str, ...]
    lists: tuple[ListAspect, ...] = ()


def columns_of(table: Table, *, without: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the columns for a table's fingerprint: not the key, not the time that says whether to compare."""
    return tuple(name for name in table.columns if name not in {*table.key, "updated_at", *without})


def own_digest(table: Table, columns: Sequence[str], row: Mapping[str, Any]) -> int:
    """Return the fingerprint of these columns of a record's own row, a number."""
    return _digest_of([canonical(table.columns[name].data_type, row.get(name)) for name in columns])


def item_values(aspect: ListAspect, row: Mapping[str, Any]) -> Values:
    """Return the values of one list item that go into its fingerprint."""
    return tuple(canonical(aspect.table.columns[name].data_type, row.get(name)) for name in aspect.columns)


def as_loaded(table: Table, row: Row) -> Row:
    """Return a listing's row for its fingerprint, without values that do not fit: they get columns of their own."""
    return {
        name: value
        for name, value in row.items()
        if name not in table.columns or fits(value, table.columns[name].data_type)
    }


def item_digest(aspect: ListAspect, values: Values) -> int:
    """Return the fingerprint of one list item; those of a record's items are combined by `^`, in any order."""
    return _digest_of([aspect.table.name, *values])


def rows_by_table(rows: Rows) -> dict[str, list[Row]]:
    """Return table name -> rows for fingerprints: as they would be loaded, without removal rows."""
    found: dict[str, list[Row]] = {}
    for table, of_table in rows:
        found.setdefault(table.name, []).extend(as_loaded(table, row) for row in of_table if REMOVES not in row)
    return found


def _digest_of(values: Sequence[object]) -> int:
    """Return a fingerprint of 64 bits that changes with any of `values`."""
    content = repr(values).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest())


def canonical(data_type: TDataType, value: Any) -> object:
    """Return a value for a fingerprint: as its column holds it, file links unsigned; None if it does not fit.

    An empty text counts as null: PostgreSQL is loaded by CSV, which does not distinguish them.
    """
    if value is None:
        return None
    if data_type == "json":
        return json.dumps(_plain(without_signatures(_decoded(value))), sort_keys=True)
    if data_type == "bool":
        return value if isinstance(value, bool) else None
    if data_type in {"bigint", "double"}:
        return _number(value, is_whole=data_type == "bigint")
    return without_signatures(str(value)) or None


def _number(value: Any, *, is_whole: bool) -> int | float | None:
    try:
        number = float(value)
        return int(value) if is_whole and number == int(number) else None if is_whole else number
    except (TypeError, ValueError, OverflowError):
        return None


def _decoded(value: Any) -> Any:
    """Return JSON decoded for its fingerprint: some destinations return it as text, others as objects."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _plain(value: Any) -> Any:
    """Return JSON for a fingerprint, whole numbers written in one way: destinations turn 2.0 into 2."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
