"""Every engine builds every model, with DuckDB's rows: `./run pytest -n 0 -m engines`, or one of them with `-k spark`.

A new model is tried on all of them by that command. The table at its end is the one in docs/warehouses.md.
"""

import pytest

from tests.engines.comparison import differing
from tests.engines.engine import Engine

CLICKHOUSE = Engine("clickhouse", "clickhouse", "in_clickhouse.py", ("chdb==4.4.0",))
SNOWFLAKE = Engine("snowflake", "snowflake", "in_snowflake.py", ("fakesnow==0.12.1", "snowflake-connector-python<5"))
SPARK = Engine("spark", "databricks", "in_spark.py", ("pyspark==4.3.0",), needs="java")
BIGQUERY = Engine("bigquery", "bigquery", "in_bigquery.py", ("zetasql==0.1.5",), link_mode="copy")

pytestmark = [pytest.mark.engines, pytest.mark.timeout(1_800)]


@pytest.mark.parametrize("engine", [CLICKHOUSE, SNOWFLAKE, SPARK], ids=lambda engine: engine.name)
def test_an_engine_gives_the_rows_of_duckdb(engine, workspace, built, tmp_path):
    result = engine.built(workspace.plan(engine.dialect, tmp_path), tmp_path)
    built.append(result)
    assert result.failed == {}, "\n".join(f"{name}: {reason}" for name, reason in result.failed.items())
    result.differing = differing(workspace, result.found)
    result.count_compared = result.count_models
    assert result.differing == {}


def test_bigquery_takes_every_model(workspace, built, tmp_path):
    """Google's analyser computes no rows: names, types and functions are what is held here."""
    result = BIGQUERY.built(workspace.plan(BIGQUERY.dialect, tmp_path), tmp_path)
    built.append(result)
    assert result.failed == {}, "\n".join(f"{name}: {reason}" for name, reason in result.failed.items())
