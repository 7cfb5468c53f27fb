"""`query` only reads: whatever writes is refused, also where it writes another file."""

import pytest

WRITING = [
    "COPY (SELECT 1) TO 'x.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'x.csv'",
    "explain (analyze) copy (select 1) to 'x.csv'",
    "/* explain */ EXPLAIN ANALYZE COPY (SELECT 1) TO 'x.csv'",
    "SELECT 1; COPY (SELECT 1) TO 'x.csv'",
    "EXPORT DATABASE 'x'",
    "ATTACH 'x.duckdb'",
    "SET log_query_path = 'x.log'",
    "CALL enable_logging(storage = 'file', storage_path = 'x')",
    "FROM enable_logging(storage = 'file', storage_path = 'x')",
    "PREPARE p AS SELECT 1",
    "CREATE TEMP TABLE pivot AS SELECT 1",
    "INSERT INTO intercom_raw.contacts VALUES ('1', '')",
    "INSTALL httpfs",
    "CHECKPOINT",
]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["SELECT 1; SELECT 2"], "one statement at a time"),
        (["SELECT 1", "--format", "csv", "--output", "intercom_data.duckdb"], "is a DuckDB database"),
    ],
)
def test_neither_a_question_nor_a_database_is_passed_over(invoke, database, arguments, advice):
    code, output, errors = invoke("query", *arguments)
    assert (code, output, advice in errors) == (64, "", True), errors
    assert invoke("query", "SELECT 1")[0] == 0


@pytest.mark.parametrize("sql", WRITING)
def test_what_writes_is_refused_also_where_it_writes_another_file(invoke, database, tmp_path, sql):
    before = sorted(tmp_path.rglob("*"))
    code, output, errors = invoke("query", sql)
    assert (code, output) == (64, "")
    assert "query only reads" in errors or "The query failed" in errors
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "sql",
    [
        *("SELECT 1", "FROM contacts", "WITH x AS (SELECT 1) FROM x", "SHOW TABLES", "DESCRIBE contacts", "VALUES (1)"),
        *("SUMMARIZE contacts", "EXPLAIN SELECT 1", "EXPLAIN ANALYZE SELECT 1", "PRAGMA table_info('contacts')"),
        "PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)",
    ],
)
def test_whatever_reads_is_answered(invoke, database, sql):
    code, _, errors = invoke("query", sql)
    assert code == 0, errors
