"""Notifications of real runs, sent over HTTP to a server on this machine."""

import json

import pytest

from tests.support.loopback import Loopback, Reply

pytestmark = pytest.mark.usefixtures("empty_tables")

WEBHOOK = "/services/T0/B0/secret-of-the-webhook"
ACCESS = "SOURCES__INTERCOM__ACCESS_TOKEN"


@pytest.fixture
def chat():
    """A chat that answers with the statuses in `answers`, then with 200."""
    answers = []
    with Loopback(lambda request: Reply(b"ok", status=answers.pop(0) if answers else 200)) as server:
        server.answers = answers
        yield server


def texts(chat):
    assert {(request.method, request.path) for request in chat.requests} <= {("POST", WEBHOOK)}
    return [request.body["text"] for request in chat.requests]


@pytest.fixture
def sync(invoke, chat):
    def call(*arguments, **settings):
        ended = invoke("sync", "tags", "--no-transform", *arguments, NOTIFICATIONS__URL=chat.url + WEBHOOK, **settings)
        assert WEBHOOK not in "".join(ended[1:]), "the webhook is a secret"
        return ended

    return call


def test_failures_and_the_first_success_after_them_are_told(sync, chat):
    assert sync()[0] == 0
    assert sync(**{ACCESS: "wrong"})[0] == 64
    assert sync(**{ACCESS: ""})[0] == 64
    assert sync()[0] == 0
    assert sync()[0] == 0
    refused, missing, again = texts(chat)
    assert "intercom-elt sync failed on intercom_data.duckdb" in refused
    assert "answered 401" in refused
    assert "wrong" not in refused.replace("wrong arguments", "")
    assert "No access token" in missing
    assert "works again" in again


def test_a_resource_that_fails_is_named(sync, chat, simulator):
    simulator.knobs(missing_scopes="tags")
    try:
        assert sync()[0] == 1
    finally:
        simulator.knobs(missing_scopes="")
    (text,) = texts(chat)
    assert "• tags: GET /tags answered 403" in text


def test_what_is_told_can_be_chosen(sync, chat):
    assert sync(NOTIFICATIONS__ON='["success"]')[0] == 0
    assert sync(NOTIFICATIONS__ON='["success"]', **{ACCESS: "wrong"})[0] == 64
    (text,) = texts(chat)
    assert "is complete on intercom_data.duckdb (" in text


@pytest.mark.parametrize(("answers", "count", "warnings"), [([500, 429], 3, 0), ([404], 1, 1), ([500, 502, 503], 3, 1)])
def test_a_chat_that_answers_badly_is_asked_again_where_that_helps(sync, chat, answers, count, warnings):
    chat.answers += answers
    code, _, errors = sync("--log-format", "json", NOTIFICATIONS__ON='["success"]')
    assert (code, len(chat.requests)) == (0, count)
    assert [json.loads(line)["event"] for line in errors.splitlines()].count("warning") == warnings


def test_a_chat_that_is_away_changes_nothing_but_a_warning(invoke):
    url = "http://127.0.0.1:1/secret-of-the-webhook"
    code, _, errors = invoke("sync", "tags", "--no-transform", NOTIFICATIONS__URL=url, NOTIFICATIONS__ON='["success"]')
    assert code == 0
    assert "The notification was not sent: ConnectError" in errors
    assert "secret-of-the-webhook" not in errors


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"NOTIFICATIONS__URL": "hooks.slack.com/secret"}, "has to start with https://"),
        ({"NOTIFICATIONS__URL": "https://x", "NOTIFICATIONS__ON": '["failures"]'}, "failure, recovery, success"),
    ],
)
def test_settings_that_cannot_be_used_are_said_before_anything_is_read(invoke, settings, advice):
    code, _, errors = invoke("sync", "tags", **settings)
    assert code == 64
    assert advice in errors
    assert "secret" not in errors


def test_other_variables_are_not_taken_for_the_webhook(invoke, chat):
    assert invoke("sync", "tags", "--no-transform", URL=chat.url, ON='["success"]')[0] == 0
    assert chat.requests == []
