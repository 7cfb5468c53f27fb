"""The search language on conversations, tickets and contacts, and its errors."""

import pytest

from tests.support.simulated_api import SORTED


def post(api, entity, **body):
    return api.post(f"/{entity}/search", json=body)


def leaf(field, operator, value):
    return {"field": field, "operator": operator, "value": value}


def ids(records):
    return sorted(record["id"] for record in records)


def test_seconds_count_for_conversations_and_bounds_are_strict(api, truth, search):
    at = sorted(record["updated_at"] for record in truth["conversations"])[100]
    for operator, is_in in {
        ">": lambda time: time > at,
        "<": lambda time: time < at,
        ">=": lambda time: time >= at,
        "<=": lambda time: time <= at,
        "=": lambda time: time == at,
    }.items():
        found, pages = search(api, "conversations", leaf("updated_at", operator, at), per_page=30)
        expected = [record for record in truth["conversations"] if is_in(record["updated_at"])]
        assert ids(found) == ids(expected), operator
        assert {page["total_count"] for page in pages} == {len(expected)}
        assert [r["updated_at"] for r in found] == sorted(r["updated_at"] for r in expected)


def test_bounds_can_be_inclusive(lively, lively_api):
    at = lively.truth()["tickets"][0]["updated_at"]
    query = {"query": leaf("updated_at", ">", at)}
    strict = lively_api.post("/tickets/search", json=query).json()["total_count"]
    lively.knobs(inclusive_search_bounds=True)
    assert lively_api.post("/tickets/search", json=query).json()["total_count"] > strict


def test_days_can_count_for_conversations_too(lively, lively_api):
    at = max(record["updated_at"] for record in lively.truth()["conversations"])
    body = {"query": leaf("updated_at", ">", at - 1)}
    assert lively_api.post("/conversations/search", json=body).json()["total_count"] > 0
    lively.knobs(search_by_day=True)
    assert lively_api.post("/conversations/search", json=body).json()["total_count"] == 0
    body = {"query": leaf("updated_at", ">", at - 86_400)}
    assert lively_api.post("/conversations/search", json=body).json()["total_count"] > 0


def test_a_sort_can_be_accepted_and_ignored(lively, lively_api):
    body = {"query": leaf("updated_at", ">", 0), "pagination": {"per_page": 20}}

    def listed(entity, key, **fields):
        answer = lively_api.post(f"/{entity}/search", json=body | fields).json()
        return [record["id"] for record in answer[key]], answer["pages"]["next"]

    (unsorted, _), in_order = listed("tickets", "tickets"), listed("contacts", "data", sort=SORTED)
    assert listed("tickets", "tickets", sort=SORTED)[0] != unsorted
    lively.knobs(ignored_sort="conversations, tickets")
    assert listed("contacts", "data", sort=SORTED) == in_order
    first, following = listed("tickets", "tickets", sort=SORTED)
    assert first == unsorted
    second, _ = listed("tickets", "tickets", sort=SORTED, pagination={"per_page": 20, **following})
    assert set(first).isdisjoint(second)
    with pytest.raises(ValueError, match="unknown search"):
        lively.knobs(ignored_sort="companies")


def test_groups_combine_filters(api, truth, search):
    query = {
        "operator": "AND",
        "value": [
            leaf("created_at", ">", 0),
            {"operator": "OR", "value": [leaf("open", "=", True), leaf("state", "=", "snoozed")]},
            leaf("source.type", "IN", ["email", "conversation"]),
        ],
    }
    found, pages = search(api, "conversations", query, per_page=10)
    expected = [
        record
        for record in truth["conversations"]
        if record["state"] in {"open", "snoozed"} and record["source"]["type"] in {"email", "conversation"}
    ]
    assert expected
    assert ids(found) == ids(expected)
    assert pages[0]["total_count"] == len(expected)


@pytest.mark.parametrize(
    ("field", "operator", "value", "is_match"),
    [
        ("admin_assignee_id", "=", None, lambda r: r["admin_assignee_id"] is None),
        ("statistics.count_reopens", ">", 0, lambda r: (r["statistics"] or {}).get("count_reopens", 0) > 0),
        ("conversation_rating.score", ">=", 4, lambda r: (r["conversation_rating"] or {"rating": 0})["rating"] >= 4),
        ("conversation_rating.requested_at", ">", 0, lambda r: r["conversation_rating"] is not None),
        ("priority", "!=", "priority", lambda r: r["priority"] != "priority"),
        ("source.body", "~", "invoice", lambda r: "invoice" in (r["source"]["body"] or "")),
        (
            "source.author.type",
            "NIN",
            ["user", "lead"],
            lambda r: r["source"]["author"]["type"] not in {"user", "lead"},
        ),
    ],
)
def test_fields_of_conversations(api, truth, search, field, operator, value, is_match):
    found, _ = search(api, "conversations", leaf(field, operator, value))
    expected = [record for record in truth["conversations"] if is_match(record)]
    assert expected
    assert ids(found) == ids(expected)


def test_a_rating_is_replied_to_later_than_it_was_requested(api, truth, search):
    rated = {r["id"]: r["conversation_rating"] for r in truth["conversations"] if r["conversation_rating"]}
    latest_request = max(rating["created_at"] for rating in rated.values())
    found, _ = search(api, "conversations", leaf("conversation_rating.replied_at", ">", 0))
    assert ids(found) == sorted(rated)
    parts = [p for r in truth["conversations"] for p in r["conversation_parts"]["conversation_parts"]]
    given_at = [p["created_at"] for p in parts if p["part_type"] == "conversation_rating_changed"]
    assert max(given_at) > latest_request
    found, _ = search(api, "conversations", leaf("conversation_rating.replied_at", "=", max(given_at)))
    assert found


def test_people_and_tags_match_by_membership(api, truth, search):
    tagged = next(record for record in truth["conversations"] if record["tags"]["tags"])
    tag_id = tagged["tags"]["tags"][0]["id"]
    found, _ = search(api, "conversations", leaf("tag_ids", "=", tag_id))
    assert tagged["id"] in ids(found)
    assert all(tag_id in [tag["id"] for tag in record["tags"]["tags"]] for record in found)
    rich = max(truth["contacts"], key=lambda record: record["tags"]["total_count"])
    found, _ = search(api, "contacts", leaf("tag_id", "=", rich["tags"]["data"][20]["id"]))
    assert rich["id"] in ids(found)


def test_contacts_by_text_and_custom_attribute(api, truth, search):
    found, _ = search(api, "contacts", leaf("email", "$", "@example.com"))
    assert ids(found) == ids(r for r in truth["contacts"] if (r["email"] or "").endswith("@example.com"))
    found, _ = search(api, "contacts", leaf("custom_attributes.plan", "=", "pro"))
    assert ids(found) == ids(r for r in truth["contacts"] if r["custom_attributes"].get("plan") == "pro")


def test_tickets_by_attribute_number(api, truth, search):
    bug = next(each for each in truth["ticket_types"] if each["name"] == "Bug report")
    severity = next(each for each in bug["ticket_type_attributes"]["data"] if each["name"] == "Severity")
    found, _ = search(api, "tickets", leaf(f"ticket_attribute.{severity['id']}", "=", "high"))
    assert ids(found) == ids(r for r in truth["tickets"] if r["ticket_attributes"].get("Severity") == "high")


def test_any_word_but_ascending_means_descending(api):
    body = {"query": leaf("updated_at", ">", 0), "sort": {"field": "updated_at", "order": "asc"}}
    times = [record["updated_at"] for record in api.post("/conversations/search", json=body).json()["conversations"]]
    assert times == sorted(times, reverse=True)


def test_without_sort_the_order_is_not_by_time_but_complete(api, truth, search):
    found, _ = search(api, "conversations", leaf("updated_at", ">", 0), per_page=50, sort=None)
    times = [record["updated_at"] for record in found]
    assert times not in (sorted(times), sorted(times, reverse=True))
    assert ids(found) == ids(truth["conversations"])


def test_conversations_are_compared_and_sorted_by_id_as_a_number(api, truth):
    known = sorted(int(record["id"]) for record in truth["conversations"])
    for query, expected in ((leaf("id", ">", ""), known), (leaf("id", ">", str(known[3])), known[4:])):
        body = {"query": query, "sort": {"field": "id", "order": "ascending"}, "pagination": {"per_page": 150}}
        found = api.post("/conversations/search", json=body).json()["conversations"]
        assert [int(record["id"]) for record in found] == expected[:150]


def test_a_cursor_without_its_sort_is_a_server_error(api):
    body = {"query": leaf("updated_at", ">", 0), "sort": SORTED}
    cursor = api.post("/conversations/search", json=body).json()["pages"]["next"]["starting_after"]
    del body["sort"]
    response = api.post("/conversations/search", json={**body, "pagination": {"starting_after": cursor}})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (500, "server_error")


def test_milliseconds_find_nothing(api, search):
    assert search(api, "conversations", leaf("updated_at", ">", 1_700_000_000_000))[0] == []
    assert search(api, "contacts", leaf("updated_at", ">", 1_700_000_000_000_000))[0] == []


QUERY_ERRORS = [
    ({"query": leaf("id", "=", "1"), "random_param": 1}, 400, "bad_request", "bad 'random_param' parameter"),
    ({}, 400, "invalid_query", None),
    ({"query": {"operator": "AND"}}, 400, "invalid_query", None),
    ({"query": {"field": "id", "operator": "="}}, 400, "invalid_query", None),
    ({"query": leaf("not_a_field", "=", "1")}, 400, "invalid_field", "not_a_field is not a valid field"),
    ({"query": leaf("email", ">", "1")}, 400, "invalid_operator", "email does not support operator: >"),
    ({"query": leaf("email", "AND", "1")}, 500, "server_error", None),
    ({"query": leaf("updated_at", ">=", 1)}, 400, "invalid_operator", "updated_at does not support operator: >="),
    ({"query": leaf("email", "=", 123)}, 400, "invalid_value", "123 is not a valid string"),
    ({"query": leaf("email", "IN", ["a"] * 11)}, 400, "invalid_values", "Value depth exceeds 10 items"),
    (
        {"query": {"operator": "XOR", "value": [leaf("id", "=", "1")]}},
        400,
        "invalid_operator",
        "Composite operators must be of type AND or OR ",
    ),
    (
        {"query": {"operator": "AND", "value": [leaf("id", "=", "1")] * 16}},
        400,
        "invalid_value",
        "Number of elements in composite query is greater than 15, please try again with a smaller list",
    ),
]


@pytest.mark.parametrize(("body", "status", "code", "message"), QUERY_ERRORS)
def test_what_a_search_may_not_ask(api, body, status, code, message):
    response = api.post("/contacts/search", json=body)
    error = response.json()["errors"][0]
    assert (response.status_code, error["code"]) == (status, code)
    assert message in {None, error["message"]}


def test_groups_nest_two_deep_at_most(api):
    deep = {"operator": "AND", "value": [leaf("id", "!=", "1")]}
    assert post(api, "contacts", query={"operator": "OR", "value": [deep]}).status_code == 200
    deeper = {"operator": "AND", "value": [{"operator": "OR", "value": [deep]}]}
    assert post(api, "contacts", query=deeper).json()["errors"][0]["code"] == "invalid_query"


def test_a_ticket_attribute_is_named_by_its_number(api):
    error = post(api, "tickets", query=leaf("ticket_attribute.Severity", "=", "x")).json()["errors"][0]
    assert error["message"] == "The request ticket attribute ID is not a valid integer"


def test_heavy_pages_can_time_out(lively, lively_api):
    lively.knobs(heavy_search_per_page=40)
    body = {"query": leaf("updated_at", ">", 0), "pagination": {"per_page": 41}}
    heavy = lively_api.post("/conversations/search", json=body)
    assert (heavy.status_code, heavy.headers["Content-Type"].split(";")[0]) == (504, "text/html")
    body["pagination"]["per_page"] = 40
    assert lively_api.post("/conversations/search", json=body).status_code == 200
