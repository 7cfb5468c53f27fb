"""The assets, materialized by Dagster itself against a simulated Intercom."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from simulator import SimulatorProcess
from transforms.runner.model_graph.shipped_models import read_models

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def materialized(tmp_path_factory):
    """Return a call that materializes everything, and the database and workspace of it."""
    folder = tmp_path_factory.mktemp("dagster")
    uv = os.environ.get("UV") or shutil.which("uv")
    command = [uv, "run", "--no-dev", "--project", ROOT, "--frozen", "--offline", "--with", "dagster~=1.13.0", "python"]
    if uv is None or subprocess.run([*command, "-c", "import dagster"], capture_output=True, check=False).returncode:
        pytest.skip("let uv fetch it once: uv run --no-project --with dagster~=1.13.0 true")
    with SimulatorProcess(seed=5, contacts=12, companies=4, conversations=10, tickets=4, rate_limit=0) as simulator:
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "INTERCOM_ELT_DATABASE": str(folder / "support.duckdb"),
            "SOURCES__INTERCOM__BASE_URL": simulator.url,
            "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
            "SOURCES__INTERCOM__EXPORT_POLL_SECONDS": "0.01",
        }

        def call(**settings):
            done = subprocess.run(
                [*command, ROOT / "tests" / "deploy" / "materialize.py"],
                env=environment | settings,
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.stdout, done.stderr
            return json.loads(done.stdout), done.stderr

        yield call, folder / "support.duckdb", simulator


def test_every_raw_table_and_mart_is_materialized_with_its_rows_and_freshness(materialized):
    call, database, _ = materialized
    told, log = call()
    assert told["success"], log
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_schema IN ('intercom_raw', 'intercom')"
        ).fetchall()
        rows = {
            f"{dataset}/{table}": connection.execute(f"SELECT count(*) FROM {dataset}.{table}").fetchone()[0]
            for dataset, table in tables
        }
    counted = {asset: facts["dagster/row_count"] for asset, facts in told["assets"].items()}
    assert counted == {asset: rows[asset] for asset in told["assets"]} | {"intercom/qa_reconciliation": None}, "a view"
    marts = {f"intercom/{model.name}" for model in read_models() if model.kind == "marts"}
    assert marts == {asset for asset in told["assets"] if asset.startswith("intercom/")}
    assert told["assets"]["intercom_raw/conversations"]["freshness_seconds"] < 3600
    assert "intercom_raw/data_events" not in told["assets"], "one call per contact: not read by a plain sync"
    assert "run ended" in log


def test_a_resource_that_fails_does_not_keep_the_marts_old(materialized):
    """The fault is gone when the step is tried again, five minutes later."""
    call, _, simulator = materialized
    simulator.faults({"kind": "error", "status": 403, "code": "api_plan_restricted", "operation": "listTags"})
    told, log = call()
    assert told["success"], log
    failed, _, after = log.partition("ended with exit code 1")
    assert '"models built"' in failed, "before the step fails"
    assert '"models built"' in after


def test_a_run_that_fails_fails_its_step_and_builds_nothing(materialized):
    call, *_ = materialized
    wrong = {"SOURCES__INTERCOM__ACCESS_TOKEN": ""}
    told, log = call(**wrong)
    assert not told["success"]
    assert told["assets"] == {}
    assert "ended with exit code 64" in " ".join(told["failures"])
    assert "No access token" in log
