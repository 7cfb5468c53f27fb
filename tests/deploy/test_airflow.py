"""The DAGs, run by Airflow itself against a simulated Intercom."""

import os
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from simulator import SimulatorProcess
from tests.support.processes.own_environment import programs_of

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def airflow(tmp_path_factory):
    """Return a call of Airflow with a home, a database and a DAGs folder of its own."""
    folder = tmp_path_factory.mktemp("airflow")
    program = programs_of(folder / "environment", "apache-airflow~=3.3.0") / "airflow"
    (folder / "dags").mkdir()
    shutil.copy(ROOT / "deploy" / "airflow_dag.py", folder / "dags")
    with SimulatorProcess(seed=5, contacts=12, companies=4, conversations=10, tickets=4, rate_limit=0) as simulator:
        environment = os.environ | {
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
            "INTERCOM_ELT_HOME": str(ROOT),
            "INTERCOM_ELT_DATABASE": str(folder / "support.duckdb"),
            "SOURCES__INTERCOM__BASE_URL": simulator.url,
            "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
            "SOURCES__INTERCOM__EXPORT_POLL_SECONDS": "0.01",
        }

        def call(*arguments, **settings):
            done = subprocess.run(
                [program, *arguments],
                env=environment | settings,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            return done.returncode, done.stdout

        code, said = call("db", "migrate")
        assert code == 0, said
        yield call, folder / "support.duckdb", simulator


def test_the_dags_load_build_sweep_and_audit(airflow):
    call, database, simulator = airflow
    for dag in ("intercom", "intercom_sweep"):
        code, said = call("dags", "test", dag, "2026-01-01")
        assert code == 0, said
        assert "successful [airflow.models.dagrun" in said, said
    with duckdb.connect(str(database), read_only=True) as connection:
        loaded = connection.execute("SELECT count(*) FROM intercom_raw.conversations").fetchone()
        built = connection.execute("SELECT count(*) FROM intercom.fct_conversations").fetchone()
        (runs,) = connection.execute("SELECT count(*) FROM intercom_raw.sync_runs").fetchone()
    assert loaded == built == (len(simulator.truth()["conversations"]),)
    assert runs == 3


def test_a_run_that_is_not_complete_is_tried_again(airflow):
    """`airflow tasks test` itself ends with 0 whatever becomes of the task, whose state is in its log."""
    call, _, simulator = airflow
    simulator.faults({"kind": "error", "status": 403, "code": "api_plan_restricted", "operation": "listTags"})
    try:
        _, said = call("tasks", "test", "intercom", "sync", "2026-01-02")
    finally:
        simulator.faults()
    assert "ended with exit code 1" in said
    assert "new_state=up_for_retry" in said


def test_wrong_configuration_is_not_tried_again(airflow):
    call, *_ = airflow
    wrong = {"SOURCES__INTERCOM__ACCESS_TOKEN": "wrong"}
    _, said = call("tasks", "test", "intercom", "sync", "2026-01-02", **wrong)
    assert "Check access_token" in said
    assert "ended with exit code 64" in said
    assert "new_state=failed" in said
