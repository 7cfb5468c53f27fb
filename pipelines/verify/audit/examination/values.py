"""Compares one value of a row with Intercom's, and describes a difference."""

import json
from datetime import UTC, datetime
from numbers import Number
from typing import Any

from sources.intercom.rows.table import Column, Personal

ID_ENDINGS = ("_id", "_ids")  # also `__id` of what is nested
QUOTED: frozenset[Personal] = frozenset({"impersonal", "contact_id", "receipt_id"})


def is_same(ours: Any, theirs: Any) -> bool:
    """Return True if two values mean the same: the order of keys, and 1 or 1.0, do not matter; true is not 1."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(is_same(value, theirs[name]) for name, value in ours.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(is_same, ours, theirs))
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, Number) and isinstance(theirs, Number):
        return ours == theirs
    return type(ours) is type(theirs) and bool(ours == theirs)


def read(value: Any, data_type: str | None) -> Any:
    """Return a stored value as one that the audit can compare: JSON decoded, times in UTC."""
    if data_type == "json" and isinstance(value, str | bytes):
        try:
            return json.loads(value)
        except ValueError:
            return value  # no JSON at all: as it is, it differs from whatever Intercom has
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def told(ours: Any, theirs: Any, column: str, declared: Column | None) -> tuple[str, str]:
    """Describe the two values of a difference without revealing what people wrote, or who they are.

    Quoted are numbers, times and ids of a declared column that says nothing about a customer but Intercom's id. Of an
    undeclared one nobody knows what it holds.
    """
    is_quoted = declared is not None and declared.personal in QUOTED
    is_id = is_quoted and (column == "id" or column.endswith(ID_ENDINGS))
    if isinstance(ours, str) and isinstance(theirs, str) and not is_id:
        position = next((at for at, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
        where = f", different from character {position + 1} on" if position is not None else ""
        return f"text of {len(ours)} characters{where}", f"text of {len(theirs)} characters"
    return _told(ours, is_quoted=is_quoted, is_id=is_id), _told(theirs, is_quoted=is_quoted, is_id=is_id)


def _told(value: Any, *, is_quoted: bool, is_id: bool) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str) and not is_id:
        return f"text of {len(value)} characters"
    if isinstance(value, datetime):
        return value.isoformat() if is_quoted else "a time"
    if isinstance(value, Number):
        said = str(value).lower() if isinstance(value, bool) else str(value)
        return said if is_quoted else "a number"
    return str(value) if is_id else f"JSON of {len(json.dumps(value, ensure_ascii=False, default=str))} characters"
