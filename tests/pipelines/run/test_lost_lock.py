"""A run that has lost its lock writes nothing any more: another one may have begun, or somebody was forgotten since."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import psycopg2
import pytest

from pipelines.commands.forget import confirmation
from pipelines.destination import working_folder
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.forget.forget import forget
from pipelines.journal.display import Display
from pipelines.journal.outcome import Outcome
from pipelines.query.opening import run_query
from pipelines.run.begin.access import USUAL_ACCESS
from pipelines.run.begin.begin import begun
from pipelines.run.begin.selection import Selection
from pipelines.run.chunks import load_package
from pipelines.run.recorded_run import accounted, record_run
from pipelines.run.sync import SyncOptions, sync
from sources.intercom import RESOURCES
from sources.intercom.reading.session import Wishes
from tests.support.databases.postgres import own_database
from tests.support.workspace import configuration

pytestmark = pytest.mark.end_to_end
QUIET = Display(is_quiet=True)
CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"


@pytest.fixture(scope="module")
def server(postgres_server):
    with own_database(postgres_server) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESTINATION__POSTGRES__CREDENTIALS", url)
        yield url


@pytest.fixture(scope="module")
def target(simulator, server):
    made = Target("postgres", dataset="lost")
    options = SyncOptions(Selection(("contacts",)), transform=False)
    assert sync(configuration(simulator), made, options, QUIET).status == "complete"
    return made


def cut_off(target):
    """End the connections that hold locks, as a failover of the server does."""
    with target.opened() as client:
        client.execute_sql(CUT_OFF)


def all_rows(target, table):
    return run_query(target, f"SELECT count(*) FROM lost_raw.{table}")[1][0][0]


def test_what_was_read_while_the_lock_was_lost_is_not_loaded(simulator, target):
    (contact_id,) = run_query(target, "SELECT min(id) FROM lost_raw.contacts")[1][0]
    runs = all_rows(target, "sync_runs")
    outcome = Outcome(["contacts"])

    def slowly(reading):
        """Read, while the server fails over, and somebody is forgotten by a command that finds the lock free."""
        yield from RESOURCES["contacts"].read(reading)
        cut_off(target)
        working_folder._process.cache_clear()  # as that of another process
        forget(target, contact_id, confirmation(is_certain=True), QUIET, None, "")

    with begun(configuration(simulator), target, outcome, QUIET, USUAL_ACCESS) as run:
        session = run.session(Wishes(from_scratch=True))
        with accounted(run, session):
            load_package(run, session, [replace(RESOURCES["contacts"], read=slowly)])
        record_run(run)
    assert run_query(target, f"SELECT count(*) FROM lost_raw.contacts WHERE id = '{contact_id}'")[1] == [(0,)]
    assert all_rows(target, "sync_runs") == runs, "not even of itself"
    assert (outcome.exit_code, outcome.report.of("contacts").status) == (ExitCode.FAILED, "not loaded")
    assert outcome.report.of("contacts").read_to > 0
    assert outcome.report.of("contacts").watermark is None, "nothing of it was loaded"
    assert outcome.error.startswith("The connection that keeps other runs away from the database was cut off")


def test_a_load_that_waits_for_somebody_is_not_tried_again_without_the_lock(simulator, target, server, monkeypatch):
    monkeypatch.setenv("LOAD__RAISE_ON_MAX_RETRIES", "1")  # dlt's own tries, before those of ours
    outcome = Outcome(["tags"])
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'lost_raw.tags'::regclass AND NOT granted"
    count = all_rows(target, "tags")

    def cut_off_while_waiting():
        while run_query(target, waiting)[1] == [(0,)]:
            time.sleep(0.01)
        cut_off(target)

    with (
        closing(psycopg2.connect(server)) as somebody,
        ThreadPoolExecutor(1) as beside,
        begun(configuration(simulator), target, outcome, QUIET, USUAL_ACCESS) as run,
    ):
        session = run.session(Wishes(from_scratch=True))

        def read(reading):
            yield from RESOURCES["tags"].read(reading)
            somebody.cursor().execute("LOCK TABLE lost_raw.tags IN ACCESS EXCLUSIVE MODE")
            beside.submit(cut_off_while_waiting)

        with accounted(run, session):
            load_package(run, session, [replace(RESOURCES["tags"], read=read)])
        assert outcome.error.startswith("The connection that keeps other runs away from the database was cut off")
        somebody.rollback()
    assert all_rows(target, "tags") == count == 0
