"""A row, or any value of it, as JSON: every digit is kept, and what is no number in JSON is a text."""

import json
import math
from decimal import Decimal
from itertools import chain
from typing import Any

import orjson

NESTED = frozenset({dict, list, tuple})
NOT_FINITE = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}  # as PostgreSQL's to_json says it


def in_json(value: Any) -> str:
    """Return a value as JSON with every digit; what is no number there is its text: "Infinity", "-Infinity", "NaN"."""
    try:
        written = orjson.dumps(value, default=_said, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # of orjson alone: a sum of more than 64 bits, a time of day with a zone
        return _taken_apart(value)
    return written if "null" not in written or _is_finite(value) else _taken_apart(value)


def _is_finite(value: Any) -> bool:
    """Return False if there is a number in a value that orjson writes as null."""
    values = chain(value, value.values()) if isinstance(value, dict) else value if type(value) in NESTED else (value,)
    for one in values:  # asked of each row that has a null
        kind = type(one)
        if not (math.isfinite(one) if kind is float else kind not in NESTED or _is_finite(one)):
            return False
    return True


def _taken_apart(value: Any) -> str:
    """Return the JSON of a value of which orjson cannot say all: that of its items, and of what has none, its text."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{_name(key)}:{in_json(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(in_json, value))}]"
    if isinstance(value, float):
        value = NOT_FINITE[str(value)]
    return json.dumps(value if isinstance(value, int | str) else str(value))


def _name(key: Any) -> str:
    return json.dumps(key if isinstance(key, str) else in_json(key).strip('"'))


def _said(value: Any) -> Any:
    """Return a value that the format JSON has no form for: a decimal with all its digits, else its text."""
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(f"{value:f}")
    return str(value)
