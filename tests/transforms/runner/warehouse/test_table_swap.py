"""What was just made gets its name in the words of each warehouse."""

import pytest
from dlt.destinations.exceptions import DatabaseException

from transforms.runner.model_graph.model import parse_model
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.table_swap import OF_OTHER_KIND, Swap, create_view_sql
from transforms.runner.warehouse.warehouse import Warehouse


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "snowflake"])
def test_a_view_is_replaced_in_one_step_where_it_would_not_replace_a_table(dialect):
    """ClickHouse would: https://github.com/ClickHouse/ClickHouse/issues/75690."""
    assert create_view_sql(dialect, "d.v", "SELECT 1") == "CREATE OR REPLACE VIEW d.v AS SELECT 1"
    assert create_view_sql("clickhouse", "d.v", "SELECT 1") == "CREATE VIEW d.v AS SELECT 1"


@pytest.mark.parametrize(
    "message",
    [
        "SQL compilation error: Object 'D.T' already exists as VIEW",
        "SQL compilation error: Object found is of type 'TABLE', specified type 'VIEW' is not appropriate",
        "p:d.t is not allowed for this operation because it is currently a TABLE.",
        "[EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE] 'CREATE OR REPLACE VIEW' expects a view but `d`.`t` is a table.",
        "Table d.t is not a View",
    ],
)
def test_what_a_warehouse_says_of_a_name_that_is_of_the_other_kind_is_understood(message):
    """Of Snowflake, BigQuery, Databricks and ClickHouse."""
    assert OF_OTHER_KIND.search(message)


def test_a_view_of_redshift_lets_the_tables_that_it_reads_be_dropped():
    """Each is, whenever it is built."""
    assert create_view_sql("redshift", "d.v", "SELECT 1") == "CREATE VIEW d.v AS SELECT 1 WITH NO SCHEMA BINDING"


@pytest.mark.parametrize("dialect", ["duckdb", "snowflake"])
@pytest.mark.parametrize(("stands", "comes"), [("table", "view"), ("view", "table")])
def test_without_a_catalog_what_is_in_the_way_stays_and_is_named(house, stands, comes, dialect):
    """As in Snowflake or Redshift: a table in a view's place, or a view in a table's. With a catalog, ours would go."""
    house.execute("create schema intercom")
    house.execute(f"create {stands} intercom.fct_a as select 'precious' as mine")
    with house.client as client:
        names = FullNames(client, dialect, house.datasets, {"fct_a": "intercom"})
        swap = Swap(Connection(client, dialect), names)
        make = {"view": swap.view, "table": swap.whole_table}[comes]
        with pytest.raises(InTheWay, match=f"is a {stands}, and a {comes} from now on.* run: DROP {stands.upper()} "):
            make("fct_a", "SELECT 1")
    assert house.execute("select mine from intercom.fct_a") == [("precious",)]


def test_a_table_that_was_cut_off_in_snowflake_is_built_again_with_its_comments(house):
    """Each statement that makes a table commits there, so that what was under construction stays."""
    house.execute("create schema intercom")
    house.execute("create table intercom.fct_a__building as select 0 as n")
    model = parse_model("marts", "fct_a", "-- One row per number.\nselect 1 as n")
    with house.client as client:
        warehouse = Warehouse(client, "snowflake", house.datasets, {"fct_a": "intercom"})
        assert [warehouse.create_table(model), warehouse.create_table(model)] == [1, 1]
    assert house.execute("select comment from duckdb_tables() where table_name = 'fct_a'") == [("One row per number.",)]


def test_seeds_and_views_are_swapped_in_where_nothing_is_in_a_transaction(house):
    house.execute("create schema intercom")
    said = []

    class Heard(Connection):
        def execute(self, sql, *values):
            said.append(sql)
            return super().execute(sql, *values)

    with house.client as client:
        names = FullNames(client, "snowflake", house.datasets, {"fct_a": "intercom", "t": "intercom"})
        swap = Swap(Heard(client, "snowflake"), names)
        for number in (1, 2):
            client.execute_sql(f"create table intercom.t__building as select {number} as n")
            swap.table("t")
            swap.view("fct_a", f"SELECT {number} AS n")
            assert client.execute_sql("select fct_a.n, t.n from intercom.fct_a, intercom.t") == [(number, number)]
    assert [sql for sql in said if sql.startswith("DROP")] == [f"DROP TABLE {names.of('t', '__building')}"] * 2
    assert house.execute("select table_name from information_schema.tables where table_name like '%building'") == []


def test_what_is_wrong_in_the_sql_of_a_view_is_not_its_name(house):
    """DuckDB says of a function that it is a table function."""
    house.execute("create schema intercom")
    with house.client as client:
        names = FullNames(client, "duckdb", house.datasets, {"stg_mine": "intercom"})
        with pytest.raises(DatabaseException, match="is a table function"):
            Swap(Connection(client, "duckdb"), names).view("stg_mine", "SELECT range(1), glob('*') AS n")
