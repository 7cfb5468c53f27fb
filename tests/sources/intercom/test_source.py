"""The source through dlt into a database, from servers that answer oddly."""

import pytest

from sources.intercom import TABLES
from tests.support.network.loopback import Loopback, Reply
from tests.support.workspace import load, records, rows

NOW = 1_772_366_400
DATE = {"Date": "Sun, 01 Mar 2026 13:00:00 GMT"}
TOKEN = "token"  # noqa: S105 - of a server in this file

ODD_VALUES = [
    ("ticket_attributes", "text where an object belongs"),
    ("ticket_attributes", 5),
    ("ticket_attributes", True),
    ("ticket_attributes", [1, "a", None, {"b": "c"}]),
    ("undeclared_text", "nul \x00 inside"),
    ("undeclared_number", 2**70),
    ("snoozed_until", "tomorrow"),
    ("snoozed_until", 1.5),
    ("open", "yes"),
    ("open", 3),
    ("open", "maybe"),
    ("is_shared", {"odd": 1}),
    ("category", {"odd": {"er": 1}}),
    ("category", ["a"]),
    ("category", 7),
    ("ticket_state", False),
    ("created_at", None),
    ("linked_objects", {"data": [{"id": 1, "category": ["x"]}], "total_count": "many"}),
    ("contacts", {"contacts": [None, "c", {"id": None}, {"id": 5}]}),
    ("ticket_parts", {"ticket_parts": [{"id": 1, "attachments": [None]}, None]}),
    ("new list", [{"a": 1}, {"a": "b"}]),
    ("Weird Näme!", "x"),
    ("", "x"),
    ("long" * 60, "x"),
    ("_is_emptied", True),
    ("_dlt_id", "taken"),
    ("_dlt_load_id", "taken"),
    ("select", "a word of SQL"),
    ("Category", "the same name in another case"),
    ("undeclared_float", 1e300),
]


def ticket(ticket_id, **fields):
    return {"type": "ticket", "id": ticket_id, "updated_at": NOW, "ticket_parts": {"ticket_parts": []}} | fields


class Workspace(Loopback):
    """Answers with `contents` by path, and with empty lists elsewhere."""

    token = TOKEN

    def __init__(self, contents, id_code="abc"):
        self.contents = {"/me": {"type": "admin", "app": {"type": "app", "id_code": id_code, "name": "T"}}} | contents
        super().__init__(self._answer)

    def _answer(self, request):
        content = self.contents.get(request.path, {"type": "list", "data": []})
        return content if isinstance(content, Reply) else Reply(content, headers=DATE)


def test_odd_values_neither_fail_the_load_nor_hide_other_records(tmp_path):
    database = tmp_path / "odd.duckdb"
    odd = [ticket(str(number), **{field: value}) for number, (field, value) in enumerate(ODD_VALUES)]
    with Workspace({"/tickets/search": {"tickets": [*odd, ticket("good", category="Tracker")]}}) as server:
        outcome = load(server, database, "tickets")
    assert (outcome.error, outcome.exit_code) == (None, 1)
    named = "SELECT entity, reason FROM intercom_raw.unreadable_records ORDER BY id"
    assert rows(database, named) == [("ticket_contacts", "contact_id is missing")] * 2  # "c" and {"id": None}
    loaded = {record["id"]: record for record in records(database, "tickets")}
    assert len(loaded) == len(ODD_VALUES) + 1
    assert loaded["good"]["category"] == "Tracker"


@pytest.mark.parametrize("refusal", [401, 402, 403, 404, 500])
def test_one_refused_resource_fails_alone(tmp_path, refusal):
    database = tmp_path / "partly.duckdb"
    contents = {
        "/tags": {"data": [{"type": "tag", "id": 1, "name": "vip"}]},
        "/teams": Reply({"type": "error.list", "errors": [{"code": "refused"}]}, refusal),
    }
    with Workspace(contents) as server:
        outcome = load(server, database, "tags", "teams")
    assert outcome.status == "failed"
    assert [report.resource for report in outcome.report.failures] == ["teams"]
    assert rows(database, "SELECT id, name FROM intercom_raw.tags") == [("1", "vip")]
    assert rows(database, "SELECT count(*) FROM intercom_raw.teams") == [(0,)]
    status = dict(rows(database, "SELECT resource, status FROM intercom_raw.sync_resources"))
    assert (status["tags"], status["teams"]) == ("complete", "failed")


def test_a_refused_list_leaves_what_was_loaded_before(tmp_path):
    database = tmp_path / "kept.duckdb"
    with Workspace({"/tags": {"data": [{"type": "tag", "id": 1, "name": "vip"}]}}) as server:
        load(server, database, "tags")
        server.contents["/tags"] = Reply(b"", 403)
        assert load(server, database, "tags").status == "failed"
        assert rows(database, "SELECT id FROM intercom_raw.tags") == [("1",)]
        server.contents["/tags"] = {"data": []}
        assert load(server, database, "tags").status == "complete"
    assert rows(database, "SELECT id FROM intercom_raw.tags") == []


def test_lists_that_become_empty_disappear_and_parts_stay(tmp_path):
    database = tmp_path / "emptied.duckdb"
    part = {"id": 5, "attachments": [{"name": "a.png"}]}
    full = ticket(
        "1",
        contacts={"contacts": [{"id": "c"}]},
        tags={"tags": [{"id": 7, "name": "vip"}]},
        linked_objects={"data": [{"id": 3, "type": "ticket"}]},
        ticket_parts={"ticket_parts": [part, {"id": 6}]},
    )
    other = full | {"id": "2", "ticket_parts": {"ticket_parts": [{"id": 8}]}}
    emptied = ticket(
        "1", updated_at=NOW + 60, contacts=None, tags={"tags": []}, ticket_parts={"ticket_parts": [{"id": 5}]}
    )
    with Workspace({"/tickets/search": {"tickets": [full, other]}}) as server:
        load(server, database, "tickets")
        server.contents["/tickets/search"] = {"tickets": [other, emptied]}
        assert load(server, database, "tickets").status == "complete"
    for table in ("contacts", "tags", "linked_objects"):
        assert rows(database, f"SELECT ticket_id FROM intercom_raw.ticket_{table}") == [("2",)]
    assert rows(database, "SELECT id FROM intercom_raw.ticket_parts ORDER BY id") == [("5",), ("6",), ("8",)]
    assert rows(database, "SELECT count(*) FROM intercom_raw.ticket_part_attachments") == [(0,)]


def test_every_table_is_there_with_its_columns_after_a_first_empty_run(tmp_path):
    database = tmp_path / "empty.duckdb"
    no_data = {"job_identifier": "j", "status": "no_data"}
    with Workspace({"/export/content/data": no_data, "/export/content/data/j": no_data}) as server:
        outcome = load(server, database, everything=True, settings={"visitor_user_ids": []})
        assert [str(report.error) for report in outcome.report.failures] == []
    found = rows(database, "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'intercom_raw'")
    wanted = {(table.name, column) for table in TABLES.values() for column in table.columns}
    assert wanted <= set(found)


def test_a_failed_load_is_not_told_as_complete(tmp_path):
    database = tmp_path / "ledger.duckdb"
    nameless = {"/tickets/search": {"tickets": [{"updated_at": NOW}]}, "/tags": {"data": [{"id": "1", "name": "a"}]}}
    with Workspace(nameless) as server:
        assert load(server, database, "tags", "tickets").status == "failed"
    status = {record["resource"]: record["status"] for record in records(database, "sync_resources")}
    assert status["tickets"] == "failed"
    assert (status["tags"] == "complete") == (rows(database, "SELECT id FROM intercom_raw.tags") == [("1",)])
