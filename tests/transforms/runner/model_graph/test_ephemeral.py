"""Ephemeral models are not built: they are parts of the queries that read them."""

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from transforms.runner.model_graph.ephemeral import without_ephemeral
from transforms.runner.model_graph.model import ModelError, parse_model


def model(name, sql, *, is_ephemeral=True):
    header = "-- ephemeral: it is short\n" if is_ephemeral else ""
    return parse_model("intermediate", name, f"-- One row.\n{header}{sql}")


def in_place(*models):
    [one] = without_ephemeral(models)
    return one


def test_what_reads_an_ephemeral_model_has_it_as_a_cte():
    reader = model("int_sums", "with own as (select n from int_a) select sum(n) as total from own", is_ephemeral=False)
    one = in_place(model("int_a", "with own as (select 20 as n union all select 22) select n from own"), reader)
    assert (one.name, one.references) == ("int_sums", frozenset())
    assert duckdb.sql(one.query.sql("duckdb")).fetchall() == [(42,)]


def test_ephemeral_models_that_read_each_other_come_in_their_order():
    reader = model("int_r", "select a.n + b.n + c.n as total from a, b, c, raw.numbers", is_ephemeral=False)
    a, b = model("a", "select n + 1 as n from b, c"), model("b", "select c.n from c, stg_x")
    one = in_place(reader, a, b, model("c", "select 1 as n"))
    assert [cte.alias for cte in one.query.ctes] == ["ephemeral__c", "ephemeral__b", "ephemeral__a"]
    assert one.references == {"stg_x"}


def test_a_model_that_reads_none_stays_as_it_is():
    plain = model("int_b", "with int_a as (select 1 as n) select n from int_a", is_ephemeral=False)
    assert in_place(model("int_a", "select 2 as n"), plain) is plain


def test_a_circle_of_ephemeral_models_is_refused():
    with pytest.raises(ModelError, match="in a circle: a <- b <- a"):
        in_place(model("r", "select * from a", is_ephemeral=False), model("a", "from b"), model("b", "from a"))


def test_a_cte_may_have_the_name_of_the_ephemeral_model_that_it_reads():
    short = model("int_short", "with part as (select n from part limit 1) select n from part", is_ephemeral=False)
    sums = model(
        "int_sums", "with base as (select 1 as n) select base.n + sums.n as n from base, sums", is_ephemeral=False
    )
    part, base = model("part", "select 3 as n union all select 3"), model("base", "select 40 as n")
    one = in_place(part, short)
    assert duckdb.sql(one.query.sql("duckdb")).fetchall() == [(3,)]
    one = in_place(base, model("sums", "select n + 1 as n from base"), sums)
    assert duckdb.sql(one.query.sql("duckdb")).fetchall() == [(42,)]


def test_a_recursive_query_stays_recursive():
    sql = (
        "with recursive t as (select 1 as n union all select t.n + a.one from t, a where t.n < 3) select sum(n) from t"
    )
    one = in_place(model("a", "select 1 as one"), model("int_r", sql, is_ephemeral=False))
    assert duckdb.sql(one.query.sql("duckdb")).fetchall() == [(6,)]
    assert one.references == frozenset()


def test_no_cte_has_the_name_of_another_where_all_become_one_with():
    first = model("a", "with own as (select 1 as n), more as (select own.n from own) select more.n from more")
    second = model("b", "with own as (select a.n + 1 as n from a) select own.n from own")
    reader = model("int_r", "with own as (select b.n + 40 as n from b) select own.n from own", is_ephemeral=False)
    one = in_place(first, second, reader)
    assert duckdb.sql(one.query.sql("duckdb")).fetchall() == [(42,)]
    names = [cte.alias for cte in sqlglot.parse_one(one.query.sql("spark"), read="spark").find_all(exp.CTE)]
    assert len(names) == len({*names}) == 6
