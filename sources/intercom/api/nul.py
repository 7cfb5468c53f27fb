"""NUL, the character that no warehouse but DuckDB holds: one of them would keep a whole load package out."""

from typing import Any


def without_nul(value: Any) -> Any:
    """Return a text, or JSON with all its texts and names, with U+FFFD in the place of each NUL."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [without_nul(item) for item in value]
    if isinstance(value, dict):
        return {without_nul(name): without_nul(item) for name, item in value.items()}
    return value
