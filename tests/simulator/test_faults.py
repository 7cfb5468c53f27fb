"""Faults on demand: what each does, and to whom."""

import time

import httpx
import pytest

from simulator import SimulatorProcess
from tests.support.simulated_api import client_of


def test_a_fault_strikes_its_operation_as_often_as_asked(lively, lively_api):
    lively.faults({"kind": "error", "operation": "listTags", "status": 503, "times": 2, "skip": 1})
    assert [lively_api.get("/tags").status_code for _ in range(5)] == [200, 503, 503, 200, 200]
    assert lively_api.get("/teams").status_code == 200
    assert [entry["fault"] for entry in lively.requests()] == [None, "error", "error", None, None, None]


def test_every_nth_request_until_taken_out(lively, lively_api):
    lively.faults({"kind": "error", "times": 0, "every": 3})
    assert [lively_api.get("/me").status_code for _ in range(6)] == [500, 200, 200, 500, 200, 200]
    lively.faults()
    assert {lively_api.get("/me").status_code for _ in range(4)} == {200}


def test_429_with_and_without_headers(lively, lively_api):
    lively.faults(
        {"kind": "rate_limited", "retry_after_seconds": 3},
        {"kind": "rate_limited", "headers": False},
    )
    full, bare = lively_api.get("/me"), lively_api.get("/me")
    assert (full.status_code, bare.status_code) == (429, 429)
    assert (full.headers["X-RateLimit-Remaining"], full.headers["Retry-After"]) == ("0", "3")
    assert int(full.headers["X-RateLimit-Reset"]) == lively.clock() + 1
    assert not {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"} & set(bare.headers)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_errors_as_json_and_as_html(lively, lively_api, status):
    lively.faults({"kind": "error", "status": status}, {"kind": "error", "status": status, "html": True})
    json, html = lively_api.get("/me"), lively_api.get("/me")
    assert json.status_code == html.status_code == status
    assert json.json()["type"] == "error.list"
    assert html.headers["Content-Type"].startswith("text/html")
    assert "nginx" in html.text


def test_an_empty_answer(lively, lively_api):
    lively.faults({"kind": "empty"})
    response = lively_api.get("/tags")
    assert (response.status_code, response.content) == (200, b"")


def test_a_list_that_is_cut_looks_whole(lively, lively_api):
    lively.faults({"kind": "cut", "operation": "ListContacts", "total_count": 3})
    cut, whole = (lively_api.get("/contacts", params={"per_page": 5}).json() for _ in range(2))
    assert cut["data"] == whole["data"]
    assert ("next" in cut["pages"], cut["total_count"]) == (False, 3)
    assert "next" in whole["pages"]


def test_a_scroll_that_is_cut_ends(lively, lively_api):
    lively.faults({"kind": "cut", "operation": "scrollOverAllCompanies"})
    assert lively_api.get("/companies/scroll").json()["data"] == []
    assert lively_api.get("/companies/scroll").json()["data"], "it is over, and the next one may begin"


def test_a_truncated_answer(lively, lively_api):
    lively.faults({"kind": "truncated"})
    with pytest.raises(httpx.RemoteProtocolError):
        lively_api.get("/tags")
    assert lively_api.get("/tags").status_code == 200


def test_a_reset_connection(lively, lively_api):
    lively.faults({"kind": "reset"})
    with pytest.raises(httpx.TransportError):
        lively_api.get("/tags")
    assert lively_api.get("/tags").status_code == 200
    assert [entry["status"] for entry in lively.requests()] == [0, 200]
    assert lively.counters()["statuses"] == {"0": 1, "200": 1}


def test_a_slow_answer(lively, lively_api):
    lively.faults({"kind": "slow", "delay_seconds": 0.3})
    started = time.monotonic()
    assert lively_api.get("/tags").json()["data"]
    assert time.monotonic() - started >= 0.3


def test_a_record_that_vanishes_between_list_and_detail(lively, lively_api):
    listed = lively_api.get("/conversations").json()["conversations"]
    lively.faults({"kind": "not_found", "operation": f"/conversations/{listed[1]['id']}"})
    answers = [lively_api.get(f"/conversations/{each['id']}") for each in listed[:3]]
    assert [answer.status_code for answer in answers] == [200, 404, 200]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("contacts/{}", "not_found"),
        ("contacts/{}/tags", "not_found"),
        ("companies/{}", "company_not_found"),
        ("companies/{}/contacts", "company_not_found"),
        ("conversations/{}", "not_found"),
        ("tickets/{}", "ticket_not_found"),
        ("admins/{}", "admin_not_found"),
        ("teams/{}", "team_not_found"),
        ("tags/{}", "not_found"),
    ],
)
def test_a_record_that_vanished_is_missing_as_one_that_never_was(lively, lively_api, path, code):
    never = lively_api.get(path.format("never"))
    some_id = lively.truth()[path.split("/")[0]][0]["id"]
    lively.faults({"kind": "not_found"})
    vanished = lively_api.get(path.format(some_id))
    for answer in (never, vanished):
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, code)
    assert vanished.json()["errors"] == never.json()["errors"]


def test_an_answer_is_altered_in_one_place(lively, lively_api):
    whole = lively_api.get("/tags").json()
    for at, json in (
        ("data.1.id", "1e999"),
        ("data.2", "[" * 2_000 + "]" * 2_000),
        ("data.999.id", "1e998"),
        ("no.such", "1e997"),
    ):
        lively.faults({"kind": "altered", "operation": "listTags", "places": {at: json}})
        content = lively_api.get("/tags").text
        assert (json in content) is (at in {"data.1.id", "data.2"})
    assert lively_api.get("/tags").json() == whole


def test_a_page_shows_one_record_twice_and_hides_another(lively, lively_api):
    ids = [tag["id"] for tag in lively_api.get("/tags").json()["data"]]
    lively.faults({"kind": "repeated", "operation": "listTags"})
    assert [tag["id"] for tag in lively_api.get("/tags").json()["data"]] == [*ids[:-1], ids[0]]


def test_an_error_may_come_with_the_status_of_success(lively, lively_api):
    lively.faults({"kind": "error_as_success", "operation": "listTags", "code": "not_found", "message": "Gone"})
    answer = lively_api.get("/tags")
    assert (answer.status_code, answer.json()["type"], answer.json()["errors"][0]["code"]) == (
        200,
        "error.list",
        "not_found",
    )


def test_a_scroll_breaks_down_or_expires(lively, lively_api):
    scroll = {"operation": "scrollOverAllCompanies", "skip": 1}
    lively.faults({"kind": "scroll_failed", **scroll}, {"kind": "scroll_expired", **scroll, "skip": 2})
    token = lively_api.get("/companies/scroll").json()["scroll_param"]
    broken = lively_api.get("/companies/scroll", params={"scroll_param": token})
    assert broken.status_code == 500
    assert "Please restart the scroll operation." in broken.json()["errors"][0]["message"]
    token = lively_api.get("/companies/scroll").json()["scroll_param"]
    expired = lively_api.get("/companies/scroll", params={"scroll_param": token})
    assert (expired.status_code, expired.json()["errors"][0]["message"]) == (404, "scroll parameter not found")
    assert lively_api.get("/companies/scroll").status_code == 200


def test_faults_can_be_there_from_the_start():
    faults = '[{"kind": "error", "status": 502}]'
    with SimulatorProcess(contacts=5, conversations=5, faults=faults) as simulator, client_of(simulator) as api:
        assert [api.get("/me").status_code for _ in range(2)] == [502, 200]


def test_an_unknown_fault_is_refused(lively):
    with pytest.raises(ValueError, match="kind must be one of"):
        lively.faults({"kind": "nonsense"})
    with pytest.raises(ValueError, match="unknown in a fault"):
        lively.faults({"kind": "empty", "sometimes": 1})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"operation": "listTag"}, "never strike 'listTag'"),
        ({"operation": "/contacts/{id}"}, "never strike"),
        ({"operation": "/tags/"}, "never strike"),
        ({"delay_seconds": "2"}, "delay_seconds of a fault must be a number"),
        ({"probability": "0.5"}, "probability of a fault must be above 0"),
        ({"operation": "/contact/1"}, "no operation and no path"),
        ({"every": 0}, "every of a fault must be a whole number of at least 1"),
        ({"times": "2"}, "times of a fault must be a whole number of at least 0"),
        ({"skip": -1}, "skip of a fault"),
        ({"probability": 0}, "probability of a fault"),
        ({"count_acted": 1}, "unknown in a fault: count_acted"),
    ],
)
def test_a_fault_that_would_never_strike_is_refused(lively, wrong, message):
    with pytest.raises(ValueError, match=message):
        lively.faults({"kind": "empty"}, {"kind": "empty", **wrong})
    assert lively._get("faults")["faults"] == [], "none is in force then"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"status": status} for status in (600, 100, 204, 304)),
        *({"retry_after_seconds": seconds} for seconds in ("1\n", -1, 1.5, True)),
        {"places": ["data.0.id"]},
        {"places": {"data.0.id": 1}},
    ],
)
def test_a_fault_at_which_the_simulator_would_fail_is_refused(lively, wrong):
    [name] = wrong
    with pytest.raises(ValueError, match=f"{name} of a fault must be"):
        lively.faults({"kind": "altered", **wrong})


def test_a_server_in_front_may_have_a_status_of_its_own(lively, lively_api):
    lively.faults({"kind": "error", "status": 520, "html": True})
    answer = lively_api.get("/me")
    assert (answer.status_code, "<h1>520 Unknown</h1>" in answer.text) == (520, True)


@pytest.mark.parametrize("kind", ["altered", "cut", "repeated"])
def test_a_file_is_left_as_it_is(lively, lively_api, kind):
    path = completed_export(lively, lively_api)
    whole = lively_api.get(path)
    lively.faults({"kind": kind, "places": {"data.0.id": "1"}})
    assert whole.content.startswith(b"PK")
    assert lively_api.get(path).content == whole.content


def completed_export(simulator, api):
    simulator.knobs(export_polls=1)
    asked = {"created_at_after": 0, "created_at_before": simulator.clock()}
    job = api.post("/export/content/data", json=asked).json()["job_identifier"]
    assert api.get(f"/export/content/data/{job}").json()["status"] == "completed"
    return f"/download/content/data/{job}"


@pytest.mark.parametrize("kind", ["slow", "truncated"])
def test_a_redirect_that_comes_slowly_or_cut_still_says_where(lively, lively_api, kind):
    lively.knobs(export_redirects=True)
    path = completed_export(lively, lively_api)
    lively.faults({"kind": kind, "operation": "downloadDataExport", "delay_seconds": 0.01})
    answer = lively_api.get(path)
    assert (answer.status_code, "/_signed/" in answer.headers["Location"]) == (302, True)


@pytest.mark.parametrize(("status", "code"), [(403, "forbidden"), (401, "token_unauthorized")])
def test_a_missing_scope_closes_its_area_only(lively, lively_api, status, code):
    lively.knobs(missing_scopes="tickets,activity_logs", missing_scope_status=status)
    refused = lively_api.get("/ticket_types")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (status, code)
    assert lively_api.get("/me").status_code == lively_api.get("/tags").status_code == 200


def test_a_plan_can_leave_areas_out(lively, lively_api):
    lively.knobs(restricted_areas="conversations, activity_logs")
    for path, message in (
        ("/conversations", "Active subscription needed."),
        ("/admins/activity_logs?created_at_after=1", "This feature is not yet available to your app"),
    ):
        response = lively_api.get(path)
        assert response.status_code == 403
        assert response.json()["errors"][0] == {"code": "api_plan_restricted", "message": message}


def test_the_defect_of_conversation_search_is_one_of_version_2_10(lively, lively_api):
    lively.knobs(conversation_search_defect=True)
    body = {"query": {"field": "updated_at", "operator": ">", "value": 0}}
    refused = lively_api.post("/conversations/search", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (404, "User Not Found")
    older = lively_api.post("/conversations/search", json=body, headers={"Intercom-Version": "2.9"})
    assert (older.status_code, older.headers["Intercom-Version"]) == (200, "2.9")
    assert lively_api.post("/tickets/search", json=body).status_code == 200
