"""A time that no calendar has is NULL in every model, and fails none; nor does one that is no number to reckon with."""

from contextlib import closing

import duckdb
import psycopg2
import sqlglot
from sqlglot import exp

from transforms.runner.dialects.moments import bound_epochs
from transforms.runner.dialects.transpiling import transpiled
from transforms.runner.model_graph.model import parse_model
from transforms.runner.model_graph.shipped_models import read_models

SECONDS = [None, 0, -1, 1_772_366_400, -62_135_596_800, 253_402_300_799, 253_402_300_800, -62_135_596_801]
SECONDS += [1_772_366_400_000, 10**15, 2**62, 2**63 - 1, -(2**63)]
VALUES = ", ".join("(null::bigint)" if at is None else f"(({at})::bigint)" for at in SECONDS)
VALUES = VALUES.replace(str(-(2**63)), "-9223372036854775807 - 1")
QUERY = sqlglot.parse_one(
    "select seconds, epoch(to_timestamp(case when true then seconds end)) as moment from t", read="duckdb"
)
DIFFERENCES = sqlglot.parse_one(
    "with made as (select seconds as at_epoch from t) "
    "select at_epoch, min(at_epoch - since_epoch) from made, (select at_epoch as since_epoch from made) as others "
    "group by at_epoch",
    read="duckdb",
)
STAND_INS = sqlglot.parse_one(
    "select seconds, coalesce(seconds, others) as at_epoch, epoch(to_timestamp(coalesce(seconds, others))) as moment "
    "from (select seconds, 60 as others from t) as pairs",
    read="duckdb",
)
for query in (DIFFERENCES, STAND_INS):
    bound_epochs(query)


def said(query, dialect):
    text = transpiled(query, dialect)
    values = f"WITH t(seconds) AS (VALUES {VALUES})"
    return f"{values}, {text.removeprefix('WITH ')}" if text.startswith("WITH ") else f"{values} {text}"


def in_duckdb(*queries):
    with duckdb.connect() as connection:
        return [connection.execute(said(query, "duckdb")).fetchall() for query in queries]


def in_postgres(url, *queries):
    found = []
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        for query in queries:
            cursor.execute(said(query, "postgres"))
            found.append(cursor.fetchall())
    return found


def test_a_time_beyond_the_calendar_is_null():
    check(*in_duckdb(QUERY, DIFFERENCES, STAND_INS))


def test_a_time_beyond_the_calendar_is_null_on_postgres(postgres):
    check(*in_postgres(postgres, QUERY, DIFFERENCES, STAND_INS))


def check(moments, differences, stand_ins):
    for at, moment in moments:
        assert moment == in_calendar(at)
    assert {at for at, _ in differences} == {countable(at) for at in SECONDS}
    for at, at_epoch, moment in stand_ins:
        taken = 60 if countable(at) is None else at
        assert (at_epoch, moment) == (taken, in_calendar(taken))


def countable(at):
    return None if at is None or abs(at) >= 2**62 else at


def in_calendar(at):
    return None if at is None or not -62_135_596_800 <= at <= 253_402_300_799 else at


def test_only_epochs_of_our_own_staging_are_bounded():
    """A custom attribute, or a column of an own model, may be called so, too, and be a text."""
    own = parse_model("staging", "stg_own", "-- One row per thing.\nselect id, moved as moved_epoch from raw.things")
    assert not is_bounded(own.query)
    columns = [
        (model.name, column)
        for model in read_models()
        if model.kind == "staging"
        for column in model.query.find_all(exp.Alias)
        if column.alias.endswith("_epoch")
    ]
    assert len(columns) > 50
    assert [(name, column.alias) for name, column in columns if not is_bounded(column)] == []


def is_bounded(expression):
    return f"< {2**62} THEN" in expression.sql() or "BETWEEN 0 AND 4102444800" in expression.sql()
