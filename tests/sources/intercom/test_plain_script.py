"""The source in an ordinary dlt project: its folder copied under another name, run by a script of a few lines."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sources.intercom
from simulator import SimulatorProcess
from tests.ground_truth.comparison import differences, tables_of
from tests.support.workspace import rows

SIZES = {"seed": 11, "contacts": 30, "companies": 12, "conversations": 15, "tickets": 8, "rate_limit": 0}
SCRIPT = """
import dlt
from helpdesk import RESOURCES, intercom_source, is_going_on

pipeline = dlt.pipeline("support", destination=dlt.destinations.duckdb("support.duckdb"), dataset_name="intercom_raw")
"""
EVERYTHING = (
    SCRIPT + 'pipeline.run(intercom_source().with_resources("tables", *RESOURCES))\nassert not is_going_on(pipeline)\n'
)


class Project:
    """A folder with a copy of the source, dlt's configuration, and a database."""

    def __init__(self, folder, simulator):
        self.folder = folder
        self.database = folder / "support.duckdb"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(sources.intercom.__file__).parent, folder / "helpdesk", ignore=ignored)
        (folder / ".dlt").mkdir()
        (folder / ".dlt/config.toml").write_text(
            "[sources.intercom]\nexport_hours = 0.0\nexport_poll_seconds = 0.01\n"
            f'base_url = "{simulator.url}"\n'
            f"visitor_user_ids = {[one['user_id'] for one in simulator.truth()['visitors']]}\n"
        )
        (folder / ".dlt/secrets.toml").write_text(f'[sources.intercom]\naccess_token = "{simulator.token}"\n')

    def run(self, script):
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "DLT_DATA_DIR": str(self.folder / "dlt"),
        }
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.fixture
def simulator():
    with SimulatorProcess(now="2026-03-01T12:00:00Z", **SIZES) as running:
        yield running


@pytest.fixture
def project(tmp_path, simulator):
    return Project(tmp_path, simulator)


def test_one_run_loads_everything_and_the_next_what_has_changed(project, simulator):
    first = project.run(EVERYTHING)
    assert first.returncode == 0, first.stderr
    assert differences(simulator, project.database) == []
    simulator.mutate(8, seed=1)
    count = len(simulator.requests())
    second = project.run(EVERYTHING)
    assert second.returncode == 0, second.stderr
    assert differences(simulator, project.database) == []
    asked = [one["operation"] for one in simulator.requests()[count:]]
    assert asked.count("retrieveConversation") < SIZES["conversations"]


def test_chosen_resources_are_read_in_runs_of_a_few_records_until_all_is_there(project, simulator):
    script = (
        SCRIPT
        + """
runs = 0
while runs == 0 or is_going_on(pipeline):
    pipeline.run(intercom_source(resources=["conversations", "tags"], records_per_run=6))
    runs += 1
print(runs)
"""
    )
    done = project.run(script)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) == 3
    truth = simulator.truth()
    for table in ("conversations", "tags"):
        ids = rows(project.database, f"SELECT id FROM intercom_raw.{table}")
        assert sorted(ids) == sorted((record["id"],) for record in truth[table])


def test_what_a_limit_of_dlt_cuts_off_is_read_by_the_next_run(project, simulator):
    script = (
        SCRIPT
        + """
pipeline.run(intercom_source(resources=["teams", "conversations", "companies"]).add_limit(1))
pipeline.run(intercom_source(resources=["teams", "conversations", "companies"]))
"""
    )
    done = project.run(script)
    assert done.returncode == 0, done.stderr
    tables = tables_of("teams", "conversations", "companies")
    assert differences(simulator, project.database, tables=tables) == []


def test_what_a_limit_of_dlt_let_through_counts_as_no_last_load(project, simulator):
    """The list is again what it was at the last load, but not the table."""
    runs = ("", ".add_limit(1)", "")
    for limit in runs:
        done = project.run(SCRIPT + f'pipeline.run(intercom_source(resources=["admins"]){limit})\n')
        assert done.returncode == 0, done.stderr
        simulator.mutate(1, seed=7, kinds=["admin_away"])  # the same one, and back
    simulator.mutate(1, seed=7, kinds=["admin_away"])
    assert differences(simulator, project.database, tables=tables_of("admins")) == []


OCCUPIED = {
    "kind": "error",
    "status": 429,
    "code": "rate_limit_exceeded",
    "message": "Exceeded rate limit of 1 pending message data export jobs",
    "operation": "createDataExport",
}


def test_an_export_waits_for_the_end_of_another_one(project, simulator):
    simulator.faults({**OCCUPIED, "times": 4}, {"kind": "slow", "operation": "listTags", "delay_seconds": 2.0})
    done = project.run(SCRIPT + 'pipeline.run(intercom_source(resources=["tags", "content_export"]))\n')
    assert done.returncode == 0, done.stderr
    assert_receipts(project, simulator)


def test_runs_of_a_few_records_wait_for_an_export_that_takes_longer_than_the_others(project, simulator):
    """Its job is known to nobody but the run that made it."""
    simulator.knobs(export_polls=11)
    config = project.folder / ".dlt/config.toml"
    config.write_text(config.read_text().replace("0.01", "0.05"))
    script = (
        SCRIPT
        + """
for runs in range(1, 5):
    pipeline.run(intercom_source(resources=["tags", "content_export"], records_per_run=3))
    if not is_going_on(pipeline):
        break
print(runs)
"""
    )
    done = project.run(script)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) <= 2
    assert_receipts(project, simulator)
    assert "429" not in simulator.counters()["statuses"]


def assert_receipts(project, simulator):
    """Those of the 90 days that a first export goes back, counted in whole days."""
    first_at = 1_772_323_200 - 90 * 86_400
    sent = {row["receipt_id"] for row in simulator.truth()["message_receipts"] if int(row["received_at"]) >= first_at}
    loaded = rows(project.database, "SELECT receipt_id FROM intercom_raw.message_receipts")
    assert sorted(loaded) == sorted((receipt_id,) for receipt_id in sent)
    assert loaded


def test_an_error_ends_the_run_and_the_next_one_reads_what_it_would_have(project, simulator):
    script = SCRIPT + 'pipeline.run(intercom_source(resources=["tags", "teams"]))\n'
    failed = project.run(script.replace("intercom_source(", 'intercom_source("wrong", '))
    assert failed.returncode != 0
    assert "401" in failed.stderr
    assert project.run(script).returncode == 0
    assert len(rows(project.database, "SELECT id FROM intercom_raw.teams")) == len(simulator.truth()["teams"])
