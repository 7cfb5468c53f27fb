"""Values, and the types of column in which they stay what they are."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from dlt.common.data_types import TDataType

from ..api.record import LARGEST_BIGINT

LARGEST_EXACT_IN_DOUBLE = 2**53
SMALLEST_BIGINT = -LARGEST_BIGINT - 1
_DATE = re.compile(r"\d{4}-\d\d-\d\d")  # as we write the days of an export
_NUMBER = re.compile(r"\d{1,17}\.\d{1,17}")
# Python type -> the type of the column that holds such a value unchanged.
_TYPES: dict[type, TDataType] = {
    bool: "bool",
    int: "bigint",
    float: "double",
    str: "text",
    dict: "json",
    list: "json",
    date: "date",
}
# Column type -> the Python types of its values.
KINDS: dict[TDataType, frozenset[type]] = {
    data_type: frozenset(kind for kind, its_type in _TYPES.items() if its_type == data_type)
    for data_type in _TYPES.values()
}
_NO_KINDS: frozenset[type] = frozenset()  # of columns that an earlier version has made, of bytes or moments
# Column type -> what turns a fitting value of another Python type into one of its own.
_IN_COLUMN: dict[TDataType, Callable[[Any], Any]] = {
    "text": str,
    "bigint": int,
    "double": float,
    "date": date.fromisoformat,
}


def are_exact(values: list[Any], kinds: set[type], data_type: TDataType) -> bool:
    """Return True if values, of the Python types `kinds` besides null, are all ones of a column of `data_type`."""
    return kinds <= KINDS.get(data_type, _NO_KINDS) and _is_in_range(values, kinds)


def _is_in_range(values: list[Any], kinds: set[type]) -> bool:
    if kinds != {int}:
        return True
    numbers = [value for value in values if value is not None]
    return bool(min(numbers) >= SMALLEST_BIGINT and max(numbers) <= LARGEST_BIGINT)


def parted(values: list[Any], data_type: TDataType) -> tuple[list[Any], dict[TDataType, list[Any]]]:
    """Return the values that a column of `data_type` holds, and the others by the type of the column that does."""
    fitting: list[Any] = [None] * len(values)
    misfits: dict[TDataType, list[Any]] = {}
    for position, value in enumerate(values):
        if value is None:
            continue
        if fits(value, data_type):
            is_other = _TYPES.get(type(value)) != data_type
            fitting[position] = _IN_COLUMN[data_type](value) if is_other else value
        else:
            own = own_type(value)
            of_type = misfits.setdefault(own, [None] * len(values))
            of_type[position] = str(value) if own == "text" else value
    return fitting, misfits


def own_type(value: Any) -> TDataType:
    """Return the column type for a value; an integer beyond bigint is written as text."""
    if type(value) is int and not SMALLEST_BIGINT <= value <= LARGEST_BIGINT:
        return "text"
    return _TYPES[type(value)]


def fits(value: Any, data_type: TDataType | None) -> bool:
    """Return True if a value is in its column of `data_type`, not in one of another type.

    The API writes some numbers as text now and then: written as JSON writes numbers, they lose nothing.
    """
    kind = type(value)
    if value is None or (kind is not int and _TYPES.get(kind) == data_type):
        return True
    if data_type == "text":
        return kind in {int, float}
    if data_type == "bigint":
        return _is_integer(value) and SMALLEST_BIGINT <= int(value) <= LARGEST_BIGINT
    if data_type == "double":
        is_plain = kind is str and _NUMBER.fullmatch(value) is not None and value == str(float(value))
        return is_plain or (kind is int and abs(value) <= LARGEST_EXACT_IN_DOUBLE)
    return data_type == "date" and kind is str and _DATE.fullmatch(value) is not None


def _is_integer(value: Any) -> bool:
    if type(value) is str:
        is_digits = value.isdecimal() and value.isascii() and len(value) <= len(str(LARGEST_BIGINT))
        return is_digits and value == str(int(value))
    return type(value) is int or (type(value) is float and value.is_integer() and abs(value) <= LARGEST_EXACT_IN_DOUBLE)
