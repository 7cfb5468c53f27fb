"""Syncs on bad days: the tables end up equal to the truth of the simulated workspace, or the run says no."""

import pytest

from pipelines.console import console
from pipelines.destination.target import Target
from pipelines.query.opening import opened_read_only
from pipelines.status.status_facts import holdings
from pipelines.status.status_tables import print_status
from simulator import SimulatorProcess
from tests.ground_truth.comparison import differences, tables_of
from tests.support.workspace import load, made_anew, rows

NOW = "2026-03-01T12:00:00Z"
SIZES = {"seed": 11, "contacts": 40, "companies": 210, "conversations": 70, "tickets": 15, "now": NOW, "rate_limit": 0}
READ = ("tags", "admins", "companies", "contacts", "conversations", "tickets")
TABLES = tables_of(*READ)
SEARCH, DETAIL, SCROLL = "searchConversations", "retrieveConversation", "scrollOverAllCompanies"

BAD_DAYS = {
    "gateway errors, and a scroll that fails": [
        {"kind": "error", "operation": SEARCH, "status": 502, "html": True, "times": 4},
        {"kind": "error", "operation": DETAIL, "status": 503, "html": True, "times": 0, "every": 9},
        {"kind": "error", "operation": "listTags", "status": 500, "times": 2},
        {"kind": "error", "operation": "SearchContacts", "status": 504, "times": 1},
        {"kind": "scroll_failed", "operation": SCROLL, "skip": 1, "times": 1},
    ],
    "answers that are none, refusals, and a scroll that expires": [
        {"kind": "empty", "operation": DETAIL, "times": 0, "every": 7},
        {"kind": "truncated", "operation": DETAIL, "skip": 3, "times": 0, "every": 8},
        {"kind": "reset", "operation": DETAIL, "skip": 5, "times": 0, "every": 11},
        {"kind": "truncated", "operation": SEARCH, "times": 1},
        {"kind": "empty", "operation": "listAdmins", "times": 1},
        {"kind": "rate_limited", "operation": "searchTickets", "times": 4, "headers": False, "retry_after_seconds": 0},
        {"kind": "scroll_expired", "operation": SCROLL, "skip": 2, "times": 1},
    ],
}


def wrong_rows(simulator, database):
    """Return what differs from the truth in the tables that are read here."""
    return differences(simulator, database, tables=TABLES)


@pytest.fixture(scope="module")
def _process():
    with SimulatorProcess(**SIZES) as simulator:
        yield simulator


@pytest.fixture
def simulator(_process):
    """Made anew for every test."""
    return made_anew(_process, **SIZES)


@pytest.mark.parametrize("day", BAD_DAYS)
def test_trouble_that_passes_loses_nothing(simulator, tmp_path, day):
    simulator.faults(*BAD_DAYS[day])
    database = tmp_path / "bad_day.duckdb"
    outcome = load(simulator, database, *READ)
    assert outcome.status == "complete", outcome.facts()
    simulator.faults()
    assert load(simulator, database, *READ).status == "complete"
    assert wrong_rows(simulator, database) == []


def test_a_search_that_ignores_its_sort_loses_nothing_where_a_page_cursor_is_refused(simulator, tmp_path):
    """What was reached says nothing then: all that is older may still be missing."""
    simulator.knobs(ignored_sort="conversations, tickets")
    simulator.faults(
        {"kind": "error", "operation": SEARCH, "status": 400, "code": "client_error", "skip": 2, "times": 1}
    )
    database = tmp_path / "unsorted.duckdb"
    settings = {"chunk_records": 20}
    outcome = load(simulator, database, "conversations", settings=settings)
    assert outcome.status == "complete", outcome.facts()
    asked = [one for one in simulator.requests() if one["operation"] == SEARCH]
    assert [one["status"] for one in asked].count(400) == 1
    assert differences(simulator, database, tables=tables_of("conversations")) == []


def test_searches_that_compare_days_lose_nothing_that_changes_on_the_day_of_a_sync(simulator, tmp_path):
    simulator.knobs(search_by_day=True)
    database = tmp_path / "by_day.duckdb"
    for _ in range(2):
        simulator.mutate(20, kinds=["conversation_teammate_replied", "ticket_state_changed"])
        outcome = load(simulator, database, "conversations", "tickets")
        simulator.clock(advance=3_600)
    assert outcome.status == "complete"
    assert differences(simulator, database, tables=tables_of("conversations", "tickets")) == []


@pytest.mark.parametrize("kind", ["truncated", "reset"])
def test_a_scroll_page_lost_on_the_way_is_never_skipped(simulator, tmp_path, kind):
    """The broken scroll stays open for a minute, which the frozen clock never lets pass: then the run says so."""
    database = tmp_path / "scroll.duckdb"
    simulator.faults({"kind": kind, "operation": SCROLL, "skip": 1, "times": 1})
    outcome = load(simulator, database, "companies")
    [failure] = outcome.report.failures
    assert failure.resource == "companies"
    simulator.clock(advance=61)
    assert load(simulator, database, "companies").status == "complete"
    assert differences(simulator, database, tables=tables_of("companies")) == []


def test_trouble_that_stays_fails_its_resource_alone_and_the_next_run_completes_it(simulator, tmp_path):
    database = tmp_path / "outage.duckdb"
    simulator.faults({"kind": "error", "operation": DETAIL, "status": 500, "skip": 40, "times": 0})
    outcome = load(simulator, database, *READ, settings={"connections": 1})
    assert [report.resource for report in outcome.report.failures] == ["conversations"]
    simulator.faults()
    assert load(simulator, database, *READ).status == "complete"
    assert wrong_rows(simulator, database) == []


def test_a_record_that_cannot_be_read_is_named_and_read_when_it_can_be_again(simulator, tmp_path):
    database = tmp_path / "broken.duckdb"
    truth = simulator.truth()
    conversation_id, crossed_id, other_id, denied_id = (str(truth["conversations"][at]["id"]) for at in (3, 5, 7, 9))
    contact_id = next(one["id"] for one in truth["contacts"] if one["notes"])
    paths = (f"/conversations/{conversation_id}", f"/contacts/{contact_id}/notes")
    crossed = {"operation": f"/conversations/{crossed_id}", "places": {"id": f'"{other_id}"'}, "times": 0}
    simulator.faults(
        *({"kind": "error", "operation": path, "status": 500, "times": 0} for path in paths),
        {"kind": "altered", **crossed},  # as a cache that mixes up who asked for what
        # as a conversation that has just become a ticket, of which the token may read none
        {"kind": "error", "operation": f"/conversations/{denied_id}", "status": 403, "code": "forbidden", "times": 0},
    )
    for _ in range(2):
        outcome = load(simulator, database, *READ)
        errors = {report.resource: str(report.error) for report in outcome.report.failures}
        assert errors.keys() == {"conversations", "contacts"}
        assert conversation_id in errors["conversations"]
        of_another = rows(database, f"SELECT reason FROM intercom_raw.unreadable_records WHERE id = '{crossed_id}'")
        assert of_another == [(f"GET /conversations/{crossed_id}: the answer is of another record",)]
        assert denied_id in errors["conversations"]
        assert 'the permission "Read tickets"' in errors["conversations"]
        assert contact_id in errors["contacts"]
        assert outcome.report.of("tickets").status == "complete"
        count = len(truth["conversations"]) - 3
        assert rows(database, "SELECT count(*) FROM intercom_raw.conversations") == [(count,)]
    simulator.faults()
    assert load(simulator, database, *READ).status == "complete"
    assert wrong_rows(simulator, database) == []


@pytest.mark.parametrize("chunk_records", [20_000, 40])
def test_a_workspace_that_changes_while_it_is_read_is_complete_after_the_next_run(simulator, tmp_path, chunk_records):
    """Records move between pages, vanish between list and detail, and change in the second they are read."""
    database = tmp_path / "churn.duckdb"
    settings = {"chunk_records": chunk_records}
    simulator.clock(frozen=False)
    simulator.churn(every=10, count=1)
    for _ in range(2):
        assert load(simulator, database, *READ, settings=settings).status == "complete"
    simulator.churn(every=0)
    assert load(simulator, database, *READ, settings=settings).status == "complete"
    assert simulator.churned()
    assert wrong_rows(simulator, database) == []


def test_what_is_indexed_late_is_found_by_a_later_run(simulator, tmp_path):
    database = tmp_path / "lag.duckdb"
    simulator.knobs(index_lag_seconds=300)
    load(simulator, database, *READ)
    for round_of_changes in range(2):
        simulator.mutate(40, seed=round_of_changes)
        load(simulator, database, *READ)
    simulator.clock(advance=301)
    assert load(simulator, database, *READ).status == "complete"
    assert wrong_rows(simulator, database) == []


def test_what_only_the_overlap_finds_is_counted(simulator, tmp_path, capsys):
    """Changes that are indexed after later ones, as the shards of a search index do."""
    database = tmp_path / "rescued.duckdb"
    settings = {"overlap_minutes": 3 * 1440}
    load(simulator, database, "conversations", settings=settings)
    simulator.knobs(index_lag_seconds=86_400)
    simulator.mutate(20, seed=1)
    simulator.knobs(index_lag_seconds=0)
    simulator.mutate(20, seed=2)
    load(simulator, database, "conversations", settings=settings)
    simulator.clock(advance=86_400)
    report = load(simulator, database, "conversations", settings=settings).report.of("conversations")
    assert 0 < report.count_rescued <= report.count_records
    assert 0 < report.rescued_seconds < 86_400
    target = Target(database=database)
    with opened_read_only(target) as reader:
        found = holdings(target, reader)
    print_status(console(), found, target)
    assert f"{report.count_rescued}, {report.rescued_seconds:,} s late at most" in capsys.readouterr().out
    quiet = load(simulator, database, "conversations", settings=settings).report.of("conversations")
    assert (quiet.count_rescued, quiet.rescued_seconds) == (0, None)


def test_a_conversation_that_vanishes_between_list_and_detail_is_skipped_and_counted(simulator, tmp_path):
    database = tmp_path / "vanished.duckdb"
    gone = [one["id"] for one in simulator.truth()["conversations"]][5:8]
    simulator.faults(*({"kind": "not_found", "operation": f"/conversations/{one}", "times": 9} for one in gone))
    outcome = load(simulator, database, "conversations")
    report = outcome.report.of("conversations")
    assert (outcome.status, report.count_vanished) == ("complete", 3)
    loaded = rows(database, "SELECT count(*) FROM intercom_raw.conversations")[0][0]
    assert loaded == report.count_records == len(simulator.truth()["conversations"]) - 3


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_permission_costs_its_resources_and_says_what_to_do(simulator, tmp_path, status):
    simulator.knobs(missing_scopes="conversations", missing_scope_status=status)
    outcome = load(simulator, tmp_path / "scope.duckdb", "tags", "conversations")
    [failure] = outcome.report.failures
    assert failure.resource == "conversations"
    assert "--exclude" in str(failure.error)


def test_the_404_of_a_defective_search_is_not_an_empty_workspace(simulator, tmp_path):
    simulator.knobs(conversation_search_defect=True)
    outcome = load(simulator, tmp_path / "defect.duckdb", "conversations")
    assert outcome.status == "failed"
    assert "User Not Found" in str(outcome.report.of("conversations").error)


def test_every_way_in_which_workspaces_differ_is_read_alike(simulator, tmp_path):
    """None of them hides another: they are ways of searches, of lists, of the scroll, and of the sizes of pages."""
    simulator.knobs(inclusive_search_bounds=True, null_next=True)
    simulator.knobs(scroll_token_changes=True, scroll_page_size=7)
    simulator.knobs(contact_default_per_page=50, over_max_per_page="error")
    database = tmp_path / "knobs.duckdb"
    assert load(simulator, database, *READ).status == "complete"
    simulator.mutate(20)
    assert load(simulator, database, *READ).status == "complete"
    assert wrong_rows(simulator, database) == []
