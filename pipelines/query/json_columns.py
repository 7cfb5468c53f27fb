"""Values that are JSON in the database, and stay JSON in JSON: drivers give them as texts."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from duckdb.sqltypes import DuckDBPyType

Made = Callable[[Any], Any]


def as_json(text: str) -> Any:
    """Return what writes a text as the JSON that it is, every digit kept, on one line; or the text, if it is none.

    DuckDB takes NaN for JSON.
    """
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return orjson.Fragment(text.replace("\n", " ").replace("\r", " "))  # in a string they are escaped


class JsonCursor:
    """A cursor of DuckDB whose values of the type JSON are JSON, also within lists, structs and maps."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.description: Sequence[Sequence[Any]] = cursor.description or []
        made = [(at, _made(kind)) for at, (_, kind, *_) in enumerate(self.description)]
        self._made = [(at, make) for at, make in made if make]

    def fetchmany(self, count: int) -> Sequence[Sequence[Any]]:
        """Return the next rows at the cursor, at least one while there are any."""
        rows: Sequence[Sequence[Any]] = self._cursor.fetchmany(count)
        return [self._with_json(row) for row in rows] if self._made else rows

    def _with_json(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for at, make in self._made:
            if values[at] is not None:
                values[at] = make(values[at])
        return values


def _made(kind: DuckDBPyType) -> Made | None:
    """Return what makes a value of this type one that has JSON as JSON, or None if there is none in it."""
    if str(kind) == "JSON":
        return as_json
    if kind.id not in {"list", "array", "struct", "map"}:
        return None
    of_children = {name: _made(child) for name, child in kind.children if name and isinstance(child, DuckDBPyType)}
    made = {name: make for name, make in of_children.items() if make}
    if not made:
        return None
    if kind.id == "struct":
        return lambda of: {name: _of(made.get(name), value) for name, value in of.items()}
    if kind.id == "map":
        return lambda of: {key: _of(made.get("value"), value) for key, value in of.items()}
    return lambda of: [_of(made["child"], value) for value in of]


def _of(make: Made | None, value: Any) -> Any:
    return value if make is None or value is None else make(value)
