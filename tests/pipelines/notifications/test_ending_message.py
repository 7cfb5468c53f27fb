"""What a chat is told: enough to act on, and nothing secret or personal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.destination.failures.quoted_values import LONGEST_REASON, without_values
from pipelines.exit_code import ExitCode
from pipelines.journal.outcome import Outcome
from pipelines.notifications.ending_message import MOST_LINES, Ending, shown
from pipelines.notifications.post import body
from pipelines.run.begin.identify import MAY_NOT_ASK
from pipelines.stop import Stop
from sources.intercom.api.errors import AccessDenied, BadAnswer, Failure, IncompleteListing, RecordDenied, TokenRejected
from sources.intercom.configuration import ConfigurationError

SLACK = "https://hooks.slack.com/services/T0/B0/x"
TEAMS = "https://prod-1.westeurope.logic.azure.com:443/workflows/x"


def failed(*reasons, code=ExitCode.FAILED):
    return Ending("sync", "support.duckdb", code, list(reasons))


def test_a_failure_names_command_target_code_and_reasons():
    first, second = failed("tags: GET /tags answered 403. Check it.").text(None).splitlines()
    assert first == (
        "intercom-elt sync failed on support.duckdb: not complete; what was loaded stays, run again (exit code 1)."
    )
    assert second == "• tags: GET /tags answered 403. Check it."


def test_many_reasons_are_counted():
    lines = failed(*(f"check c{number} failed" for number in range(MOST_LINES + 3))).text(None).splitlines()
    assert len(lines) == MOST_LINES + 2
    assert lines[-1] == "… and 3 more"


def test_the_first_success_after_failures_says_since_when_it_failed():
    ending = Ending("sweep", "support.duckdb", facts="3 rows, 5 calls in 2 s")
    assert (ending.occasions(None), ending.occasions(1_767_225_600)) == ({"success"}, {"recovery", "success"})
    assert ending.text(1_767_225_600) == (
        "intercom-elt sweep works again on support.duckdb, after failing since 2026-01-01 00:00 UTC "
        "(3 rows, 5 calls in 2 s)."
    )


@pytest.mark.parametrize(
    "reason",
    [
        "loading: DatabaseError: Could not convert string 'ada@example.com' to INT64",
        'loading: DatabaseError: invalid input syntax for type bigint: "ada lovelace"',
        "loading: UniqueViolation: Key (email, name)=(ada@example.com, ada lovelace) already exists",
        "loading: could not connect to postgresql://ada:lovelace@db.example.com/support",
        "User <ada@example.com> is unknown",
    ],
)
def test_values_in_errors_are_not_repeated(reason):
    ending, stopped = failed(), failed()
    ending.take_outcome(Outcome([], error=reason, build_error=reason))
    refused = Stop(reason, ExitCode.FAILED)
    refused.__cause__ = ValueError(reason)
    stopped.take_error(refused)
    for text in (ending.text(None), stopped.text(None)):
        assert "ada" not in text
        assert "lovelace" not in text


def test_the_words_of_a_server_are_left_out_and_ours_are_kept():
    theirs = AccessDenied(Failure("GET", "/tags", 403, "forbidden", "no token ada", "r1"), "tags")
    assert shown(theirs).startswith("GET /tags answered 403 forbidden (request id r1). Give the app this permission")
    ours = IncompleteListing(Failure("POST", "/contacts/search", message="12 of 13 came"))
    assert "12 of 13 came" in shown(ours)


def test_what_to_do_arrives_whole_with_its_apostrophes_and_what_it_quotes():
    rejected = TokenRejected(Failure("GET", "/me", 401, "unauthorized", "no token 'ada'", "r1"))
    rejected.advice = f"{rejected.advice} If they are right: {MAY_NOT_ASK}"
    refused, stopped = failed(), Stop(str(rejected), ExitCode.WRONG_USE)
    stopped.__cause__ = rejected
    refused.take_error(stopped)
    whole = f"GET /me answered 401 unauthorized (request id r1). {rejected.advice}"
    assert (refused.reasons, refused.text(None).splitlines()[1]) == ([whole], f"• {whole}")
    assert "workspace's own. If they are right: Give the app" in whole
    denied = RecordDenied(Failure("GET", "/conversations/1", 403, message='of "ada"'))
    assert shown(denied).endswith(f". {denied.advice}")
    assert '"Read tickets"' in shown(denied)
    unshaped = BadAnswer(Failure("GET", "/tags", message="no list: {'email': 'ada@example.com'}"))
    assert "ada" not in shown(unshaped)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Stop("Another run is going on.", ExitCode.FAILED), 1, "Another run is going on."),
        (ConfigurationError("No access token."), 64, "No access token."),
        (
            Stop("It isn't Intercom's: 'ada'. Give \"Read tags\".", ExitCode.FAILED),
            1,
            "It isn't Intercom's: …. Give \"Read tags\".",
        ),
        (KeyError("ada@example.com is no number"), 1, "KeyError; the log of the run says more"),
    ],
)
def test_a_command_that_could_not_begin_is_a_failure_with_its_reason(error, code, said):
    ending = Ending("sync", "support.duckdb")
    ending.take_error(error)
    assert (ending.code, ending.reasons, ending.occasions(None)) == (code, [said], {"failure"})


@given(st.text())
def test_a_line_stays_one_printable_line(text):
    line = without_values(text)
    assert line.isprintable()
    assert len(line) <= LONGEST_REASON + 1


def test_slack_is_not_made_to_call_everybody():
    assert body(SLACK, "a <!channel> & b") == {"text": "a &lt;!channel&gt; &amp; b"}


def test_teams_gets_a_card_with_a_line_for_each_line():
    sent = body(TEAMS, "first <1>\n• second")
    assert sent["type"] == "message"
    (attachment,) = sent["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in attachment["content"]["body"]] == ["first <1>", "• second"]
