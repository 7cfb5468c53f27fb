"""Runs in an environment with DuckLake's extension: `python copy_lake.py CATALOG FILE` copies a lake's tables.

The raw tables and the marts of a DuckLake with a SQLite catalog go to a DuckDB file, which needs no extension.
"""

import sys

import duckdb


def main(catalog, file):
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH 'ducklake:sqlite:{catalog}' AS lake (READ_ONLY)")
        connection.execute(f"ATTACH '{file}' AS plain")
        for schema in ("intercom_raw", "intercom"):
            connection.execute(f"CREATE SCHEMA plain.{schema}")
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'lake' "
            "AND schema_name IN ('intercom_raw', 'intercom')"
        )
        for schema, table in tables.fetchall():
            connection.execute(f'CREATE TABLE plain.{schema}."{table}" AS FROM lake.{schema}."{table}"')


if __name__ == "__main__":
    main(*sys.argv[1:])
