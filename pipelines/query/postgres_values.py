"""Values that Python's driver gives otherwise than PostgreSQL says them: it has no infinity, and reads JSON itself."""

from typing import Any

from pipelines.query.duckdb_values import Values
from pipelines.query.json_columns import Made, as_json

# Type -> type of an array of it: the numbers of PostgreSQL's catalog (src/include/catalog/pg_type.dat).
AS_TEXT = {17: 1001, 1186: 1187}  # bytea, interval
JSON = {114: 199, 3802: 3807}  # json, jsonb
WITH_INFINITY = {1082: 1182, 1114: 1115, 1184: 1185}  # date, timestamp, timestamptz


def give_postgres_text(connection: Any, extensions: Any, values: Values) -> None:
    """Let a connection of psycopg2 give PostgreSQL's own text for them; `extensions` are those of psycopg2.

    In JSON a column of JSON stays JSON; for Python, which is Parquet's way, it alone is a text.
    """
    for number, of_arrays in ((AS_TEXT | WITH_INFINITY if values != "python" else {}) | JSON).items():
        usual = extensions.string_types[number] if number in WITH_INFINITY else None
        made = as_json if number in JSON and values == "json" else None
        said = extensions.new_type((number,), f"said {number}", _Said(usual, made))
        extensions.register_type(said, connection)
        extensions.register_type(extensions.new_array_type((of_arrays,), f"said {of_arrays}", said), connection)


class _Said:
    """A type caster of psycopg2: gives the text, or what is made of it, by the usual caster of any but an infinity."""

    def __init__(self, usual: Any, made: Made | None) -> None:
        self._usual = usual
        self._made = made

    def __call__(self, text: str | None, cursor: Any) -> Any:
        if text is not None and self._made is not None:
            return self._made(text)
        if text is None or self._usual is None or text in {"infinity", "-infinity"}:
            return text
        return self._usual(text, cursor)
