"""Authors in raw tables: whom Intercom calls no teammate is a customer."""

from sources.intercom.privacy.personal_columns import TEAMMATES
from transforms.runner.warehouse.quoting import string_literal

_TEAMMATES = ", ".join(map(string_literal, TEAMMATES))


def is_teammate(author_type: str) -> str:
    """Return the condition that a teammate, bot or team wrote, by the column with the author's type."""
    return f"{author_type} IN ({_TEAMMATES})"


def is_customer(author_type: str) -> str:
    """Return the condition that a customer wrote, by the column with the author's type: whoever has none, too."""
    return f"coalesce({author_type}, '') NOT IN ({_TEAMMATES})"
