"""What is asked of MotherDuck and of lakes, which dlt opens: a file that it opens so answers like them."""

import duckdb
import pytest

from pipelines.destination.target import Target
from pipelines.query.reader import WarehouseReader
from pipelines.stop import Stop


@pytest.fixture
def reader(tmp_path):
    target = Target(database=tmp_path / "asked.duckdb")
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(
            "CREATE SCHEMA intercom; CREATE TABLE intercom.fct_csat AS SELECT 5 AS rating, '[1]'::JSON AS j"
        )
    with target.opened() as client:
        yield WarehouseReader(client, "duckdb", target.datasets)


@pytest.mark.parametrize(
    "sql",
    [
        "SUMMARIZE intercom.fct_csat",
        "DESCRIBE intercom.fct_csat",
        "PRAGMA table_info('intercom.fct_csat')",
        "EXPLAIN ANALYZE FROM intercom.fct_csat",
        "PIVOT intercom.fct_csat ON rating USING count(*)",
        "FROM intercom.fct_csat SELECT rating",
    ],
)
def test_duckdbs_own_ways_to_read_are_answered(reader, sql):
    assert reader.rows(sql) != []


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM intercom.fct_csat",
        "CREATE TABLE copied AS SELECT 1",
        "SELECT 1; DELETE FROM intercom.fct_csat",
        "EXPLAIN ANALYZE DELETE FROM intercom.fct_csat",
        "COPY (SELECT 1) TO 'x.csv'",
    ],
)
def test_what_writes_is_refused(reader, sql):
    with pytest.raises(Stop):
        reader.rows(sql)
    assert reader.rows("SELECT rating FROM intercom.fct_csat") == [(5,)]


def test_what_is_no_sql_is_said_to_be_none(reader):
    with pytest.raises(duckdb.ParserException, match="syntax error"):
        reader.rows("SELECT rating rating FROM FROM")


def test_json_stays_json(reader):
    with reader.cursor("FROM intercom.fct_csat", "json") as cursor:
        ((rating, found),) = cursor.fetchmany(9)
    assert (rating, isinstance(found, str)) == (5, False)
