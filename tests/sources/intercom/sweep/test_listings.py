"""Listings that fail, end early or contradict themselves: nothing is marked, and the sweep says no."""

import re

import duckdb
import pytest

from sources.intercom.api.identity import Identity
from sources.intercom.api.lists.search_endpoint import Search
from sources.intercom.export.settings import ExportSettings
from sources.intercom.reading.resource_size import Size, SizeQuestion
from sources.intercom.reading.session import Wishes
from sources.intercom.resources import RESOURCES
from sources.intercom.sweep import SWEPT
from sources.intercom.sweep.listing import by_scroll, by_search
from tests.ground_truth.comparison import differences
from tests.support.network.loopback import Reply
from tests.support.searches.searchable import NOW, Searchable
from tests.support.workspace import found, load, marks, records, swept

SEARCH = "SearchContacts"
GONE = ["contact_deleted"]


def lose(simulator):
    """Delete some contacts, which a whole listing would notice."""
    return {change["id"] for change in simulator.mutate(9, seed=1, kinds=GONE)}


@pytest.mark.parametrize(
    ("fault", "evidence"),
    [
        ({"kind": "error", "status": 502, "html": True, "operation": SEARCH, "skip": 2, "times": 0}, "502"),
        ({"kind": "error", "status": 403, "operation": SEARCH, "skip": 2, "times": 0}, "403"),
        ({"kind": "cut", "operation": SEARCH, "skip": 1}, "counts 1[5-7]. records and listed 150"),
        ({"kind": "cut", "operation": SEARCH, "skip": 1, "total_count": 150}, "exist but are not among the 150"),
        ({"kind": "error", "status": 500, "operation": "ShowContact", "times": 0}, "500"),
        ({"kind": "not_found", "operation": "ShowContact", "times": 0}, "records that are listed answer 404"),
    ],
)
def test_a_listing_that_is_not_whole_marks_nothing(simulator, database, fault, evidence):
    lose(simulator)
    simulator.mutate(2, seed=1, kinds=["conversation_deleted"])
    simulator.faults(fault)
    outcome = swept(simulator, database, "contacts", "conversations")
    [failure] = outcome.report.failures
    assert outcome.exit_code == 1
    assert failure.resource == "sweep_contacts"
    assert re.search(evidence, str(failure.error)), str(failure.error)
    assert marks(database, "contacts") == {}
    assert len(marks(database, "conversations")) == 2, "the other sweeps go on"


def test_after_a_sweep_that_failed_the_next_one_marks_what_is_gone(simulator, database):
    gone = lose(simulator)
    simulator.faults({"kind": "not_found", "operation": "ShowContact", "times": 0})
    assert swept(simulator, database, "contacts").exit_code == 1
    simulator.faults()
    assert found(swept(simulator, database, "contacts"), "contacts")["marked"] == len(gone) == 9
    assert marks(database, "contacts").keys() == gone


@pytest.mark.parametrize(
    "faults",
    [
        [{"kind": "cut", "operation": "scrollOverAllCompanies", "skip": 1}],
        [{"kind": "scroll_expired", "operation": "scrollOverAllCompanies", "skip": 1, "times": 0}],
    ],
)
def test_a_scroll_that_ends_early_marks_no_company(simulator, database, faults):
    simulator.mutate(3, seed=1, kinds=["company_archived"])
    simulator.faults(*faults)
    outcome = swept(simulator, database, "companies")
    assert [failure.resource for failure in outcome.report.failures] == ["sweep_companies"]
    assert marks(database, "companies") == {}


def test_trouble_that_passes_changes_nothing_about_the_result(simulator, database):
    gone = lose(simulator)
    simulator.faults(
        {"kind": "error", "status": 504, "html": True, "operation": SEARCH, "skip": 1, "times": 2},
        {"kind": "empty", "operation": "ShowContact", "skip": 3, "times": 2},
        {"kind": "rate_limited", "operation": SEARCH, "times": 1, "headers": False, "retry_after_seconds": 0},
    )
    assert swept(simulator, database, "contacts").status == "complete"
    assert marks(database, "contacts").keys() == gone


def test_a_record_that_exists_is_never_marked_though_no_listing_shows_it(simulator, database):
    """As when it was read by another way and its index is late."""
    simulator.knobs(index_lag_seconds=600)
    [created] = simulator.mutate(1, seed=1, kinds=["contact_created"])
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "INSERT INTO intercom_raw.contacts (id, created_at, updated_at, _dlt_load_id, _dlt_id) "
            "VALUES (?, 1, 4102444800, 'x', 'x')",
            [created["id"]],
        )
    outcome = swept(simulator, database, "contacts")
    simulator.knobs(index_lag_seconds=0)
    assert outcome.status == "complete"
    assert found(outcome, "contacts") == {"unlisted": 1}
    assert marks(database, "contacts") == {}


def test_a_company_that_no_scroll_shows_is_read_again_when_it_has_changed(simulator, database):
    """Every sync reads what the scroll shows, and so never this one."""
    simulator.mutate(600, seed=1, kinds=["company_changed"])
    count = len(simulator.truth()["companies"])
    simulator.knobs(scroll_page_size=count - 2)
    simulator.faults({"kind": "cut", "operation": "scrollOverAllCompanies", "skip": 1, "times": 1})
    outcome = swept(simulator, database, "companies")
    simulator.knobs(scroll_page_size=100)
    assert outcome.status == "complete"
    assert found(outcome, "companies")["unlisted"] == 2
    of_truth = {company["id"]: company["updated_at"] for company in simulator.truth()["companies"]}
    assert {row["id"]: row["updated_at"] for row in records(database, "companies")} == of_truth


def test_companies_that_the_scroll_hides_as_their_users_leave_are_read_again_and_not_marked(simulator, database):
    simulator.knobs(scroll_hides_companies_without_users=True)
    simulator.mutate(170, seed=1, kinds=["contact_left_company"])
    assert load(simulator, database, "companies").status == "complete"
    outcome = swept(simulator, database, "companies")
    assert outcome.status == "complete", outcome.report.failures
    assert found(outcome, "companies")["unlisted"] > 5
    assert marks(database, "companies") == {}
    assert differences(simulator, database, tables=["companies"]) == []


@pytest.mark.parametrize("unit_seconds", [1, 86_400])
@pytest.mark.parametrize(("created_since", "broken"), [(0, "170"), (NOW - 150 * 3_600, "198")])
def test_a_listing_by_search_goes_on_behind_a_record_that_it_cannot_show(serve, created_since, broken, unit_seconds):
    records = [
        {"id": str(number), "created_at": NOW - (200 - number) * 3_600, "updated_at": NOW - number * 60}
        for number in range(200)
    ]
    searchable = Searchable(records, {broken}, unit_seconds)
    _, client = serve(searchable)
    granularity_seconds = unit_seconds if unit_seconds > 1 else 0
    listing = by_search(Search("/tickets/search", "tickets", granularity_seconds))
    pages = list(listing.pages(client, created_since, NOW))
    listed = {record["id"] for page in pages for record in page.records}
    is_counted = searchable.matches(listing.search.query(created_since, "created_at"))
    assert {record["id"] for record in filter(is_counted, records)} - {broken} <= listed
    [stray] = [stray for page in pages for stray in page.strays]
    assert "answered 504" in stray.reason
    assert broken not in listed
    assert min(map(int, listed)) >= (created_since > 0) * 25, "a day and an hour before, if it compares days"


def test_a_listing_since_a_moment_asks_for_its_day_where_the_search_compares_days(serve):
    day = 86_400
    since = NOW - NOW % day - day // 2
    records = [{"id": str(hours), "created_at": since + hours * 3_600, "updated_at": NOW} for hours in (1, 5, 13)]
    _, client = serve(Searchable(records, unit_seconds=day))
    for granularity_seconds, ids in ((None, ["13"]), (day, ["1", "5", "13"])):
        swept = SWEPT["tickets"].as_compared({"tickets": {"granularity_seconds": granularity_seconds}})
        pages = swept.listing.pages(client, since, NOW)
        assert sorted((record["id"] for page in pages for record in page.records), key=int) == ids
        assert swept.listing.count(client, since) == len(ids)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_companies_can_be_swept_and_planned_where_their_list_is_refused(serve, status):
    """It counts them, and may want a filter; the scroll needs no number."""
    _, client = serve(lambda request: Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, status))
    assert by_scroll().count(client, 0) is None
    question = SizeQuestion(client, Identity(), {}, Wishes(), 900, ExportSettings())
    assert RESOURCES["companies"].size(question) == Size(None, 2)
