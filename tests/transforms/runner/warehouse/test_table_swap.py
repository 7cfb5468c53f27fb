"""What was just made gets its name in the words of each warehouse."""

import pytest

from transforms.runner.model_graph.model import parse_model
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.table_swap import Swap, create_view_sql, rename_sql
from transforms.runner.warehouse.warehouse import Warehouse


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("duckdb", "ALTER TABLE d.t__building RENAME TO t"),
        ("bigquery", "ALTER TABLE d.t__building RENAME TO t"),
        ("redshift", "ALTER TABLE d.t__building RENAME TO t"),
        ("snowflake", "ALTER TABLE d.t__building RENAME TO d.t"),
        ("databricks", "ALTER TABLE d.t__building RENAME TO d.t"),
        ("clickhouse", "RENAME TABLE d.t__building TO d.t"),
    ],
)
def test_a_table_is_renamed_where_it_is(dialect, expected):
    assert rename_sql(dialect, "d.t__building", "d.t", "t") == expected


def test_a_view_of_redshift_lets_the_tables_that_it_reads_be_dropped():
    """Each is, whenever it is built."""
    assert create_view_sql("redshift", "d.v", "SELECT 1") == "CREATE VIEW d.v AS SELECT 1 WITH NO SCHEMA BINDING"
    assert create_view_sql("snowflake", "d.v", "SELECT 1") == "CREATE VIEW d.v AS SELECT 1"


@pytest.mark.parametrize(("stands", "comes"), [("table", "view"), ("view", "table")])
def test_without_a_catalog_what_is_in_the_way_stays_and_is_named(house, stands, comes):
    """As in Snowflake or Redshift: a table in a view's place, or a view in a table's. With a catalog, ours would go."""
    house.execute("create schema intercom")
    house.execute(f"create {stands} intercom.fct_a as select 'precious' as mine")
    with house.client as client:
        names = FullNames(client, "duckdb", house.datasets, {"fct_a": "intercom"})
        swap = Swap(Connection(client, "duckdb"), names)
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
