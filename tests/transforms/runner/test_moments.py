"""A time that no calendar has is NULL in every model, and fails none."""

import duckdb
import psycopg2
import pytest
import sqlglot

from tests.support.postgres import running_postgres
from transforms.runner.dialect import transpiled

SECONDS = [None, 0, -1, 1_772_366_400, -62_135_596_800, 253_402_300_799, 253_402_300_800, -62_135_596_801]
SECONDS += [1_772_366_400_000, 10**15, 2**63 - 1, -(2**63)]
VALUES = ", ".join("(null::bigint)" if at is None else f"(({at})::bigint)" for at in SECONDS)
QUERY = sqlglot.parse_one(
    "select seconds, epoch(to_timestamp(case when true then seconds end)) as moment from t", read="duckdb"
)


def in_duckdb(query, values):
    with duckdb.connect() as connection:
        return connection.execute(f"WITH t(seconds) AS (VALUES {values}) {transpiled(query, 'duckdb')}").fetchall()


def in_postgres(query, values):
    with running_postgres() as url, psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"WITH t(seconds) AS (VALUES {values}) {transpiled(query, 'postgres')}")
        return cursor.fetchall()


@pytest.mark.parametrize("answer", [in_duckdb, in_postgres])
def test_a_time_beyond_the_calendar_is_null(answer):
    values = VALUES.replace(str(-(2**63)), "-9223372036854775807 - 1")
    for at, moment in answer(QUERY, values):
        is_in_calendar = at is not None and -62_135_596_800 <= at <= 253_402_300_799
        assert moment == (at if is_in_calendar else None)
