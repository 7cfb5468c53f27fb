"""`query` on PostgreSQL: it reads, and nothing else, and a connection that is lost is not the asker's mistake."""

import json
import re
import signal
import time

import psycopg2
import pyarrow.parquet as pq
import pytest
from dlt.destinations.exceptions import DatabaseException

from pipelines.destination.target import Target
from pipelines.query.opening import opened_read_only

CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"


def test_query_reads_only_and_finds_marts_by_bare_name(invoke, postgres, monkeypatch, tmp_path):
    monkeypatch.setenv(CREDENTIALS, postgres)
    with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA asked; CREATE TABLE asked.fct_answers AS SELECT 7 AS n")
        cursor.execute("CREATE SCHEMA asked_raw; CREATE TABLE asked_raw.fct_answers AS SELECT 8 AS n")
    asked = ("--destination", "postgres", "--dataset", "asked", "--format", "csv")
    tmp_path.chmod(0o777)  # the server is another user
    assert invoke("query", "SELECT n FROM fct_answers;", *asked)[:2] == (0, "n\n7\n")
    for sql in (
        "DELETE FROM asked.fct_answers",
        "WITH gone AS (DELETE FROM asked.fct_answers RETURNING n) SELECT * FROM gone",
        "COMMIT; DELETE FROM asked.fct_answers",
        "SET transaction_read_only = off; DELETE FROM asked.fct_answers",
        "DO $$ BEGIN DELETE FROM asked.fct_answers; END $$",
        "CREATE TABLE asked.more AS SELECT 1",
        "; ;",
        f"COPY (SELECT 1) TO '{(writable := tmp_path / 'written')}'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "EXPLAIN ANALYZE DELETE FROM asked.fct_answers",
    ):
        code, output, errors = invoke("query", sql, *asked)
        assert (code, output) == (64, ""), errors
        assert invoke("query", "SELECT n FROM asked.fct_answers", *asked)[1] == "n\n7\n", sql
    assert not writable.exists()
    for sql in (
        "TABLE asked.fct_answers",
        "(VALUES (7))",
        "/* a word */ WITH x AS (SELECT 7 AS n) SELECT n FROM x",
        "SHOW work_mem",
    ):
        assert invoke("query", sql, *asked)[0] == 0, sql
    for sql in ("SELECT to_timestamp(1772366400000)", "SELECT DATE '0044-03-15 BC'"):
        code, _, errors = invoke("query", sql, *asked)
        assert (code, "Ask for it as text: CAST(… AS VARCHAR)" in errors) == (64, True), errors


def test_a_query_whose_connection_is_lost_is_no_wrong_use(invoke, postgres, monkeypatch):
    monkeypatch.setenv(CREDENTIALS, postgres)
    code, output, errors = invoke("query", "SELECT pg_terminate_backend(pg_backend_pid())", "--destination", "postgres")
    assert (code, output) == (1, ""), errors
    assert "Check that the destination is running" in errors


def test_values_are_written_as_postgres_says_them(invoke, postgres, monkeypatch):
    monkeypatch.setenv(CREDENTIALS, postgres)
    sql = """
        SELECT 'infinity'::timestamp AS t, '-infinity'::date AS d, '\\x00ff'::bytea AS b, interval '1 day' AS i,
            ARRAY[interval '1 day', NULL] AS l, date '2026-01-02' AS day, NULL::date AS n
    """
    code, output, errors = invoke("query", sql, "--destination", "postgres", "--format", "json")
    assert code == 0, errors
    assert json.loads(output) == {
        "t": "infinity",
        "d": "-infinity",
        "b": "\\x00ff",
        "i": "1 day",
        "l": ["1 day", None],
        "day": "2026-01-02",
        "n": None,
    }


def test_parquet_has_every_column_under_its_own_name(invoke, postgres, monkeypatch, tmp_path):
    monkeypatch.setenv(CREDENTIALS, postgres)
    sql = "SELECT 1 AS id, 2 AS id, 'x' AS name, NULL AS none, '{\"plan\": \"pro\"}'::jsonb AS attributes"
    code, _, errors = invoke("query", sql, "--destination", "postgres", "--output", "rows.parquet")
    assert code == 0, errors
    table = pq.read_table(tmp_path / "rows.parquet")
    assert table.to_pylist() == [{"id": 1, "id_1": 2, "name": "x", "none": None, "attributes": '{"plan": "pro"}'}]


def test_rows_come_while_the_server_still_makes_others(postgres, monkeypatch):
    """Else an answer beyond memory could not be written: here the last row cannot be made."""
    monkeypatch.setenv(CREDENTIALS, postgres)
    sql, count = "SELECT 1 / (100000 - n) AS n FROM generate_series(1, 100000) AS n", 0
    with opened_read_only(Target("postgres")) as reader, reader.cursor(sql, "text") as cursor:
        with pytest.raises(DatabaseException, match="division by zero"):  # noqa: PT012 - after rows
            while rows := cursor.fetchmany(10_000):
                count += len(rows)
        assert 10_000 <= count < 100_000


def test_an_interrupted_query_ends_in_the_server_too(command, postgres, monkeypatch):
    monkeypatch.setenv(CREDENTIALS, postgres)
    asking = command.start("query", "SELECT 'asked for long', pg_sleep(60)", "--destination", "postgres")
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    connection = psycopg2.connect(postgres)
    connection.autocommit = True
    with connection.cursor() as cursor:

        def wait_for(count):
            found = None
            while found != count:
                time.sleep(0.02)
                cursor.execute(sleeping)
                (found,) = cursor.fetchone()

        wait_for(1)
        asking.send_signal(signal.SIGINT)
        _, said = asking.communicate(timeout=20)
        assert (asking.returncode, said) == (1, "intercom-elt: Stopped.\n")
        wait_for(0)
    connection.close()


def test_an_error_shows_the_query_as_it_was_asked(invoke, postgres, monkeypatch):
    monkeypatch.setenv(CREDENTIALS, postgres)
    assert invoke("query", ";SELECT 1 AS n", "--destination", "postgres", "--format", "csv")[:2] == (0, "n\n1\n")
    code, _, errors = invoke("query", "SELECT * FROM nowhere", "--destination", "postgres")
    assert (code, "DECLARE" in errors) == (64, False), errors


@pytest.mark.parametrize(
    ("output", "said"), [("csv", 'j\n"{""x"": [1.50, null]}"\n'), ("json", '{"j":{"x": [1.50, null]}}\n')]
)
def test_json_is_json_in_every_format(invoke, postgres, monkeypatch, output, said):
    monkeypatch.setenv(CREDENTIALS, postgres)
    sql = """SELECT '{"x": [1.50, null]}'::json AS j"""
    code, found, errors = invoke("query", sql, "--destination", "postgres", "--format", output)
    assert (code, found) == (0, said), errors


@pytest.mark.parametrize("sql", ["SELECT 'abc", 'SELECT "abc', "SELECT 1 /* abc", "SELECT $$abc"])
def test_a_quote_or_comment_that_is_not_closed_is_said_to_be(invoke, postgres, monkeypatch, sql):
    monkeypatch.setenv(CREDENTIALS, postgres)
    code, output, errors = invoke("query", sql, "--destination", "postgres")
    assert (code, output) == (64, ""), errors
    assert "not closed" in errors or "unterminated" in errors


@pytest.mark.parametrize("arguments", [("report",), ("status",), ("query", "SELECT * FROM told_raw.sync_runs")])
def test_who_may_not_read_all_is_told_so_and_not_that_nothing_is_there(invoke, postgres, monkeypatch, arguments):
    with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS told_reader; CREATE ROLE told_reader LOGIN")
        for dataset in ("told", "told_staging", "told_raw"):
            cursor.execute(f"CREATE SCHEMA {dataset}; CREATE TABLE {dataset}.sync_runs AS SELECT 1 AS n")
        cursor.execute("GRANT USAGE ON SCHEMA told TO told_reader")
    monkeypatch.setenv(CREDENTIALS, re.sub("//[^@]*@", "//told_reader:trusted@", postgres))
    code, _, errors = invoke(*arguments, "--destination", "postgres", "--dataset", "told")
    assert (code, errors.count("\n")) == (64, 1), errors
    assert "may not be read by this role: permission denied for schema told_" in errors
