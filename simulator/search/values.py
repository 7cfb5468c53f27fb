"""The values that a field accepts, with Intercom's messages for others."""

from simulator import errors
from simulator.search.fields import BOOLEAN, DATE, INTEGER, STRING, Field

MAX_VALUES = 10
WORDS = {STRING: "string", INTEGER: "integer", DATE: "integer", BOOLEAN: "boolean"}


def checked_value(target: Field, operator: str, value: object) -> object:
    """Check a value and return it as it is compared: texts of numbers become numbers; lists are for IN and NIN only."""
    if operator in {"IN", "NIN"}:
        if not isinstance(value, list):
            raise _refused(target, value)
        if len(value) > MAX_VALUES:
            raise errors.ApiError(400, "invalid_values", "Value depth exceeds 10 items")
        return [_single(target, item) for item in value]
    if value is None and operator in {"=", "!="}:
        return None
    return _single(target, value)


def _single(target: Field, value: object) -> object:
    if target.kind == BOOLEAN:
        if isinstance(value, bool):
            return value
    elif target.kind == STRING:
        if isinstance(value, str):
            return value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if target.kind == DATE else value
    elif isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    raise _refused(target, value)


def _refused(target: Field, value: object) -> errors.ApiError:
    return errors.ApiError(400, "invalid_value", f"{value} is not a valid {WORDS[target.kind]}")
