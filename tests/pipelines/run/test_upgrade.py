"""A database that an earlier version has written goes on: each data attribute is there, and once."""

import subprocess

import pytest

from simulator import SimulatorProcess
from tests.benchmarks.measured_command import measured
from tests.support.processes.checkout import GIT, ROOT, checked_out
from tests.support.workspace import rows

# Before the key of data_attributes had the id of an attribute, and two of one name were one.
BEFORE = "4df704f"

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]


def test_a_database_of_an_earlier_version_goes_on(tmp_path):
    if subprocess.run([GIT, "-C", ROOT, "cat-file", "-e", BEFORE], capture_output=True, check=False).returncode:
        pytest.skip(f"this clone does not have commit {BEFORE}")
    database = tmp_path / "intercom.duckdb"
    sizes = {
        "seed": 9,
        "contacts": 20,
        "companies": 6,
        "conversations": 15,
        "tickets": 6,
        "now": "2026-03-01T12:00:00Z",
    }
    with SimulatorProcess(rate_limit=0, **sizes) as simulator, checked_out(BEFORE) as before:
        measured(simulator, database, checkout=before)
        [(count_before,)] = rows(database, "SELECT count(*) FROM intercom_raw.data_attributes")
        simulator.mutate(30, seed=1)
        simulator.clock(advance=3_600)
        for _ in range(2):
            measured(simulator, database)
        count_now = len(simulator.truth()["data_attributes"])
        found = "SELECT count(*), count(DISTINCT (model, full_name, id)) FROM intercom_raw.data_attributes"
        assert count_before < count_now
        assert rows(database, found) == [(count_now, count_now)]
