"""Values that Python's driver gives otherwise than PostgreSQL says them: it has no infinity, and bytes of its own."""

from typing import Any

# Type -> type of an array of it: the numbers of PostgreSQL's catalog (src/include/catalog/pg_type.dat).
AS_TEXT = {17: 1001, 1186: 1187}  # bytea, interval
WITH_INFINITY = {1082: 1182, 1114: 1115, 1184: 1185}  # date, timestamp, timestamptz


def give_postgres_text(connection: Any, extensions: Any) -> None:
    """Let a connection of psycopg2 give PostgreSQL's own text for them; `extensions` are those of psycopg2."""
    for number, of_arrays in (AS_TEXT | WITH_INFINITY).items():
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
