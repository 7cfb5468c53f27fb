"""The content of a list's answer: its records, and their total."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..call import Call
from ..record import LARGEST_BIGINT

MOST_DIGITS = 19  # longer strings are no counts


def records_in(data: dict[str, Any], key: str, call: Call) -> list[dict[str, Any]]:
    """Return the records of a list answer under `key`, or under `data` where the two are mixed up in the API."""
    for name in (key, "data"):
        value = data.get(name)
        if isinstance(value, list):
            return value
    if total_count_in(data) == 0:
        return []  # a search that found nothing may leave out its list
    raise call.contradiction(f"no list {key!r} in the answer; keys: {', '.join(sorted(data))}")


def total_count_in(data: Mapping[str, Any]) -> int | None:
    """Return how many records Intercom counts in a list answer, or None if it does not say."""
    return whole_number(data.get("total_count"))


def without_wrong_total(data: dict[str, Any], records: Sequence[Any]) -> dict[str, Any]:
    """Return a list answer without its number of all records if that is lower than the number of its own ones.

    It would say that nothing is missing, and that no page follows.
    """
    total_count = total_count_in(data)
    is_wrong = total_count is not None and total_count < len(records)
    return {name: value for name, value in data.items() if name != "total_count"} if is_wrong else data


def whole_number(number: object) -> int | None:
    """Return a number that counts something in a list answer: JSON has it as a string, or as a float such as 3.0."""
    if type(number) is int:
        return number if 0 <= number <= LARGEST_BIGINT else None
    if isinstance(number, str):
        return int(number) if number.isdecimal() and len(number) < MOST_DIGITS else None
    if not isinstance(number, float):
        return None
    return int(number) if 0 <= number <= LARGEST_BIGINT and number == int(number) else None
