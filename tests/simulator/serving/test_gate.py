"""Token, version, media types, unknown paths: what every request passes."""

import pytest


def error_of(response):
    body = response.json()
    assert body["type"] == "error.list"
    assert len(body["request_id"]) == 20
    return response.status_code, body["errors"][0]["code"], body["errors"][0]["message"]


@pytest.mark.parametrize("headers", [{"Authorization": ""}, {"Authorization": "Bearer wrong"}])
def test_a_bad_token_is_refused_without_rate_headers(lively, lively_api, headers):
    lively.knobs(rate_limit=10_000)
    response = lively_api.get("/me", headers=headers)
    assert error_of(response) == (401, "unauthorized", "Access Token Invalid")
    assert not [name for name in response.headers if name.startswith("x-ratelimit")]


def test_an_unknown_path_is_not_found(api):
    assert error_of(api.get("/nothing/here")) == (404, "not_found", "Resource Not Found")
    assert error_of(api.delete("/tags/1"))[0] == 404


@pytest.mark.parametrize(
    "path", ["/calls", "/ticket_states", "/conversations/deleted", "/companies/123/notes", "/brands"]
)
def test_a_path_of_a_later_version_is_refused(api, path):
    message = "Requested resource is not available in current API version"
    assert error_of(api.get(path)) == (400, "intercom_version_invalid", message)


def test_an_unknown_version_is_refused(api):
    assert error_of(api.get("/me", headers={"Intercom-Version": "2.99"}))[:2] == (400, "intercom_version_invalid")


def test_a_body_that_is_not_json_is_refused(api):
    headers = {"Content-Type": "application/json"}
    assert error_of(api.post("/contacts/search", content=b"{", headers=headers))[:2] == (400, "parameter_invalid")
    assert api.post("/contacts/search", content=b"a=b", headers={"Content-Type": "text/plain"}).status_code == 415
    assert api.get("/me", headers={"Accept": "text/html"}).status_code == 406


def test_the_date_header_tells_the_simulators_clock(api):
    assert api.get("/me").headers["Date"].startswith("Tue, 10 Mar 2026 12:0")


def test_control_needs_no_token_and_names_what_it_knows(api):
    response = api.get("/_simulator/nothing", headers={"Authorization": ""})
    assert response.status_code == 404
    assert "POST mutate" in response.json()["error"]
    assert api.post("/_simulator/knobs", json={"sead": 1}).status_code == 400
