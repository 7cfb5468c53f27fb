"""State follows the data: what a database knows is what it holds, wherever and however often it is loaded."""

import shutil

import pendulum
import pytest
from dlt.common.time import increasing_precise_time

from pipelines.run.begin.access import Access
from pipelines.stop import Stop
from simulator import SimulatorProcess
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from sources.intercom.resources import visitors
from sources.intercom.resources.visitors import NOT_KNOWN
from tests.ground_truth.comparison import differences, tables_of
from tests.support.workspace import load, rows

ENTITIES = ("companies", "contacts", "conversations", "tickets")


def count_conversations(database):
    return rows(database, "SELECT count(*) FROM intercom_raw.conversations")[0][0]


def met(database, where="true"):
    found = rows(database, f"SELECT DISTINCT external_id FROM intercom_raw.conversation_contacts WHERE {where}")
    return {user_id for (user_id,) in found if user_id}


def looked_up(simulator, *statuses):
    asked = (request for request in simulator.requests() if request["operation"] == "retrieveVisitorWithUserId")
    return {request["query"].removeprefix("user_id=") for request in asked if request["status"] in statuses}


@pytest.fixture(scope="module")
def _loaded(simulator, tmp_path_factory):
    database = tmp_path_factory.mktemp("loaded") / "loaded.duckdb"
    load(simulator, database, "conversations")
    return database


@pytest.fixture
def loaded(_loaded, tmp_path):
    """Return a database into which the conversations were loaded."""
    return shutil.copy(_loaded, tmp_path / "loaded.duckdb")


WITH_HOURS = {"export_hours": 1.0}


@pytest.fixture(scope="module")
def _everything(simulator, tmp_path_factory):
    """Load everything, with what costs one call per contact; return the database and what came of it."""
    database = tmp_path_factory.mktemp("everything") / "everything.duckdb"
    return database, load(simulator, database, everything=True, settings=WITH_HOURS)


@pytest.fixture
def everything(_everything, tmp_path):
    """Return a copy of that database, and what came of its first load."""
    return shutil.copy(_everything[0], tmp_path / "everything.duckdb"), _everything[1]


def test_a_second_sync_without_changes_costs_at_most_26_calls(simulator, everything):
    database, _ = everything
    simulator.clear_requests()
    second = load(simulator, database, settings=WITH_HOURS)
    assert second.status == "complete"
    asked = [f"{request['method']} {request['path']}" for request in simulator.requests()]
    assert second.tally.calls == len(asked) <= 26, asked
    assert {name: second.count_rows[name] for name in ("contacts", "conversations", "tickets")} == {
        "contacts": 0,
        "conversations": 0,
        "tickets": 0,
    }


def test_two_databases_never_share_a_watermark_and_a_deleted_one_starts_afresh(simulator, loaded, tmp_path):
    first, second = count_conversations(loaded), tmp_path / "second.duckdb"
    load(simulator, second, "conversations")
    loaded.unlink()
    load(simulator, loaded, "conversations")
    assert count_conversations(second) == count_conversations(loaded) == first > 0


def test_a_database_put_back_from_a_backup_catches_up(tmp_path):
    database, backup = tmp_path / "live.duckdb", tmp_path / "backup.duckdb"
    with SimulatorProcess(seed=12, contacts=30, companies=5, conversations=25, tickets=5, rate_limit=0) as simulator:
        load(simulator, database, *ENTITIES)
        shutil.copy(database, backup)
        simulator.mutate(100, seed=1)
        load(simulator, database, *ENTITIES)
        shutil.copy(backup, database)
        simulator.mutate(20, seed=2)
        load(simulator, database, *ENTITIES)
        assert differences(simulator, database, tables=tables_of(*ENTITIES)) == []


def test_a_database_of_another_workspace_is_refused_and_left_alone(loaded):
    before = loaded.read_bytes()
    with (
        SimulatorProcess(seed=99, contacts=5, companies=1, conversations=2, tickets=1) as other,
        pytest.raises(Stop, match="holds workspace sim00011"),
    ):
        load(other, loaded)
    assert loaded.read_bytes() == before


@pytest.mark.parametrize("place", ["app", "app.id_code"])
def test_nothing_is_loaded_where_nobody_says_whose_workspace_it_is(simulator, loaded, place):
    before = loaded.read_bytes()
    simulator.faults({"kind": "altered", "operation": "identifyAdmin", "places": {place: "null"}})
    try:
        with pytest.raises(Stop, match=r"holds workspace sim00011.*does not say"):
            load(simulator, loaded)
    finally:
        simulator.faults()
    assert loaded.read_bytes() == before


def test_a_full_refresh_reads_everything_again_and_drops_nothing(simulator, everything):
    database, first = everything
    again = load(simulator, database, everything=True, full_refresh=True)
    assert again.count_rows == first.count_rows
    assert differences(simulator, database) == []


def test_since_the_beginning_of_time_reads_what_the_start_date_left_out(simulator, tmp_path):
    database = tmp_path / "all.duckdb"
    updated_at = sorted(one["updated_at"] for one in simulator.truth()["tickets"])
    settings = {"start_date": pendulum.from_timestamp(updated_at[-1]).isoformat()}
    load(simulator, database, "tickets", settings=settings)
    load(simulator, database, "tickets", settings=settings, since=0)
    assert rows(database, "SELECT updated_at FROM intercom_raw.tickets ORDER BY 1") == [(at,) for at in updated_at]


def test_a_start_date_that_is_removed_has_left_nothing_out(simulator, tmp_path):
    database, truth, names = tmp_path / "moved.duckdb", simulator.truth(), ("tickets", "activity_logs")
    first = load(simulator, database, *names, settings={"start_date": "2026-02-25"})
    load(simulator, database, *names)
    for name in names:
        ids = [(str(one["id"]),) for one in truth[name]]
        assert 0 < first.count_rows[name] < len(ids)
        assert sorted(rows(database, f"SELECT id FROM intercom_raw.{name}")) == sorted(ids)


def test_since_reads_again_from_there_and_keeps_the_watermark(simulator, loaded):
    middle = rows(loaded, "SELECT median(updated_at)::BIGINT FROM intercom_raw.conversations")[0][0]
    wanted = rows(loaded, f"SELECT count(*) FROM intercom_raw.conversations WHERE updated_at >= {middle}")[0][0]
    again = load(simulator, loaded, "conversations", since=middle)
    assert again.count_rows["conversations"] == wanted
    assert load(simulator, loaded, "conversations").count_rows["conversations"] == 0


def test_small_chunks_end_in_the_same_tables(simulator, tmp_path):
    database = tmp_path / "chunks.duckdb"
    load(simulator, database, everything=True, settings={"chunk_records": 40})
    assert differences(simulator, database) == []
    assert rows(database, "SELECT count(*) > 3 FROM intercom_raw._dlt_loads") == [(True,)]


def test_visitors_that_an_earlier_run_has_met_are_looked_up_once(tmp_path):
    with SimulatorProcess(seed=12, contacts=60, companies=1, conversations=60, tickets=1, rate_limit=0) as simulator:
        at_once, later = tmp_path / "at_once.duckdb", tmp_path / "later.duckdb"
        load(simulator, at_once, "conversations", "visitors")
        load(simulator, later, "conversations")
        simulator.faults({"kind": "error", "status": 400, "operation": "retrieveVisitorWithUserId", "times": 1})
        assert load(simulator, later, "visitors").exit_code == 1
        assert load(simulator, later, "visitors").report.of("visitors").tally.calls == 1, "who was refused"
        visitors = [sorted(rows(database, "SELECT id FROM intercom_raw.visitors")) for database in (at_once, later)]
        assert visitors[0] == visitors[1] != []
        assert load(simulator, later, "visitors").report.of("visitors").tally.calls == 0
        assert load(simulator, later, "visitors", full_refresh=True).count_rows["visitors"] == len(visitors[0])


def test_a_run_that_is_cut_off_goes_on_with_the_visitors_whom_it_has_not_looked_up(tmp_path, monkeypatch):
    monkeypatch.setattr(visitors, "PEOPLE_AT_ONCE", 5)
    lookups = {"operation": "retrieveVisitorWithUserId", "kind": "error", "status": 401, "times": 0}
    with SimulatorProcess(seed=12, contacts=60, companies=1, conversations=60, tickets=1, rate_limit=0) as simulator:
        at_once, cut_off = tmp_path / "at_once.duckdb", tmp_path / "cut_off.duckdb"
        load(simulator, cut_off, "conversations")
        simulator.faults(lookups | {"skip": 12})
        assert load(simulator, cut_off, "visitors", settings={"chunk_records": 5}).exit_code != 0
        simulator.faults()
        answered = looked_up(simulator, 200, 404)
        last_load = rows(cut_off, "SELECT max(load_id) FROM intercom_raw._dlt_loads")[0][0]
        simulator.mutate(5, kinds=["conversation_created"])
        load(simulator, cut_off, "conversations")
        met_since = met(cut_off, f"_dlt_load_id > '{last_load}'")
        simulator.clear_requests()
        assert load(simulator, cut_off, "visitors", settings={"chunk_records": 5}).exit_code == 0
        asked = looked_up(simulator, 200, 404)
        assert asked >= met_since | met(cut_off) - answered
        assert len(answered - asked) >= 10 - len(met_since), "two batches of five"
        load(simulator, at_once, "conversations", "visitors")
        found = [sorted(rows(database, "SELECT id FROM intercom_raw.visitors")) for database in (at_once, cut_off)]
        assert found[0] == found[1] != []
        assert load(simulator, cut_off, "visitors").report.of("visitors").tally.calls == 0


def test_whom_a_machine_whose_clock_is_ahead_has_met_is_looked_up_once(tmp_path, monkeypatch):
    month = 30 * 86400
    with SimulatorProcess(seed=12, contacts=60, companies=1, conversations=60, tickets=1, rate_limit=0) as simulator:
        database = tmp_path / "ahead.duckdb"
        monkeypatch.setattr(increasing_precise_time, "_last", increasing_precise_time._last + month)
        load(simulator, database, "conversations", "visitors")
        monkeypatch.setattr(increasing_precise_time, "_last", increasing_precise_time._last - month)  # another machine
        assert load(simulator, database, "visitors").report.of("visitors").tally.calls == 0
        load(simulator, database, "conversations", full_refresh=True)
        assert load(simulator, database, "visitors").report.of("visitors").tally.calls > 0, "everybody was met again"
        assert load(simulator, database, "visitors").report.of("visitors").tally.calls == 0


@pytest.mark.parametrize("is_protected_still", [True, False])
def test_a_refused_visitor_whose_user_id_is_protected_is_not_forgotten(tmp_path, is_protected_still):
    """No row says any more who it was; rules of before count as well as those of now."""
    with SimulatorProcess(seed=12, contacts=60, companies=1, conversations=60, tickets=1, rate_limit=0) as simulator:
        simulator.faults({"kind": "error", "status": 400, "operation": "retrieveVisitorWithUserId", "times": 1})
        database, privacy = tmp_path / "protected.duckdb", PrivacyConfiguration()
        privacy.redact = ["*.external_id"]
        assert load(simulator, database, "conversations", "visitors", settings={"privacy": privacy}).exit_code == 1
        settings = {"privacy": privacy} if is_protected_still else {}
        outcome = load(simulator, database, "visitors", settings=settings, access=Access(accepts_weaker_privacy=True))
        assert (outcome.exit_code, outcome.report.of("visitors").tally.calls) == (1, 0)
        reasons = rows(database, "SELECT reason, tries FROM intercom_raw.unreadable_records")
        assert reasons == [(NOT_KNOWN, 2)]
