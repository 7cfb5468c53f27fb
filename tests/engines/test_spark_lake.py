"""Past one machine: raw tables as Parquet files, loaded by dlt, and every model by Spark's SQL upon them."""

import importlib.util
import json
import re

import duckdb
import pytest

from simulator import SimulatorProcess
from sources.intercom import RESOURCES
from tests.engines.comparison import differing
from tests.engines.test_engines import SPARK
from tests.engines.workspace import Workspace
from tests.ground_truth.comparison import differences
from tests.support.processes.own_environment import ROOT

pytestmark = [pytest.mark.engines, pytest.mark.timeout(1_800)]

SIZES = {"contacts": 20, "companies": 6, "conversations": 25, "tickets": 6, "rate_limit": 0}
FILES = re.compile(r"parquet\.`([^`]+)`")


@pytest.fixture(scope="module")
def lake():
    """The script of deploy/."""
    spec = importlib.util.spec_from_file_location("spark_lake", ROOT / "deploy" / "spark_lake.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copied(views, file):
    """What Spark's views show, as tables of a DuckDB file: DuckDB says `read_parquet` and nothing else differently."""
    with duckdb.connect(str(file)) as connection:
        for view in views:
            sql = FILES.sub(r"read_parquet('\1/*.parquet', union_by_name = true)", view)
            sql = re.sub(r"^CREATE DATABASE", "CREATE SCHEMA", sql)
            connection.execute(re.sub(r"^CREATE OR REPLACE VIEW", "CREATE TABLE", sql))
    return file


def test_files_that_are_only_added_to_show_what_intercom_knows_and_spark_builds_every_model(
    lake, tmp_path, monkeypatch, built
):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    monkeypatch.setenv("SOURCES__INTERCOM__EXPORT_POLL_SECONDS", "0.01")
    bucket, resources = str(tmp_path / "bucket"), list(RESOURCES)
    with SimulatorProcess(seed=5, now="2026-03-01T12:00:00Z", **SIZES) as simulator:
        monkeypatch.setenv("SOURCES__INTERCOM__BASE_URL", simulator.url)
        monkeypatch.setenv("SOURCES__INTERCOM__ACCESS_TOKEN", simulator.token)
        visitors = [visitor["user_id"] for visitor in simulator.truth()["visitors"]]
        monkeypatch.setenv("SOURCES__INTERCOM__VISITOR_USER_IDS", json.dumps(visitors))
        lake.load(bucket, resources)
        simulator.mutate(80, seed=6)
        views = lake.views(lake.load(bucket, resources), bucket).split("\n;\n")[:-1]
        current = copied(views, tmp_path / "current.duckdb")
        assert differences(simulator, current) == []

    workspace = Workspace(current)
    result = SPARK.built({**workspace.plan(SPARK.dialect, tmp_path, raw_tables=()), "statements": views}, tmp_path)
    built.append(result)
    assert result.failed == {}
    result.differing = differing(workspace, result.found)
    result.count_compared = result.count_models
    assert result.differing == {}
