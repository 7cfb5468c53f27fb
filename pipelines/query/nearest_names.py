"""Suggestions for a name that the database does not know."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

COUNT_NAMES = 3
# Messages of DuckDB, PostgreSQL, Snowflake and BigQuery about an unknown name.
_UNKNOWN = (
    re.compile(r"[Tt]able with name (?P<table>\S+) does not exist"),
    re.compile(r'relation "(?P<table>[^"]+)" does not exist'),
    re.compile(r"[Oo]bject '(?P<table>[^']+)' does not exist"),
    re.compile(r"[Nn]ot found: Table (?P<table>\S+)"),
    re.compile(r'[Rr]eferenced column "(?P<column>[^"]+)" (?:was )?not found'),
    re.compile(r'does not have a column named "(?P<column>[^"]+)"'),
    re.compile(r'column "?(?P<column>[^"\s]+)"? does not exist'),
    re.compile(r"invalid identifier '(?P<column>[^']+)'"),
    re.compile(r"Unrecognized name: (?P<column>\w+)"),
)


def unknown_name(message: str) -> tuple[str, str] | None:
    """Return "table" or "column", and the unknown name in a database's message; None for any other error."""
    for pattern in _UNKNOWN:
        if found := pattern.search(message):
            kind, name = next((kind, name) for kind, name in found.groupdict().items() if name)
            return kind, name.rpartition(".")[2].strip("\"`'!;")
    return None


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that are nearest to `name`, the best one first; may be empty."""
    by_small_letters = {one.lower(): one for one in known}
    found = get_close_matches(name.lower(), by_small_letters, n=COUNT_NAMES)
    return [by_small_letters[one] for one in found]
