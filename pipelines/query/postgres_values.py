"""Values that Python's driver gives otherwise than PostgreSQL says them: it has no infinity, and reads JSON itself."""

from typing import Any

from pipelines.query.odd_values import Values

# Type -> type of an array of it: the numbers of PostgreSQL's catalog (src/include/catalog/pg_type.dat).
AS_TEXT = {17: 1001, 1186: 1187}  # bytea, interval
JSON = {114: 199, 3802: 3807}  # json, jsonb
WITH_INFINITY = {1082: 1182, 1114: 1115, 1184: 1185}  # date, timestamp, timestamptz


def give_postgres_text(connection: Any, extensions: Any, values: Values) -> None:
    """Let a connection of psycopg2 give PostgreSQL's own text for them; `extensions` are those of psycopg2.

    In JSON a column of JSON stays JSON; for Python, which is Parquet's way, it alone is a text.
    """
    said_as_text = (AS_TEXT | WITH_INFINITY if values != "python" else {}) | (JSON if values != "json" else {})
    for number, of_arrays in said_as_text.items():
        usual = extensions.string_types[number] if number in WITH_INFINITY else None
        said = extensions.new_type((number,), f"said {number}", _Said(usual))
        extensions.register_type(said, connection)
        extensions.register_type(extensions.new_array_type((of_arrays,), f"said {of_arrays}", said), connection)


class _Said:
    """A type caster of psycopg2, which gives the text, or what the usual caster makes of any but an infinity."""

    def __init__(self, usual: Any) -> None:
        self._usual = usual

    def __call__(self, text: str | None, cursor: Any) -> Any:
        if text is None or self._usual is None or text in {"infinity", "-infinity"}:
            return text
        return self._usual(text, cursor)
