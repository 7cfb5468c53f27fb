"""A database and its report, for all tests that only look at it."""

import duckdb
import pytest

from tests.pipelines.conftest import Command
from tests.support.report_page import HOSTILE


@pytest.fixture(scope="package")
def workspace(tmp_path_factory, simulator):
    """Return the database, with a team of a hostile name, and its report."""
    folder = tmp_path_factory.mktemp("report")
    command = Command(folder)
    command.point_at(simulator)
    code, _, errors = command.run("sync", "--database", "w.duckdb", "--quiet")
    assert code == 0, errors
    with duckdb.connect(str(folder / "w.duckdb")) as connection:
        connection.execute("UPDATE intercom_raw.teams SET name = ?", [HOSTILE])
        connection.execute("UPDATE intercom.dim_teams SET name = ? WHERE team_id <> 'none'", [HOSTILE])
    code, _, errors = command.run("audit", "--database", "w.duckdb", "--sample", "1")
    assert code == 0, errors
    code, output, errors = command.run("report", "--database", "w.duckdb", "--since", "2000-01-01")
    assert code == 0, errors
    assert "report.html" in output
    return folder
