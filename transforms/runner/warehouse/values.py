"""Rows and values written into statements: literals, INSERTs of a thousand rows, lists of columns with their types."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlglot import exp

from transforms.runner.dialects.dialect_names import sql_type

ROWS_PER_INSERT = 1000

Row = Sequence[Any]


def literal(value: object, dialect: str) -> str:
    """Return a value as it is written into a statement of the dialect."""
    if type(value) is int:  # most values of seeds are; a truth value is not of this type
        return str(value)
    return _literal(value, dialect)


def inserts(table: str, columns: Mapping[str, str], rows: Sequence[Row], dialect: str) -> Iterator[str]:
    """Yield the statements that write rows with their values into the table."""
    for start in range(0, len(rows), ROWS_PER_INSERT):
        batch = rows[start : start + ROWS_PER_INSERT]
        literals = ", ".join("(" + ", ".join(literal(value, dialect) for value in row) + ")" for row in batch)
        yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES {literals}"  # noqa: S608 - escaped literals of our own tables


def column_list(columns: Mapping[str, str], dialect: str) -> str:
    """Return columns (name -> type in DuckDB's words) written as CREATE TABLE takes them."""
    return ", ".join(f"{name} {sql_type(kind, dialect)}" for name, kind in columns.items())


@lru_cache(maxsize=10_000, typed=True)  # the same days and sentences recur
def _literal(value: object, dialect: str) -> str:
    return exp.convert(value).sql(dialect=dialect)
