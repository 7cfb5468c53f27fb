"""Answers as JSON for the page: a list per column, words once, days as numbers, and nothing that could end a script."""

from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from pipelines.report.asked_questions import Answer

# Inside <script> only the end tag has a meaning; these characters occur in texts alone.
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
EPOCH = date(1970, 1, 1)


def compact(answer: Answer) -> dict[str, Any]:
    """Encode columns for the page: one of texts as its words and, for each row, its word's position (-1: none)."""
    return {column: _column(values) for column, values in answer.items()}


def script_json(value: Any) -> str:
    """Encode an answer as JSON that means the same inside an HTML script element, whatever its texts are."""
    return orjson.dumps(value).decode().translate(ESCAPED)


def day_number(day: date) -> int:
    """Encode a day for the page as days since 1970-01-01."""
    return (day - EPOCH).days


def _column(values: list[Any]) -> Any:
    if any(isinstance(value, str) for value in values):
        positions = {word: position for position, word in enumerate(dict.fromkeys(v for v in values if v is not None))}
        return {"words": list(positions), "at": [-1 if value is None else positions[value] for value in values]}
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return day_number(value)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
