"""NUL, the character that no warehouse but DuckDB holds: one of them would keep a whole load package out."""


def without_nul(text: str) -> str:
    """Return a text with U+FFFD in the place of each NUL."""
    return text.replace("\0", "\ufffd")
