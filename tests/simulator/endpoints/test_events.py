"""Data events of a contact, by pages in milliseconds and as summaries; visitors."""

import pytest


@pytest.fixture(scope="module")
def busy(truth):
    """The contact with most events."""
    counts = {}
    for event in truth["data_events"]:
        counts[event["intercom_user_id"]] = counts.get(event["intercom_user_id"], 0) + 1
    contact_id = max(counts, key=counts.get)
    return next(contact for contact in truth["contacts"] if contact["id"] == contact_id)


def pages_of(client, params):
    url, pages = "/events", []
    while url:
        pages.append(client.get(url, params=params).json())
        url, params = pages[-1]["pages"].get("next"), None
    return pages


def test_every_listed_event_comes_once_newest_first(api, truth, busy):
    expected = [event for event in truth["data_events"] if event["intercom_user_id"] == busy["id"]]
    for per_page in (1, 7, 50):
        pages = pages_of(api, {"type": "user", "intercom_user_id": busy["id"], "per_page": per_page})
        found = [event for page in pages for event in page["events"]]
        assert found == expected[::-1]
    assert len(expected) > 50
    seconds = [event["created_at"] for event in expected]
    assert len(set(seconds)) < len(seconds)
    assert any("id" not in event for event in truth["data_events"])


def test_events_end_without_a_link_with_null_or_with_an_empty_page(lively, lively_api):
    contact_id = lively.truth()["data_events"][0]["intercom_user_id"]
    params = {"type": "user", "intercom_user_id": contact_id}
    whole = pages_of(lively_api, params)
    assert "next" not in whole[-1]["pages"]
    lively.knobs(null_next=True)
    assert pages_of(lively_api, params)[-1]["pages"]["next"] is None
    lively.knobs(events_end_empty=True)
    *pages, last = pages_of(lively_api, params)
    assert [page["events"] for page in pages] == [page["events"] for page in whole]
    assert last["events"] == []


def test_since_gives_only_what_is_newer(lively, lively_api):
    who = lively.mutate(1, kinds=["event_happened"])[0]["id"]
    lively.reset()
    lively.clock(frozen=True)
    first = lively_api.get("/events", params={"type": "user", "intercom_user_id": who}).json()
    since = first["pages"]["since"]
    assert lively_api.get(since).json()["events"] == []
    assert lively.mutate(1, kinds=["event_happened"])[0]["id"] == who
    assert len(lively_api.get(since).json()["events"]) == 1


def test_events_older_than_90_days_are_only_counted(api, quiet, busy):
    old = [line["record"] for line in quiet.gone()["data_events"] if line["record"]["intercom_user_id"] == busy["id"]]
    assert old
    summary = api.get("/events", params={"type": "user", "intercom_user_id": busy["id"], "summary": "true"}).json()
    assert summary["type"] == "event.summary"
    listed = sum(event["intercom_user_id"] == busy["id"] for event in quiet.truth()["data_events"])
    assert sum(each["count"] for each in summary["events"]) == listed + len(old)
    assert summary["events"][0]["first"].endswith("+00:00")


def test_a_person_is_found_by_any_of_three_ids_and_only_as_a_user(api, busy):
    by_id = api.get("/events", params={"type": "user", "intercom_user_id": busy["id"]}).json()["events"]
    assert api.get("/events", params={"type": "user", "email": busy["email"]}).json()["events"] == by_id
    unknown = api.get("/events", params={"type": "user", "user_id": "nobody"})
    assert (unknown.status_code, unknown.json()["errors"][0]["message"]) == (404, "User Not Found")
    assert api.get("/events", params={"intercom_user_id": busy["id"]}).status_code == 400


def test_a_visitor_is_looked_up_by_its_user_id(api, truth):
    visitor = truth["visitors"][0]
    assert api.get("/visitors", params={"user_id": visitor["user_id"]}).json() == visitor
    unknown = api.get("/visitors", params={"user_id": "nobody"})
    assert (unknown.status_code, unknown.json()["errors"][0]["message"]) == (404, "Visitor Not Found")
    leads = {contact["external_id"] for contact in truth["contacts"] if contact["role"] == "lead"}
    assert visitor["user_id"] in leads
