"""What the dialect of a destination is called, and what types are called in it."""

from sqlglot import exp

POSTGRES = "postgres"  # has to be told more than others
# What dlt calls a destination and sqlglot calls its dialect, where the two names differ.
DIALECTS = {"ducklake": "duckdb", "motherduck": "duckdb"}


def sql_dialect(destination: str) -> str:
    """Return sqlglot's name of a dlt destination's dialect: `postgres` for `postgres`, `duckdb` for `motherduck`."""
    return DIALECTS.get(destination, destination)


def sql_type(kind: str, dialect: str) -> str:
    """Return the dialect's name of a column type that is given in DuckDB's words."""
    return exp.DataType.build(kind, dialect="duckdb").sql(dialect=dialect)
