"""Notifications of real runs, sent over HTTP to a server on this machine."""

import json
from contextlib import suppress

import pytest
import typer

from pipelines.destination import working_folder
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.notifications.notifying import notifying
from pipelines.notifications.post import NotSent, post
from pipelines.stop import Stop
from tests.support.network.loopback import Loopback, Reply

pytestmark = pytest.mark.usefixtures("empty_tables")

WEBHOOK = "/services/T0/B0/secret-of-the-webhook"
ACCESS = "SOURCES__INTERCOM__ACCESS_TOKEN"
DONE = typer.Exit(ExitCode.DONE)


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


def test_a_resource_that_fails_is_named(sync, chat, troubled):
    troubled.knobs(missing_scopes="tags")
    assert sync()[0] == 1
    (text,) = texts(chat)
    assert "• tags: GET /tags answered 403" in text


def test_what_is_told_can_be_chosen(sync, chat):
    assert sync(NOTIFICATIONS__ON='["success"]')[0] == 0
    assert sync(NOTIFICATIONS__ON='["success"]', **{ACCESS: "wrong"})[0] == 64
    (text,) = texts(chat)
    assert "is complete on intercom_data.duckdb (" in text


@pytest.mark.usefixtures("no_waiting_between_attempts")
@pytest.mark.parametrize(("answers", "count", "warnings"), [([500, 429], 3, 0), ([404], 1, 1), ([500, 502, 503], 3, 1)])
def test_a_chat_that_answers_badly_is_asked_again_where_that_helps(sync, chat, answers, count, warnings):
    chat.answers += answers
    code, _, errors = sync("--log-format", "json", NOTIFICATIONS__ON='["success"]')
    assert (code, len(chat.requests)) == (0, count)
    assert [json.loads(line)["event"] for line in errors.splitlines()].count("warning") == warnings


@pytest.mark.usefixtures("no_waiting_between_attempts")
def test_a_chat_that_is_away_changes_nothing_but_a_warning(invoke):
    url = "http://127.0.0.1:1/secret-of-the-webhook"
    code, _, errors = invoke("sync", "tags", "--no-transform", NOTIFICATIONS__URL=url, NOTIFICATIONS__ON='["success"]')
    assert code == 0
    assert "The notification was not sent: ConnectError" in errors
    assert "secret-of-the-webhook" not in errors


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"ALL_PROXY": "socks5://127.0.0.1:9"}, "ImportError"),  # needs a library of its own
        ({"SSL_CERT_FILE": __file__}, "SSLError"),
        ({"SSL_CERT_FILE": "/nowhere"}, "FileNotFoundError"),
    ],
)
def test_a_chat_that_cannot_be_asked_from_here_is_told_as_one_that_is_away(monkeypatch, settings, error):
    """Any other error would take the place of what the run ended with."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NotSent, match=error):
        post("http://127.0.0.1:1/x", "ended")


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"NOTIFICATIONS__URL": "hooks.slack.com/secret"}, "has to start with https:// (http:// in your own"),
        ({"NOTIFICATIONS__URL": "https://x", "NOTIFICATIONS__ON": '["failures"]'}, "failure, recovery, success"),
    ],
)
def test_settings_that_cannot_be_used_are_said_before_anything_is_read(invoke, settings, advice):
    code, _, errors = invoke("sync", "tags", **settings)
    assert code == 64
    assert advice in errors
    assert "secret" not in errors


def test_models_whose_settings_are_wrong_are_told_by_every_command_that_reads_them(invoke, chat, tmp_path):
    wrong = tmp_path / "models.toml"
    wrong.write_text("office_hours = nine to five")
    for command in ("sync", "sweep", "transform"):
        assert invoke(command, "--settings", wrong, NOTIFICATIONS__URL=chat.url + WEBHOOK)[0] == 64
    assert ["models.toml cannot be used" in text for text in texts(chat)] == [True] * 3


def told(monkeypatch, chat, *ends):
    """End a command in each of these ways (None: it returns), each in a process of its own for dlt."""
    monkeypatch.setenv("NOTIFICATIONS__URL", chat.url + WEBHOOK)
    for end in ends:
        working_folder._process.cache_clear()
        with suppress(typer.Exit, Stop, KeyboardInterrupt), notifying("sync", Target(), Display(is_quiet=True)):
            if end is not None:
                raise end
    return texts(chat)


@pytest.mark.parametrize("done", [DONE, None])
def test_another_process_knows_since_when_a_command_fails(monkeypatch, chat, tmp_path, done):
    monkeypatch.chdir(tmp_path)
    failed, again = told(monkeypatch, chat, Stop("broken", ExitCode.FAILED), done, done)
    assert "broken" in failed
    assert "works again" in again


@pytest.mark.parametrize("folder", ["/dev/full/dlt", "/proc/dlt"])
def test_a_folder_in_which_nothing_can_be_noted_keeps_no_failure_from_the_chat(monkeypatch, chat, tmp_path, folder):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLT_DATA_DIR", folder)
    (text,) = told(monkeypatch, chat, Stop("no space left", ExitCode.FAILED))
    assert "no space left" in text


def test_a_failure_of_which_the_chat_heard_nothing_is_still_known_when_it_is_over(monkeypatch, chat, tmp_path):
    monkeypatch.chdir(tmp_path)
    chat.answers.append(404)
    assert "works again" in told(monkeypatch, chat, Stop("broken", ExitCode.FAILED), DONE)[-1]


def test_a_command_that_is_stopped_is_told(monkeypatch, chat, tmp_path):
    monkeypatch.chdir(tmp_path)
    (text,) = told(monkeypatch, chat, KeyboardInterrupt())
    assert "stopped, by SIGTERM" in text


def test_other_variables_are_not_taken_for_the_webhook(invoke, chat):
    assert invoke("sync", "tags", "--no-transform", URL=chat.url, ON='["success"]')[0] == 0
    assert chat.requests == []
