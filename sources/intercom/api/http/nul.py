"""NUL, a character that no warehouse but DuckDB can hold: a single one would fail a whole load package."""


def without_nul(text: str) -> str:
    """Return a text with U+FFFD instead of each NUL."""
    return text.replace("\0", "\ufffd")
