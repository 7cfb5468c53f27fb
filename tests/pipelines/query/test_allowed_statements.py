"""Statements that `query` allows where no read-only transaction of the warehouse refuses the others."""

import duckdb
import pytest

from pipelines.query.allowed_statements import check_one_question, check_reads_only
from pipelines.stop import Stop

DIALECTS = ["bigquery", "clickhouse", "databricks", "redshift", "snowflake"]
READING = [
    "SELECT count(*) FROM contacts",
    "WITH a AS (SELECT 1 AS n) SELECT n FROM a",
    "(SELECT 1) UNION ALL (SELECT 2)",
    "SELECT 'INTO' AS a, 'DELETE FROM contacts' AS b -- INTO nothing",
    "EXPLAIN SELECT 1",
    "SHOW TABLES",
    "DESCRIBE contacts",
]
WRITING = [
    "SELECT * INTO copied FROM contacts",
    "WITH a AS (SELECT 1 AS n) SELECT n INTO copied FROM a",
    "SELECT 1 UNION ALL SELECT n INTO copied FROM a",
    "WITH gone AS (DELETE FROM contacts RETURNING id) SELECT id FROM gone",
    "EXPLAIN ANALYZE DELETE FROM contacts",
    "EXPLAIN SELECT * INTO copied FROM contacts",
    "DELETE FROM contacts",
    "MERGE INTO contacts USING a ON a.id = contacts.id WHEN MATCHED THEN DELETE",
    "CREATE TABLE copied AS SELECT 1 AS n",
    "TRUNCATE TABLE contacts",
    "GRANT SELECT ON contacts TO somebody",
    "CALL erase()",
    "EXPLAIN",
    "SELECT 1; DELETE FROM contacts",
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("sql", READING)
def test_what_reads_is_allowed(dialect, sql):
    check_one_question(sql, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("sql", WRITING)
def test_what_writes_is_refused_wherever_it_writes(dialect, sql):
    with pytest.raises(Stop):
        check_one_question(sql, dialect)


@pytest.mark.parametrize("dialect", ["databricks", "snowflake"])
def test_rows_without_a_table_are_allowed(dialect):
    check_one_question("VALUES (1)", dialect)


@pytest.mark.parametrize("sql", ["SELECT FROM WHERE", "EXPLAIN SELECT FROM WHERE"])
def test_what_is_not_understood_is_not_said_to_write(sql):
    with pytest.raises(Stop, match="cannot tell whether"):
        check_one_question(sql, "snowflake")


LAKE = "'lake', older_than => now()"


@pytest.mark.parametrize(
    "sql",
    [
        f"FROM ducklake_expire_snapshots({LAKE})",
        f"FROM ducklake_expire_snapshots /* of\nlast year */ ({LAKE})",
        f'SELECT * FROM "ducklake_cleanup_old_files" ({LAKE})',
        "FROM Ducklake_Set_Option('lake', 'parquet_compression', 'zstd')",
        "FROM ducklake_what_comes_next('lake')",
        "FROM postgres_execute('__ducklake_metadata_lake', 'DROP TABLE ducklake_table')",
    ],
)
def test_what_a_select_could_write_to_a_lake_is_refused(sql):
    with duckdb.connect() as connection, pytest.raises(Stop, match=r"(?i)and (ducklake|postgres)_[a-z_]+ may write"):
        check_reads_only(connection, sql)


def test_a_name_like_that_of_a_function_that_writes_is_allowed():
    sql = "WITH to_execute (id) AS (SELECT 1) FROM to_execute WHERE id::varchar <> 'will_execute (today)'"
    with duckdb.connect() as connection:
        check_reads_only(connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM ducklake_snapshots('lake')",
        "FROM ducklake_table_changes('lake', 'main', 'contacts', 1, 2)",
        "SELECT ducklake_version FROM contacts",
    ],
)
def test_what_a_lake_says_of_itself_is_allowed(sql):
    with duckdb.connect() as connection:
        check_reads_only(connection, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT lo_export(4711, '/tmp/file')",
        "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
        "SELECT * FROM dblink_exec('dbname=other', 'DELETE FROM contacts') AS t",
        'SELECT "pg_reload_conf" ()',
        "SELECT pg_stat_reset()",
    ],
)
def test_what_a_transaction_that_reads_lets_write_is_refused(sql):
    with pytest.raises(Stop, match="may write"):
        check_one_question(sql, "postgres")


def test_what_postgres_says_of_itself_may_be_asked():
    sql = "SELECT pg_size_pretty(pg_total_relation_size('t')), pg_backend_pid(), pg_stat_get_numscans(1) AS dblink"
    check_one_question(sql, "postgres")
