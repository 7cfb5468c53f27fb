"""Statements that `query` allows where no read-only transaction of the warehouse refuses the others."""

import pytest

from pipelines.query.allowed_statements import check_one_question
from pipelines.stop import Stop

DIALECTS = ["bigquery", "clickhouse", "databricks", "duckdb", "redshift", "snowflake"]
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


@pytest.mark.parametrize("dialect", ["databricks", "duckdb", "snowflake"])
def test_rows_without_a_table_are_allowed(dialect):
    check_one_question("VALUES (1)", dialect)
