"""What a query must look like for ClickHouse; that whole models run there is shown by `pytest -m engines`."""

import sqlglot

from transforms.runner.dialects.transpiling import transpiled


def for_clickhouse(sql):
    return transpiled(sqlglot.parse_one(sql, read="duckdb"), "clickhouse").partition(" SETTINGS")[0]


def test_a_column_keeps_its_name_where_the_joined_table_has_it_too():
    sql = for_clickhouse("select a.id, b.n as m from a inner join b on a.id = b.id")
    assert sql == "SELECT a.id AS id, b.n AS m FROM a INNER JOIN b ON a.id = b.id"


def test_the_columns_of_a_star_keep_their_names_among_several_tables():
    sql = for_clickhouse("select a.*, b.n from a join b on a.id = b.id cross join c")
    assert sql == (
        "SELECT a.*, b.b__n AS n FROM a JOIN (SELECT n AS b__n, id AS b__id FROM b) AS b ON a.id = b.b__id "
        "CROSS JOIN (SELECT 1 AS c__ FROM c) AS c"
    )


def test_names_of_a_cte_are_left_to_the_cte():
    sql = for_clickhouse("with x as (select b.n from b) select a.*, b.n from a join b on a.id = b.id")
    assert "x AS (SELECT b.n AS n FROM b)" in sql


def test_nothing_follows_the_last_row():
    sql = for_clickhouse("select lead(name) over (order by id) as next_name, lag(a, 1, 0) over (order by id) as b")
    assert "toNullable(name)" in sql.partition("next_name")[0]
    assert "toNullable" not in sql.partition("next_name")[2]
