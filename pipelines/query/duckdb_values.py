"""Values that Python's driver gives otherwise than DuckDB says them: no infinity, no nanosecond, bytes of its own."""

from typing import Literal

import duckdb
from duckdb import StatementType
from duckdb.sqltypes import DuckDBPyType

from transforms.runner.warehouse.quoting import identifier, string_literal

Values = Literal["python", "text", "json"]  # what a program in Python, a person and a CSV file, or JSON gets
AS_TEXT = frozenset({"blob", "interval", "timestamp_s", "timestamp_ms", "timestamp_ns"})
WITH_INFINITY = frozenset({"date", "timestamp", "timestamp with time zone"})
NESTED = frozenset({"list", "array", "struct", "map", "union"})
TEXT = "VARCHAR"


def with_duckdbs_text(connection: duckdb.DuckDBPyConnection, sql: str, values: Values) -> str:
    """Return the query with DuckDB's own text for what Python would get otherwise; all else stays what it is.

    In JSON a list or struct stays one. The query is not run here.
    """
    statements = connection.extract_statements(sql)
    if values == "python" or len(statements) != 1 or statements[0].type != StatementType.SELECT:
        return sql
    asked = connection.sql(sql)
    said = [_said(f"#{position}", kind, values) for position, kind in enumerate(asked.types, start=1)]
    if not any(said):
        return sql
    columns = ", ".join(
        f"{expression or f'#{position}'} AS {identifier(name)}"
        for position, (name, expression) in enumerate(zip(asked.columns, said, strict=True), start=1)
    )
    return f"SELECT {columns} FROM query({string_literal(sql)})"  # noqa: S608 - the user's own query


def _said(column: str, kind: DuckDBPyType, values: Values) -> str | None:
    """Return the expression for a column of this type, or None if Python gets what DuckDB says."""
    if kind.id in WITH_INFINITY:
        either = f"UNION(moment {kind}, said {TEXT})"
        return f"CASE WHEN isinf({column}) THEN {column}::{TEXT}::{either} ELSE {column}::{either} END"
    wanted = TEXT if kind.id in NESTED and values == "text" else _in_json(kind)
    return None if wanted == str(kind) else f"{column}::{wanted}"


def _in_json(kind: DuckDBPyType) -> str:
    """Return the type to which a value is cast for JSON, with text where JSON could not say it otherwise."""
    if kind.id not in NESTED:
        return TEXT if kind.id in AS_TEXT | WITH_INFINITY else str(kind)
    children = {name: _in_json(child) for name, child in kind.children if isinstance(child, DuckDBPyType)}
    if children == {name: str(child) for name, child in kind.children if name in children}:
        return str(kind)
    if kind.id == "struct":
        if "" in children:  # as `row(1, 2)` has them
            return TEXT
        return f"STRUCT({', '.join(f'{identifier(name)} {child}' for name, child in children.items())})"
    if kind.id == "map":
        return f"MAP({children['key']}, {children['value']})"
    return TEXT if kind.id == "union" else f"{children['child']}[]"
