"""One odd record through the whole way into a database: it costs itself, it is named, and it is asked for again."""

from collections import Counter

import pytest

from pipelines.journal.display import Display
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from simulator import SimulatorProcess
from sources.intercom.api.lists.page import Stray
from sources.intercom.reading.resource_report import ResourceReport
from sources.intercom.reading.unreadable_records import UnreadableRecords
from sources.intercom.reading.unreadable_state import MOST_REMEMBERED, UnreadableFacts
from sources.intercom.rows.validation import Misfit
from tests.ground_truth.comparison import differences, tables_of
from tests.sources.intercom.test_source import Workspace, ticket
from tests.support.workspace import configuration, load, rows

NOW = "2026-03-01T12:00:00Z"
SIZES = {
    "seed": 4,
    "contacts": 30,
    "companies": 8,
    "conversations": 12,
    "tickets": 8,
    "articles": 4,
    "news_items": 3,
    "activity_logs": 20,
    "visitors": 2,
    "messages": 5,
    "now": NOW,
    "rate_limit": 0,
}
NAMED = "SELECT entity, id, reason, tries FROM intercom_raw.unreadable_records ORDER BY entity, id"
DEEP = "[" * 1_000 + "]" * 1_000
DEEPER = "[" * 100_000 + "]" * 100_000
DIGITS = "9" * 400

PARTS = "conversation_parts.conversation_parts"

# Operation, place in its answer, what is put there; then the raw table that lacks a row, and why.
COSTS_A_RECORD = [
    ("listTags", "data.3", '"vip"', "tags", "no object, but a text"),
    ("listTags", "data.4.id", '{"a": 1}', "tags", "its id is no number and no text"),
    ("listTags", "data.5", '{"type": "error.list", "errors": []}', "tags", "an error in the place of a record"),
    ("listTags", "data.6.id", "1e999", None, ""),  # it becomes the text of the number
    ("listTags", "data.7.id", "1.5", "tags", "its id is no number and no text"),
    ("lisDataAttributes", "data.2.full_name", "null", "data_attributes", "its id is missing"),
    ("lisDataAttributes", "data.3.full_name", "true", "data_attributes", "its id is no number and no text"),
    ("listAllCollections", "data.1.translated_content", DEEP, "collections", "translated_content is nested too deep"),
    ("listTeams", "teams.0.name", DEEPER, "teams", "name is nested too deep"),
    ("listTeams", "teams.1.admin_ids", '{"5": 1}', "team_admins", "admin_id is missing"),
    ("scrollOverAllCompanies", "data.2.id", "null", "companies", "its id is missing"),
    ("SearchContacts", "data.4", "[1]", "contacts", "no object, but a list"),
    ("retrieveConversation", PARTS + ".0.id", "null", "conversation_parts", "id is missing"),
    ("searchTickets", "tickets.0.ticket_attributes", DEEP, "tickets", "ticket_attributes is nested too deep"),
    ("searchTickets", "tickets.1.contacts.contacts.0", '"x"', "ticket_contacts", "contact_id is missing"),
    ("searchTickets", "tickets.2.contacts", '"nobody"', "ticket_contacts", "contact_id is missing"),
]
COSTS_NOTHING = [
    ("listTags", "data.1.weight", "1e999"),
    ("listTags", "data.2.weight", DIGITS),
    ("listTags", "data.8.weight", "NaN"),
    ("listTags", "data.9.weight", str(2**64)),
]
READ = (
    "tags",
    "data_attributes",
    "collections",
    "teams",
    "companies",
    "contacts",
    "conversations",
    "tickets",
)

TABLES = tables_of(*READ)


@pytest.fixture
def simulator():
    with SimulatorProcess(**SIZES) as simulator:
        simulator.clock(frozen=True)
        yield simulator


def alter(simulator, cases):
    """Put odd values into the next answer of each operation."""
    places = {}
    for operation, at, text, *_ in cases:
        places.setdefault(operation, {})[at] = text
    simulator.faults(*({"kind": "altered", "operation": one, "places": those} for one, those in places.items()))


def test_each_odd_record_costs_itself_is_named_and_comes_once_it_can_be_read(simulator, tmp_path):
    database = tmp_path / "odd.duckdb"
    alter(simulator, [*COSTS_A_RECORD, *COSTS_NOTHING])
    outcome = load(simulator, database, *READ)
    assert (outcome.exit_code, outcome.error) == (1, None)
    named = rows(database, NAMED)
    expected = Counter((table, reason) for _, _, _, table, reason in COSTS_A_RECORD if table)
    assert Counter((entity, reason) for entity, _, reason, _ in named) == expected
    assert {tries for *_, tries in named} == {1}
    errors = {report.resource: str(report.error) for report in outcome.report.failures}
    assert "tags GET /tags, place 4: no object, but a text" in errors["tags"]
    missing = Counter(table for _, _, _, table, _ in COSTS_A_RECORD)
    truth = simulator.truth()
    for table in ("tags", "companies", "contacts", "conversations", "tickets", "teams"):
        [(count,)] = rows(database, f"SELECT count(*) FROM intercom_raw.{table}")
        assert (table, count) == (table, len(truth[table]) - missing[table])
    assert rows(database, "SELECT weight FROM intercom_raw.tags WHERE weight IS NOT NULL ORDER BY 1") == [
        ("18446744073709551616",),
        ("1e999",),
        (DIGITS,),
    ]

    # What has an id was asked for again; what has none was looked for where it had been.
    assert load(simulator, database, *READ).exit_code == 0
    assert rows(database, NAMED) == []
    assert differences(simulator, database, tables=TABLES) == []


def of_activity_logs(state, strays):
    made = UnreadableRecords(
        UnreadableFacts(state, ResourceReport("activity_logs"), lambda: 7.0, MOST_REMEMBERED), strays
    )
    made.is_listed_whole = False
    return made


def test_things_that_say_the_same_are_looked_for_where_each_of_them_was():
    """Two logs that came as null, in different windows, are one line; neither is forgotten before it was looked for."""
    state, null = {}, Misfit("activity_logs", "GET /admins/activity_logs (9d1f)", "no object, but null")

    def run(strays):
        return of_activity_logs(state, strays)

    first = run([])
    for span in ((1, 5), (6, 9), (6, 9)):
        first.without_id(null, span)
    assert [(row["tries"], row["reason"]) for row in first.rows()] == [(1, "no object, but null")]
    second = run([Stray(null.id, null.reason, (1, 5))])
    assert second.spans == [(1, 5), (6, 9)]
    second.looked_again((1, 5))
    second.looked_again((6, 9))
    assert (second.spans, [row["tries"] for row in second.rows()]) == ([(1, 5)], [2])
    third = run([])
    third.looked_again((1, 5))
    assert (third.spans, state["unreadable"]) == ([], {})


def nested(levels, value=1):
    """Objects in objects."""
    for _ in range(levels):
        value = {"a": value}
    return value


def lists(levels):
    """Lists in lists."""
    value = []
    for _ in range(levels):
        value = [value]
    return value


HOSTILE = {
    "lists in lists": ({"ticket_attributes": {"a": lists(900)}}, "ticket_attributes is nested too deep"),
    "a deep field that nobody declared": ({"alice@example.com": lists(400)}, "a field is nested too deep"),
    "objects in objects": ({"undeclared": nested(900)}, "a field is nested too deep"),
    "many fields": ({f"field_{number}": number for number in range(2_000)}, None),
    "a wish of ours": ({"_is_removed": True}, None),
    "almost a wish of ours": ({"_isRemoved": True, "_IS_REMOVED": "x"}, None),
    "columns of PostgreSQL's": ({"ctid": 1, "xmin": "x", "tableoid": None, "CMAX": [1], "oid": 1, "user": 1}, None),
    "columns of dlt's": ({"_dlt_id": "x", "_dltLoadId": {"a": 1}, "further_fields": [1]}, None),
    "objects in a few objects": ({"undeclared": nested(60)}, None),
    "moments that cannot be": ({"updated_at": 2**63, "created_at": 2**64 - 1, "snoozed_until": -(2**63)}, None),
    "a moment before all others": ({"updated_at": -(10**18)}, None),
    "a moment of many digits": ({"updated_at": "9" * 400}, None),
    "a list of tags that is a number": ({"tags": 5}, "tag_id is missing"),
    "a part in the place of parts": ({"ticket_parts": {"ticket_parts": {"id": 9}}}, None),
    "parts that are a text": ({"ticket_parts": "none"}, "id is missing"),
    "a part that is deep": (
        {"ticket_parts": {"ticket_parts": [{"id": 8, "undeclared": lists(500)}]}},
        "a field is nested",
    ),
    "a ticket type that is a text": ({"ticket_type": "Bug"}, None),
    "links of another shape": ({"linked_objects": {"data": [{"id": {"a": 1}}, {"id": [1]}]}}, "linked_object_id is"),
    "a long id": ({"id": "9" * 5_000}, None),
    "an id with a path": ({"id": "../admins?a=1#b"}, None),
}


def test_tickets_of_every_hostile_kind_are_loaded_or_named_on_each_database(target, tmp_path):
    odd = [ticket(str(number)) | fields for number, (fields, _) in enumerate(HOSTILE.values())]
    found = {"tickets": [*odd, ticket("good", category="Tracker")]}
    asked = SyncOptions(Selection(("tickets",), everything=False), transform=False)
    alone = {f"/tickets/{one['id']}": one for one in odd}
    with Workspace({"/tickets/search": found, **alone}) as server:
        outcomes = [sync(configuration(server), target, asked, Display(is_quiet=True)) for _ in range(2)]
    with target.pipeline().sql_client() as sql:
        ids = {row[0] for row in sql.execute_sql("SELECT id FROM tickets")}
        named = sql.execute_sql("SELECT reason, tries FROM unreadable_records ORDER BY entity, id")
    assert [(outcome.exit_code, outcome.error) for outcome in outcomes] == [(1, None)] * 2
    expected = [reason for _, reason in HOSTILE.values() if reason]
    for reason in expected:
        assert any(why.startswith(reason) for why, _ in named), reason
    whole = {record["id"] for record, (_, reason) in zip(odd, HOSTILE.values(), strict=True) if reason is None}
    assert whole | {"good"} <= ids
    assert {tries for _, tries in named} == {2}
    assert not any("alice" in why for why, _ in named)


def test_the_span_that_an_earlier_version_remembered_is_looked_at_again():
    fact = {
        "entity": "activity_logs",
        "id": "a place",
        "record_id": None,
        "reason": "no id",
        "tries": 1,
        "span": [1, 5],
    }
    state = {"unreadable": {"activity_logs a place": {**fact, "first_seen_at": 7, "is_undelivered": False}}}
    made = of_activity_logs(state, [])
    assert made.spans == [(1, 5)]
    assert "span" not in state["unreadable"]["activity_logs a place"]
