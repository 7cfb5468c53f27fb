"""A workspace filled from a folder of NDJSON files."""

import re

import orjson
import pytest

from simulator import SimulatorProcess
from simulator.clock import Clock
from simulator.options import Options
from simulator.recorded_workspace import fill_from_folder
from simulator.search.dialect import contact_dialect
from simulator.search.filters import compile_query
from tests.support.simulated_api import NOW, client_of


def test_a_workspace_survives_being_written_and_read(lively, tmp_path):
    lively.mutate(2, kinds=["silent_tag_archived"])
    truth = lively.truth()
    assert any(one["tags"]["total_count"] > len(one["tags"]["data"]) for one in truth["contacts"])
    for entity, records in truth.items():
        (tmp_path / f"{entity}.ndjson").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    with SimulatorProcess(fill_from=str(tmp_path), now=NOW) as simulator:
        simulator.clock(frozen=True)
        again = simulator.truth()
        old_events = ("data_events", "data_event_summaries")
        assert {k: v for k, v in again.items() if k not in old_events} == {
            k: v for k, v in truth.items() if k not in old_events
        }
        ordered = sorted(again["data_events"], key=orjson.dumps)
        assert ordered == sorted(truth["data_events"], key=orjson.dumps)
        assert len(simulator.mutate(100)) == 100
        simulator.mutate(12, kinds=["ticket_created", "contact_created", "company_created"])
        for entity, number in (("tickets", "ticket_id"), ("contacts", "external_id"), ("companies", "company_id")):
            given = [record[number] for record in simulator.truth()[entity] if record[number] is not None]
            assert len(given) == len(set(given)), entity


def test_records_as_the_api_shows_them_are_enough(api, tmp_path):
    contacts = api.get("/contacts", params={"per_page": 20}).json()["data"]
    listed = api.get("/conversations").json()["conversations"]
    files = {
        "contacts.ndjson": contacts,
        "conversations.jsonl": listed,
        "admins.ndjson": api.get("/admins").json()["admins"],
    }
    for name, records in files.items():
        (tmp_path / name).write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    with SimulatorProcess(fill_from=str(tmp_path)) as simulator, client_of(simulator) as filled:
        assert filled.get("/contacts", params={"per_page": 50}).json()["total_count"] == 20
        shown = filled.get(f"/conversations/{listed[0]['id']}").json()
        assert shown["conversation_parts"]["conversation_parts"] == []
        assert {key: shown[key] for key in listed[0]} == listed[0]


def test_a_workspace_without_recorded_teammates_still_says_who_it_is(tmp_path):
    (tmp_path / "contacts.ndjson").write_bytes(orjson.dumps({"id": "1", "created_at": 1, "updated_at": 1}))
    with SimulatorProcess(fill_from=str(tmp_path)) as simulator, client_of(simulator) as filled:
        assert filled.get("/me").json()["app"]["id_code"]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("tags", '{"id": "5"', "unexpected end of data"),
        ("tags", "null", "no JSON object"),
        ("tags", "[1]", "no JSON object"),
        ("tags", '{"name": "x"}', "a record of tags without an id"),
        ("odd", '{"entity": "tags", "record": {"id": " "}}', "a record of tags without an id"),
        ("contacts", '{"id": "1", "created_at": 1}', "updated_at of a record of contacts is no number of unix seconds"),
        ("companies", '{"id": "1", "updated_at": "today"}', "updated_at of a record of companies is no number"),
        ("workspace", '{"timezone": "Auckland"}', "timezone must be an IANA name, not 'Auckland'"),
        ("workspace", '{"timezone": null}', "timezone must be of type str, not None"),
        ("data_events", '{"event_name": "x", "created_at": 1}', "without the intercom_user_id of its contact"),
    ],
)
def test_a_line_that_is_no_record_is_named(tmp_path, name, line, said):
    file = tmp_path / f"{name}.ndjson"
    file.write_text(f"\n{line}\n")
    with pytest.raises(ValueError, match=re.escape(f"{file}, line 2: ") + f".*{re.escape(said)}"):
        fill_from_folder(Options(fill_from=str(tmp_path)), Clock(0))


def test_a_record_is_found_by_its_id_also_where_that_was_written_as_a_number(tmp_path):
    (tmp_path / "tags.ndjson").write_text('\ufeff{"id": 5, "type": "tag", "name": "VIP"}\r\n{"id": "²"}\n')
    workspace = fill_from_folder(Options(fill_from=str(tmp_path)), Clock(0))
    assert workspace.tags.get("5") == {"id": "5", "type": "tag", "name": "VIP"}
    assert workspace.next_id("tag") == "6"


def test_office_hours_are_those_of_the_recorded_time_zone(tmp_path):
    (tmp_path / "workspace.ndjson").write_text('{"type": "app", "timezone": "Pacific/Auckland"}')
    workspace = fill_from_folder(Options(fill_from=str(tmp_path), office_hours="mon 09:00-17:00"), Clock(0))
    sunday_evening = 1_772_398_800  # 2026-03-01 21:00 in UTC, Monday 10:00 in Auckland
    assert workspace.office_hours.seconds_between(sunday_evening, sunday_evening + 60) == 60


def test_an_empty_folder_does_not_start(tmp_path):
    with pytest.raises(RuntimeError, match="did not start"):
        SimulatorProcess(fill_from=str(tmp_path)).start()


BARE = (
    *("companies", "contacts", "conversations", "tickets", "segments", "articles", "collections", "newsfeeds", "tags"),
    *("admins", "teams", "data_attributes", "help_centers", "news_items", "subscription_types", "ticket_types"),
    "visitors",
)
READ = (
    *("companies/scroll", "companies", "contacts", "conversations", "segments", "articles", "help_center/collections"),
    *("news/newsfeeds", "tags", "contacts/1/companies", "companies/1/contacts", "companies/1/segments", "tickets/1"),
    *("contacts/1", "contacts/1/tags", "contacts/1/notes", "contacts/1/segments", "contacts/1/subscriptions"),
    *("conversations/1", "me", "admins?display_avatar=true", "admins/1", "teams", "data_attributes?model=contact"),
    *("subscription_types", "ticket_types", "segments?include_count=true", "segments?type=company&include_count=true"),
    *("help_center/help_centers", "news/news_items", "news/newsfeeds/1/items", "companies?tag_id=1"),
    *("companies?segment_id=1", "events?type=user&intercom_user_id=1"),
    "events?type=user&intercom_user_id=1&summary=true",
)
LOOKED_UP = (
    *("companies?name=x", "companies?company_id=x", "events?type=user&email=x", "events?type=user&user_id=x"),
    "visitors?user_id=x",
)


def test_what_is_missing_from_recorded_records_fails_no_request(tmp_path):
    """One that fails ends the test."""
    for entity in BARE:
        (tmp_path / f"{entity}.ndjson").write_text('{"id": "1", "created_at": 1, "updated_at": 1}')
    with SimulatorProcess(fill_from=str(tmp_path)) as simulator, client_of(simulator) as filled:
        for path in READ:
            assert filled.get(f"/{path}").status_code == 200, path
        for path in LOOKED_UP:
            assert filled.get(f"/{path}").status_code == 404, path
        for entity in ("contacts", "conversations", "tickets"):
            asked = {"query": {"field": "updated_at", "operator": "=", "value": 1}}
            assert filled.post(f"/{entity}/search", json=asked).json()["total_count"] == 1, entity


def test_a_custom_attribute_of_a_type_that_search_does_not_know_is_compared_as_text(tmp_path):
    attribute = {"model": "contact", "name": "Languages", "custom": True, "data_type": "list"}
    contact = {"id": "1", "created_at": 1, "updated_at": 1, "custom_attributes": {"Languages": "de"}}
    for entity, record in (("data_attributes", attribute), ("contacts", contact)):
        (tmp_path / f"{entity}.ndjson").write_bytes(orjson.dumps(record))
    workspace = fill_from_folder(Options(fill_from=str(tmp_path)), Clock(0))
    query = {"field": "custom_attributes.Languages", "operator": "=", "value": "de"}
    found = compile_query(query, contact_dialect(workspace))
    assert found.matches(workspace.contacts.get("1"))


def test_a_list_that_names_what_was_not_recorded_is_answered_without_it(tmp_path):
    named = {"data": [{"id": "9"}]}
    contact = {"id": "1", "created_at": 1, "updated_at": 1, "segments": named, "opted_in_subscription_types": named}
    (tmp_path / "contacts.ndjson").write_bytes(orjson.dumps(contact))
    with SimulatorProcess(fill_from=str(tmp_path)) as simulator, client_of(simulator) as filled:
        for name in ("segments", "subscriptions"):
            assert filled.get(f"/contacts/1/{name}").json()["data"] == []
        assert simulator.truth()["contacts"][0]["segments"]["data"] == []
