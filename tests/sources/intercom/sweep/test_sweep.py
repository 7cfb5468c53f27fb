"""A sweep of a simulated workspace: what is gone is marked and nothing else is, and what differs is read again."""

import time

import duckdb
import pytest
from dlt.common.typing import TSecretStrValue

from simulator import SimulatorProcess
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from tests.ground_truth.comparison import differences, tables_of
from tests.support.workspace import found, load, marks, records, rows, swept

DAY_SECONDS = 86_400
SWEPT = ("companies", "contacts", "conversations", "tickets")
# With the lists that cost a call.
TABLES = tables_of(*SWEPT, "contact_segments", "contact_subscriptions", "data_events", "data_event_summaries")
# What changes together, each with the field or table that is wrong then; what one of them does another would undo.
SILENT = [
    {
        "silent_contact_tagged": "contact_tags",
        "silent_contact_noted": "contact_notes",
        "silent_contact_joined_company": "contact_companies",
        "silent_company_tagged": "company_tags",
        "silent_conversation_tagged": "conversation_tags",
        "silent_ticket_assigned": "team_assignee_id",
        "silent_ticket_tagged": "ticket_tags",
    },
    {
        "silent_contact_untagged": "contact_tags",
        "silent_contact_left_company": "contact_companies",
        "silent_company_untagged": "company_tags",
        "silent_conversation_untagged": "conversation_tags",
        "silent_ticket_state_changed": "ticket_state",
        "silent_ticket_untagged": "ticket_tags",
    },
    {
        "silent_contact_chose_subscription": "contact_subscriptions",
        "silent_tag_archived": "contact_tags",
        "silent_conversation_closed": "open",
        "silent_conversation_prioritised": "priority",
        "silent_ticket_attribute_set": "ticket_attributes",
    },
    {
        "silent_contact_forgot_subscription": "contact_subscriptions",
        "silent_conversation_given_without_a_part": "admin_assignee_id",
        "silent_conversation_snoozed": "state",
        "silent_ticket_snoozed": "snoozed_until",
    },
]


def ids(simulator, entity):
    return {record["id"] for record in simulator.truth()[entity]}


def wrong_rows(simulator, database, without=()):
    return differences(simulator, database, tables=[name for name in TABLES if not name.startswith(without)])


def test_a_sweep_without_changes_finds_nothing_and_costs_the_listings(simulator, database):
    simulator.clear_requests()
    outcome = swept(simulator, database)
    assert outcome.status == "complete"
    assert all(not found(outcome, name) for name in ("contacts", "companies", "conversations", "tickets"))
    # /me, then a count and the pages of each kind: 2 and an empty one of companies, 2 of contacts, one of the others.
    assert outcome.tally.calls == len(simulator.requests()) == 1 + (1 + 3) + (1 + 2) + (1 + 1) + (1 + 1)
    assert outcome.count_rows.total() == outcome.count_rows["workspace"]


def test_what_is_gone_is_marked_and_stays_in_its_table(simulator, database):
    before = {table: {row["id"] for row in records(database, table)} for table in SWEPT}
    simulator.mutate(12, seed=1, kinds=["contact_archived", "contact_deleted", "contact_merged"])
    simulator.mutate(3, seed=1, kinds=["conversation_deleted"])
    simulator.mutate(2, seed=1, kinds=["company_archived"])
    simulator.mutate(2, seed=1, kinds=["ticket_deleted"])
    outcome = swept(simulator, database)
    assert outcome.status == "complete"
    for table in SWEPT:
        assert marks(database, table).keys() == before[table] - ids(simulator, table) != set()
        assert before[table] <= {row["id"] for row in records(database, table)}
        assert found(outcome, table)["marked"] == len(marks(database, table))
    load(simulator, database, *SWEPT)
    assert wrong_rows(simulator, database) == []
    again = swept(simulator, database)
    assert not any("marked" in found(again, table) for table in SWEPT)


def test_a_record_that_is_listed_again_loses_its_mark(simulator, database):
    [archived] = simulator.mutate(1, seed=1, kinds=["contact_archived"])
    swept(simulator, database, "contacts")
    assert marks(database, "contacts").keys() == {archived["id"]}
    while archived["id"] not in ids(simulator, "contacts"):
        simulator.mutate(1, seed=2, kinds=["silent_contact_unarchived"])
    assert found(swept(simulator, database, "contacts"), "contacts")["returned"] == 1
    assert marks(database, "contacts") == {}
    load(simulator, database, *SWEPT)
    assert wrong_rows(simulator, database) == []


@pytest.mark.parametrize("entity", ["contacts", "conversations", "tickets"])
def test_a_sync_takes_the_mark_of_a_record_away_that_its_search_lists_unchanged(simulator, database, entity):
    newest = max(records(database, entity), key=lambda one: one["updated_at"])
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "INSERT INTO intercom_raw.deleted_records (entity, id, reason, noticed_at, _dlt_load_id, _dlt_id) "
            "VALUES (?, ?, 'deleted', 1, 'x', 'x')",
            [entity, newest["id"]],
        )
    load(simulator, database, entity)
    assert marks(database, entity) == {}
    assert wrong_rows(simulator, database) == []


def test_a_sync_that_reads_a_marked_record_takes_the_mark_away_with_the_same_package(simulator, database):
    [archived] = simulator.mutate(1, seed=1, kinds=["contact_archived"])
    swept(simulator, database, "contacts")
    while archived["id"] not in ids(simulator, "contacts"):
        simulator.mutate(1, seed=2, kinds=["contact_unarchived"])
    load(simulator, database, "contacts")
    assert marks(database, "contacts") == {}


@pytest.mark.parametrize("kinds", SILENT)
def test_a_change_that_moves_no_time_is_noticed_and_read_again(simulator, database, kinds):
    before = simulator.truth()
    for kind in kinds:
        simulator.mutate(6, seed=5, kinds=[kind])
    after = simulator.truth()
    wrong = [line.partition(": ")[0].split(" ") for line in wrong_rows(simulator, database)]
    assert set(kinds.values()) <= {words[0] for words in wrong} | {words[-1] for words in wrong}
    outcome = swept(simulator, database)
    for table in SWEPT:
        changed = [record for record in after[table] if record not in before[table]]
        assert bool(changed) <= found(outcome, table).get("silent", 0) <= len(changed)
        assert outcome.report.of(f"sweep_{table}").count_records <= len(changed)
    # Of a tag behind the first ten nothing shows that it was archived.
    hidden = {f"contact_tags ('{one['id']}'," for one in after["contacts"] if len(one["tags"]["data"]) >= 10}
    assert [line for line in wrong_rows(simulator, database) if not line.startswith(tuple(hidden))] == []


def test_a_contact_one_of_whose_lists_is_not_found_is_read_again_without_it(simulator, database):
    tagged = {change["id"] for change in simulator.mutate(6, seed=5, kinds=["silent_contact_tagged"])}
    simulator.faults(*({"kind": "not_found", "operation": f"/contacts/{one}/notes", "times": 0} for one in tagged))
    outcome = swept(simulator, database, "contacts")
    assert outcome.report.of("sweep_contacts").count_vanished == 0
    assert not [line for line in wrong_rows(simulator, database) if line.startswith("contact_tags")]


def test_lists_that_cost_a_call_are_kept_up_to_date_only_where_they_were_loaded(simulator, database, tmp_path):
    without = tmp_path / "without.duckdb"
    load(simulator, without, "contacts")
    simulator.mutate(8, seed=5, kinds=["silent_contact_chose_subscription"])
    with_lists, without_lists = (swept(simulator, one, "contacts") for one in (database, without))
    assert with_lists.count_rows["contact_subscriptions"] > 0
    assert without_lists.count_rows["contact_subscriptions"] == without_lists.count_rows["contact_segments"] == 0
    assert rows(without, "SELECT count(*) FROM intercom_raw.contact_subscriptions") == [(0,)]


def test_a_conversation_that_becomes_a_ticket_which_may_not_be_read_stays_as_it_was(simulator, database):
    simulator.knobs(missing_scopes="tickets")
    simulator.mutate(1, seed=3, kinds=["ticket_converted"])
    load(simulator, database, "conversations")
    outcome = swept(simulator, database, "conversations")
    assert (outcome.status, marks(database, "conversations")) == ("complete", {})
    assert {line.split(" ")[0] for line in wrong_rows(simulator, database)} >= {"conversations", "tickets"}
    simulator.knobs(missing_scopes="")
    assert load(simulator, database, "conversations", "tickets").status == "complete"
    swept(simulator, database, "conversations")
    assert wrong_rows(simulator, database) == []


def test_what_no_sync_would_have_read_any_more_is_loaded(simulator, database):
    """A watermark that has passed records which were never loaded: the destination lost them, or an index had."""
    with duckdb.connect(str(database)) as connection:
        oldest = "(SELECT arg_min(id, updated_at) FROM intercom_raw.conversations)"
        connection.execute(f"DELETE FROM intercom_raw.conversations WHERE id = {oldest}")
        connection.execute("UPDATE intercom_raw.tickets SET updated_at = updated_at - 1, ticket_state = 'lost'")
    lost = rows(database, "SELECT count(*) FROM intercom_raw.tickets")[0][0]
    load(simulator, database, *SWEPT)
    assert wrong_rows(simulator, database) != []
    outcome = swept(simulator, database)
    assert found(outcome, "conversations") == {"missed": 1}
    assert found(outcome, "tickets")["missed"] + found(outcome, "tickets").get("newer", 0) == lost
    assert wrong_rows(simulator, database, without=("tickets",)) == []


def test_what_is_newer_than_the_last_sync_is_left_to_the_next_one(simulator, database):
    simulator.clock(advance=7_200)
    simulator.mutate(5, seed=3, kinds=["contact_created"])
    outcome = swept(simulator, database, "contacts")
    assert found(outcome, "contacts") == {"newer": 5}
    assert outcome.count_rows["contacts"] == 0


def test_what_is_older_than_the_start_date_is_no_loss(simulator, tmp_path):
    database, settings = tmp_path / "young.duckdb", {"start_date": "2026-02-15"}
    load(simulator, database, *SWEPT, settings=settings)
    held = rows(database, "SELECT count(*) FROM intercom_raw.contacts")[0][0]
    assert held < len(ids(simulator, "contacts"))
    assert found(swept(simulator, database, settings=settings), "contacts") == {}
    assert rows(database, "SELECT count(*) FROM intercom_raw.contacts")[0][0] == held


def test_only_what_was_created_since_the_last_whole_sweep(simulator, database):
    swept(simulator, database)
    simulator.clock(advance=2 * DAY_SECONDS)
    created = [change["id"] for change in simulator.mutate(40, seed=3, kinds=["contact_created"])]
    load(simulator, database, *SWEPT)
    old = set(ids(simulator, "contacts")) - set(created)
    simulator.mutate(60, seed=4, kinds=["contact_deleted"])
    gone_now = (old | set(created)) - ids(simulator, "contacts")
    assert gone_now & old
    assert gone_now & set(created)
    simulator.clear_requests()
    outcome = swept(simulator, database, "contacts", since_last=True)
    assert marks(database, "contacts").keys() == gone_now & set(created)
    assert outcome.report.of("sweep_contacts").count_repeated == len(created) - len(gone_now & set(created))
    swept(simulator, database, "contacts")
    assert marks(database, "contacts").keys() == gone_now


def test_a_clock_of_intercoms_that_ran_ahead_once_hides_nothing_created_since(simulator, database):
    simulator.clock(to=int(time.time()) + 1_000 * DAY_SECONDS)
    swept(simulator, database, "contacts")
    simulator.clock(to=int(time.time()) + DAY_SECONDS)
    created = {change["id"] for change in simulator.mutate(5, seed=3, kinds=["contact_created"])}
    load(simulator, database, "contacts")
    simulator.mutate(300, seed=4, kinds=["contact_deleted"])
    assert created - ids(simulator, "contacts")
    swept(simulator, database, "contacts", since_last=True)
    assert created - ids(simulator, "contacts") <= marks(database, "contacts").keys()


def test_a_workspace_that_changes_while_it_is_swept_is_never_marked_wrongly(simulator, database):
    simulator.clock(frozen=False)
    simulator.churn(every=5, count=6)  # each moves the clock, and a scroll expires
    outcome = swept(simulator, database)
    assert outcome.status == "complete", outcome.report.failures
    simulator.churn(every=0)
    for table in ("contacts", "companies", "conversations"):
        assert not marks(database, table).keys() & ids(simulator, table)
    assert load(simulator, database, everything=True).status == "complete"
    assert swept(simulator, database).status == "complete"
    assert wrong_rows(simulator, database) == []
    gone = {item["record"]["id"] for item in simulator.gone()["contacts"]}
    held = {row["id"] for row in records(database, "contacts")}
    assert marks(database, "contacts").keys() == gone & held


def test_a_workspace_of_many_pages(tmp_path):
    database = tmp_path / "large.duckdb"
    sizes = {"contacts": 800, "companies": 320, "conversations": 20, "tickets": 5}
    with SimulatorProcess(seed=8, rate_limit=0, **sizes) as simulator:
        simulator.clock(frozen=True)
        load(simulator, database, "contacts", "companies")
        held = ids(simulator, "contacts")
        simulator.mutate(30, seed=1, kinds=["contact_deleted"])
        changed = {change["id"] for change in simulator.mutate(30, seed=1, kinds=["silent_contact_tagged"])}
        outcome = swept(simulator, database, "contacts")
        assert marks(database, "contacts").keys() == held - ids(simulator, "contacts")
        assert found(outcome, "contacts") == {"marked": 30, "silent": len(changed)}
        load(simulator, database, "companies")
        of_contacts = ("contacts", "contact_tags", "contact_notes", "contact_companies", "companies")
        assert differences(simulator, database, tables=of_contacts) == []


def test_what_is_concealed_is_compared_as_it_was_loaded(simulator, tmp_path):
    database, privacy = tmp_path / "concealed.duckdb", PrivacyConfiguration()
    privacy.hash, privacy.hash_key = ["contacts.email", "contacts.name"], TSecretStrValue("nobody guesses this key")
    privacy.leave_out, privacy.bodies = ["contacts.custom_attributes.plan", "contacts.phone"], "redact"
    settings = {"privacy": privacy}
    load(simulator, database, *SWEPT, settings=settings)
    emails = rows(database, "SELECT email FROM intercom_raw.contacts WHERE email LIKE '%@%'")
    outcome = swept(simulator, database, settings=settings)
    assert (emails, outcome.facts()["found"]) == ([], {})
