"""The lock in a table keeps its promises on real engines, and its SQL is that of every dialect."""

from contextlib import closing

import duckdb
import psycopg2
import pytest
import sqlglot

from pipelines.destination.locks.row_lock_statements import LockTable
from tests.support.databases.lock_story import play

DIALECTS = ("bigquery", "clickhouse", "databricks", "duckdb", "postgres", "redshift", "snowflake", "spark")


def test_on_duckdb():
    with duckdb.connect() as connection:
        play(
            lambda sql: connection.execute(sql).fetchall() if sql.startswith("SELECT") else connection.execute(sql),
            "run_locks",
            "duckdb",
        )


def test_on_postgres(postgres):
    with closing(psycopg2.connect(postgres)) as connection, connection.cursor() as cursor:

        def run(sql):
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

        play(run, "run_locks", "postgres")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_is_sql_of_its_dialect(dialect):
    table = LockTable("run_locks", dialect, 300)
    statements = [table.created(), table.begun("a", "it's me"), table.beaten("a", "it's me"), table.others("a")]
    statements += [table.taken_over("a"), table.held("a"), table.released("a")]
    for sql in statements:
        assert "TIME_TO_UNIX" not in sql, "which only sqlglot knows"
        plain = sql.replace(table._now, "0")  # clocks have several names
        assert sqlglot.transpile(plain, read=dialect, write=dialect) == [plain], "which is how the dialect writes it"
