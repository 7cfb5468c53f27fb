"""Which answer is which error."""

import pytest

from sources.intercom.api.call import Call
from sources.intercom.api.errors import (
    AccessDenied,
    BadAnswer,
    GatewayRefused,
    IntercomError,
    InvalidRequest,
    NotFound,
    PageCursorRefused,
    RateLimited,
    ScrollOccupied,
    TokenRejected,
)
from sources.intercom.api.explanation import explained
from sources.intercom.api.http.refusals import error_for, failure_in


def error_of(method, path, status, body, **options):
    return error_for(failure_in(Call(method, path), status, body), body, {}, **options)


def envelope(code, message=None, request_id="000abc"):
    return {"type": "error.list", "request_id": request_id, "errors": [{"code": code, "message": message}]}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "parameter_invalid", InvalidRequest),
        (400, "intercom_version_invalid", InvalidRequest),
        (400, "scroll_exists", ScrollOccupied),
        (400, "client_error", InvalidRequest),
        (401, "unauthorized", TokenRejected),
        (402, None, AccessDenied),
        (403, "api_plan_restricted", AccessDenied),
        (404, "not_found", NotFound),
        (403, None, GatewayRefused),
        (403, "403", GatewayRefused),
        (404, None, GatewayRefused),
        (404, "", GatewayRefused),
        (404, 404, GatewayRefused),
        (406, None, InvalidRequest),
        (408, "request_timeout", BadAnswer),
        (409, "conflict", InvalidRequest),
        (422, "data_invalid", InvalidRequest),
        (429, "rate_limit_exceeded", RateLimited),
        (500, "server_error", BadAnswer),
        (502, None, BadAnswer),
        (504, None, BadAnswer),
    ],
)
def test_status_first_then_code(status, code, kind):
    error = error_of("GET", "/teams", status, envelope(code))
    assert type(error) is kind
    assert error.failure.status == status


def test_a_page_cursor_is_refused_only_where_one_was_sent():
    answer = "POST", "/tickets/search", 400, envelope("client_error")
    assert type(error_of(*answer, has_page_cursor=True)) is PageCursorRefused
    assert type(error_of(*answer)) is InvalidRequest


def test_a_page_cursor_is_refused_by_message_too():
    error = error_of("POST", "/tickets/search", 400, envelope("parameter_invalid", "Invalid starting_after param"))
    assert type(error) is PageCursorRefused


@pytest.mark.parametrize("code", ["server_error", "client_error", "scroll_exists"])
def test_a_5xx_is_trouble_of_the_server_whatever_its_code(code):
    assert type(error_of("GET", "/companies/scroll", 500, envelope(code))) is BadAnswer


def test_the_line_tells_endpoint_code_message_request_id_and_advice():
    error = error_of("GET", "/teams", 403, envelope("api_plan_restricted", "Active subscription needed."))
    line = "GET /teams answered 403 api_plan_restricted: Active subscription needed. (request id 000abc)"
    assert str(error).startswith(line)
    assert "--exclude" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"errors": None},
        {"errors": []},
        {"errors": ["text"]},
        {"errors": [{}]},
        {"errors": {"code": "not_found"}},
        {"type": "error.list", "errors": [{"code": None}]},
    ],
)
def test_any_body_gives_an_error_with_its_facts(body):
    error = error_of("GET", "/teams", 400, body)
    assert type(error) is InvalidRequest
    assert str(error).startswith("GET /teams answered 400")


def test_a_flat_error_object_is_read_as_well():
    error = error_of("GET", "/teams", 404, {"code": "team_not_found", "message": "Team not found"})
    assert (error.failure.code, error.failure.message) == ("team_not_found", "Team not found")


@pytest.mark.parametrize("message", [5, {"text": "no"}, True])
def test_a_message_that_is_no_text_is_no_crash(message):
    assert isinstance(error_of("GET", "/teams", 400, {"errors": [{"code": "x", "message": message}]}), IntercomError)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "unauthorized", AccessDenied),
        (401, None, AccessDenied),
        (403, "api_plan_restricted", AccessDenied),
        (401, "token_revoked", TokenRejected),
        (401, "token_expired", TokenRejected),
        (500, None, BadAnswer),
    ],
)
def test_a_401_of_one_resource_is_a_missing_permission_unless_the_token_has_ended(status, code, kind):
    error = error_of("GET", "/tags", status, envelope(code))
    assert type(explained(error, "tags")) is kind


@pytest.mark.parametrize("task", ["sweep_contacts", "audit_contacts"])
def test_what_no_sync_could_leave_out_is_not_said_to_be(task):
    error = explained(error_of("POST", "/contacts/search", 403, envelope("forbidden")), task)
    assert str(error).endswith("Give the app this permission in Intercom's Developer Hub (or check the plan).")


@pytest.mark.parametrize(
    ("path", "resource", "is_lacking"),
    [
        ("/news/news_items", "news_items", True),
        ("/news/news_items", "sweep_news_items", False),
        ("/contacts/5f/notes", "contacts", False),
        ("/export/content/data/abc", "content_export", False),
    ],
)
def test_only_of_a_whole_list_the_workspace_is_said_to_lack_it(path, resource, is_lacking):
    error = explained(error_of("GET", path, 404, envelope("not_found")), resource)
    assert ("This workspace does not seem to have it" in str(error)) == is_lacking


def test_a_message_that_ends_in_a_full_stop_gets_no_second_one():
    error = error_of("GET", "/tags", 403, envelope("api_plan_restricted", "Active subscription needed.", None))
    assert "needed. Give the app" in str(error)
