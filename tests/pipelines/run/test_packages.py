"""How many load packages a run makes, and what is read in which."""

import gc
import shutil
from dataclasses import replace
from datetime import date

import pytest
from dlt.common.configuration.utils import ResolvedValueTrace
from dlt.common.schema import Schema
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.outcome import Outcome
from pipelines.run.begin.access import USUAL_ACCESS
from pipelines.run.begin.begin import begun
from pipelines.run.chunks import load as load_in_chunks
from pipelines.run.chunks import load_package
from simulator import SimulatorProcess
from sources.intercom import RESOURCES, TABLES
from sources.intercom.export.days import Days
from sources.intercom.export.jobs import ExportJob
from tests.support.workspace import configuration, database_without_rows, load, load_into_nothing, rows
from transforms.runner.warehouse.postgres.lock_waiting import LOCK_NOT_AVAILABLE

QUIET = Display(is_quiet=True)
VISITORS, EXPORT = "/visitors", "/export/content/data"
pytestmark = pytest.mark.end_to_end

SETTINGS = {"export_hours": 1.0, "export_days_per_job": 92}  # the first export, of 90 days, in one job


@pytest.fixture(scope="module")
def simulator():
    sizes = {"contacts": 30, "companies": 210, "conversations": 25, "tickets": 8}
    with SimulatorProcess(seed=11, rate_limit=0, now="2026-03-01T12:00:00Z", **sizes) as running:
        running.clock(frozen=True)
        yield running


@pytest.fixture(scope="module")
def first(simulator, tmp_path_factory):
    """Load everything; return the database and the paths that were asked for, in order."""
    database = tmp_path_factory.mktemp("packages") / "packages.duckdb"
    assert load_into_nothing(simulator, database, everything=True, settings=SETTINGS).status == "complete"
    return database, [request["path"] for request in simulator.requests()]


def packages(database):
    return rows(database, "SELECT count(*) FROM intercom_raw._dlt_loads")[0][0]


def test_a_first_sync_of_a_small_workspace_is_one_package_and_one_for_an_export_that_takes_longer(first):
    assert packages(first[0]) <= 2


def test_visitors_are_looked_up_after_everybody_was_met(first):
    paths = first[1]
    looked_up = [at for at, path in enumerate(paths) if path == VISITORS]
    other = [at for at, path in enumerate(paths) if path != VISITORS and not path.startswith(EXPORT)]
    assert max(place for place in other if "download" not in paths[place] and paths[place] != "/me") < min(looked_up)


def test_a_sync_that_finds_nothing_loads_nothing_and_says_so_in_the_run_log(simulator, first):
    database, _ = first
    before, runs = packages(database), rows(database, "SELECT count(*) FROM intercom_raw.sync_runs")[0][0]
    outcome = load(simulator, database, settings=SETTINGS)
    assert outcome.status == "complete"
    assert outcome.report.of("companies").count_records > 0
    assert outcome.count_rows.total() == 0
    assert packages(database) == before
    assert rows(database, "SELECT count(*), max_by(status, started_at) FROM intercom_raw.sync_runs") == [
        (runs + 1, "complete")
    ]


def test_looking_up_every_contact_in_vain_is_one_package(simulator, first):
    database, _ = first
    before = packages(database)
    outcome = load(simulator, database, everything=True, settings=SETTINGS)
    assert (outcome.status, outcome.report.of("conversations").count_records) == ("complete", 0)
    assert packages(database) <= before + 1


def test_a_package_ends_after_its_rows_too_however_many_a_record_has(tmp_path):
    few, whole = tmp_path / "few.duckdb", tmp_path / "whole.duckdb"
    five_pages = {"contacts": 750, "companies": 1, "conversations": 1, "tickets": 1}
    with SimulatorProcess(seed=11, rate_limit=0, **five_pages) as simulator:
        for database, settings in ((few, {"chunk_rows": 100}), (whole, {})):
            assert load(simulator, database, "contacts", settings=settings).status == "complete"
    assert packages(few) > packages(whole)
    contacts = "SELECT id FROM intercom_raw.contacts ORDER BY id"
    assert rows(few, contacts) == rows(whole, contacts) != []


def test_lookups_wait_until_searches_that_take_many_packages_have_ended(simulator, tmp_path):
    simulator.clear_requests()
    settings = {**SETTINGS, "chunk_records": 5}
    outcome = load(simulator, tmp_path / "many.duckdb", "conversations", "visitors", settings=settings)
    assert outcome.status == "complete"
    assert packages(tmp_path / "many.duckdb") > 2
    paths = [request["path"] for request in simulator.requests()]
    assert VISITORS in paths
    assert max(at for at, path in enumerate(paths) if path.startswith("/conversations")) < paths.index(VISITORS)


@pytest.mark.timeout(60)
def test_lookups_do_not_wait_for_an_export_that_goes_on_nor_it_for_them(simulator, tmp_path):
    """Each of them once waited for the other one, package after package, without end."""
    database = tmp_path / "export.duckdb"
    settings = {**SETTINGS, "export_poll_seconds": 1.1}  # longer than the package is held up by an export
    outcome = load(simulator, database, "content_export", "visitors", "conversations", settings=settings)
    assert outcome.status == "complete"
    assert packages(database) <= 3
    assert rows(database, "SELECT count(*) > 0 FROM intercom_raw.visitors") == [(True,)]
    assert rows(database, "SELECT count(*) > 0 FROM intercom_raw.message_receipts") == [(True,)]


def kept_of_packages():
    """How much of what dlt makes for a package is still held: copies of the schema, and what it has looked up."""
    gc.collect()
    return sum(type(one) in (Schema, ResolvedValueTrace) for one in gc.get_objects())


def test_a_package_leaves_nothing_in_memory(simulator, tmp_path):
    target = Target(database=tmp_path / "memory.duckdb")
    shutil.copy(database_without_rows(), target.database)
    outcome = Outcome(["tags"])
    with begun(configuration(simulator), target, outcome, QUIET, USUAL_ACCESS) as run:
        session, kept = run.session(), []
        for _ in range(3):
            load_package(run, session, [RESOURCES["tags"]])
            kept.append(kept_of_packages())
    assert kept[1] == kept[2] > 0


def test_a_package_that_does_not_fit_into_little_memory_is_loaded_all_the_same(simulator, tmp_path, monkeypatch):
    monkeypatch.setenv("LOAD__RAISE_ON_MAX_RETRIES", "1")  # dlt tries each job so often, a second apart

    def wide(_reading):
        yield [
            (TABLES["tags"], [{"id": str(at)} | {f"field_{name}": name for name in range(1_500)} for at in range(30)])
        ]

    target = Target(database=tmp_path / "wide.duckdb")
    shutil.copy(database_without_rows(), target.database)
    outcome = Outcome(["tags"])
    with begun(configuration(simulator, max_columns=2_000), target, outcome, QUIET, USUAL_ACCESS) as run:
        session = run.session()
        run.packages.append([])  # the one that follows is not the first
        load_package(run, session, [replace(RESOURCES["tags"], read=wide)])
        assert run.memory.limit(0) is None
    assert rows(target.database, "SELECT count(*), sum(field_1499) FROM intercom_raw.tags") == [(30, 30 * 1_499)]


class NoLock(Exception):
    """What PostgreSQL answers a resource that looks at a raw table, such as a sweep's, while somebody locks it."""

    pgcode = LOCK_NOT_AVAILABLE


def test_a_lock_that_was_not_to_be_had_while_reading_is_no_end_of_the_reading(simulator, tmp_path):
    def locked_out(_reading):
        raise NoLock
        yield

    target = Target(database=tmp_path / "locked.duckdb")
    shutil.copy(database_without_rows(), target.database)
    outcome = Outcome(["tags"])
    beginning = begun(configuration(simulator), target, outcome, QUIET, USUAL_ACCESS)
    with beginning as run, pytest.raises(PipelineStepFailed):
        load_package(run, run.session(), [replace(RESOURCES["tags"], read=locked_out)])
    assert outcome.report.of("tags").status == "reading"
    assert outcome.status == "failed", "whatever ends it: what is not read to its end is not complete"


@pytest.mark.parametrize("resource", ["tags", "content_export"])
def test_an_interrupted_run_gives_up_an_export_job_only_if_it_was_to_export(simulator, tmp_path, resource):
    """Else the job of an earlier run that was killed waits for the one that takes it up."""
    target = Target(database=tmp_path / "interrupted.duckdb")
    shutil.copy(database_without_rows(), target.database)
    outcome, day = Outcome([resource]), date(2026, 2, 1)
    with begun(configuration(simulator), target, outcome, QUIET, USUAL_ACCESS) as run:
        session = run.session()
        session.export.kept.keep(ExportJob("of-a-killed-run", Days(day, day), 1_770_000_000))
        session.stop.set()
        load_in_chunks(run, session, [resource])
        assert (session.export.kept.job is None) is (resource == "content_export")
    assert ("content_export" in outcome.report.resources) is (resource == "content_export")
