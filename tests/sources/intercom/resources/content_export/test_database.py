"""Content data export into a database: days are replaced there, and a killed or interrupted run does no harm."""

import os
import signal
import time

import pytest

from tests.support.exports.mailing import DAY_SECONDS, NOW_AT, SIZES, TABLES, created, day, expected, in_order
from tests.support.processes.launched import Launched
from tests.support.workspace import load, records


@pytest.fixture
def database(tmp_path):
    return tmp_path / "mail.duckdb"


def sync(simulator, database, **settings):
    return load(simulator, database, "content_export", settings={"export_poll_seconds": 0, **settings})


def loaded(database):
    return {table: in_order(records(database, table)) for table in TABLES.values()}


def test_the_tables_equal_the_truth_and_follow_it(simulator, database):
    first = sync(simulator, database)
    assert first.status == "complete"
    assert loaded(database) == expected(simulator)
    assert first.count_rows["message_clicks"] == len(loaded(database)["message_clicks"]) > 10
    simulator.mutate(30, seed=1, kinds=["message_sent"])
    assert sync(simulator, database).status == "complete"
    assert loaded(database) == expected(simulator)
    before = loaded(database)
    simulator.reset(**{**SIZES, "messages": 0})
    assert sync(simulator, database).status == "complete"
    trailing_from = day(NOW_AT - 30 * DAY_SECONDS)
    assert loaded(database) == {
        table: [row for row in rows if row["received_on"] < trailing_from] for table, rows in before.items()
    }


@pytest.fixture
def started(simulator, database):
    """Start the product's command, wait until it polls a job that does not end, and return the process."""
    processes = []

    def start():
        simulator.knobs(export_polls=1_000_000)
        settings = {
            "SOURCES__INTERCOM__BASE_URL": simulator.url,
            "SOURCES__INTERCOM__ACCESS_TOKEN": simulator.token,
            "SOURCES__INTERCOM__EXPORT_POLL_SECONDS": "0.05",
        }
        arguments = ("sync", "content_export", "--no-transform", "--database", database)
        process = Launched("pipelines", *arguments, environment={**os.environ, **settings})
        processes.append(process)
        while not simulator.counters()["operations"].get("getDataExport"):
            assert process.poll() is None
            time.sleep(0.005)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_after_kill_9_the_running_job_is_taken_up_again(simulator, database, started):
    killed = started()
    killed.kill()
    killed.wait()
    simulator.mutate(10, seed=1, kinds=["message_sent", "message_clicked"])
    simulator.knobs(export_polls=1)
    simulator.clear_requests()
    assert sync(simulator, database).status == "complete"
    assert loaded(database) == expected(simulator)
    exports = [one["operation"] for one in simulator.requests() if "DataExport" in one["operation"]]
    assert set(exports[: exports.index("downloadDataExport")]) == {"getDataExport"}
    assert {"429"}.isdisjoint(simulator.counters()["statuses"])


def test_ctrl_c_cancels_the_job(simulator, database, started):
    interrupted = started()
    interrupted.send_signal(signal.SIGINT)
    assert interrupted.wait(60) == 1
    assert simulator.counters()["operations"]["cancelDataExport"] == 1
    simulator.knobs(export_polls=1)
    assert sync(simulator, database).status == "complete"
    assert {"429"}.isdisjoint(simulator.counters()["statuses"])
    assert len(created(simulator)) == 1 + 2
    assert loaded(database) == expected(simulator)
