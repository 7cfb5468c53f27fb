"""A database, its report and what a browser shows of it, for all tests that only look at them."""

import json
from datetime import timedelta

import duckdb
import pytest

from tests.support.documents.report_page import BUSIEST, EARLIEST, HOSTILE, NAMESAKE, figure, last_sunday, shown
from tests.support.made_once import made_once
from tests.support.processes.command import Command

CLOSERS = """(
    SELECT last_closed_by_admin_id FROM intercom.fct_conversations WHERE direction = 'inbound' AND is_closed
    AND last_closed_by_admin_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 3
)"""


@pytest.fixture(scope="package")
def workspace(simulator):
    """Return the folder of the database and of its report since the first day.

    All teams are of one, hostile, name; of the busiest teammates two are of one name, and one is of none.
    """

    def make(folder):
        folder.mkdir()
        command = Command(folder)
        command.point_at(simulator)
        code, _, errors = command.run("sync", "--database", "w.duckdb", "--quiet")
        assert code == 0, errors
        with duckdb.connect(str(folder / "w.duckdb")) as connection:
            connection.execute("UPDATE intercom_raw.teams SET name = ?", [HOSTILE])
            connection.execute("UPDATE intercom.dim_teams SET name = ? WHERE team_id <> 'none'", [HOSTILE])
            connection.execute(f"UPDATE intercom.dim_teammates SET name = ? WHERE admin_id IN {CLOSERS}", [NAMESAKE])
            nameless = "(SELECT max(admin_id) FROM intercom.dim_teammates WHERE name = ?)"
            connection.execute(f"UPDATE intercom.dim_teammates SET name = NULL WHERE admin_id = {nameless}", [NAMESAKE])
        code, _, errors = command.run("audit", "--database", "w.duckdb", "--sample", "1")
        assert code == 0, errors
        since = str(figure(folder, EARLIEST))
        code, output, errors = command.run("report", "--database", "w.duckdb", "--since", since)
        assert code == 0, errors
        assert "report.html" in output

    return made_once("report", make)


@pytest.fixture(scope="package")
def page(workspace):
    """Return what a browser shows of the report: as it is opened, and after every choice that a test asks about."""

    def make(file):
        text = (workspace / "report.html").read_text(encoding="utf-8")
        file.write_text(json.dumps(shown(text, workspace, choices(workspace))), encoding="utf-8")

    return json.loads(made_once("report_shown.json", make).read_text(encoding="utf-8"))


def choices(folder):
    """Return the choices by name: all of the page, two channels, eight whole weeks, 90 days, and the busiest month.

    And days that the page does not have, as a year looks while it is typed; a first day after the last one; one day.
    """
    last, month = figure(folder, "SELECT today FROM build_clock"), figure(folder, BUSIEST)
    sunday = last_sunday(folder)
    return {
        "whole": {},
        "channel": {"channel": "conversation"},
        "email": {"channel": "email"},
        "weeks": {"from": str(sunday - timedelta(days=55)), "to": str(sunday)},
        "90 days": {"from": str(last - timedelta(days=89)), "to": str(last)},
        "outside": {"from": "0002-05-01", "to": "2999-01-01"},
        "backwards": {"from": str(last), "to": str(last - timedelta(days=5))},
        "day": {"from": str(last), "to": str(last)},
        "month": {"from": str(month), "to": str(figure(folder, f"SELECT last_day(DATE '{month}')"))},
    }
