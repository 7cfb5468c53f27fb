"""Answers that are no HTTP: each is a bad answer of its own resource, said in words that quote nothing of it."""

import json
import traceback
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources.intercom.api.errors import BadAnswer, InvalidRequest
from sources.intercom.api.http.client import Client
from tests.support.network.broken_http import BODY, BROKEN, CHUNKED, LENGTH, NAME, BrokenServer, answer, whole
from tests.support.workspace import load, rows

ATTEMPTS = 2
LAST = b"Connection: close"  # as the server does behind each answer


@pytest.fixture(scope="module")
def server():
    with BrokenServer({}) as made:
        yield made


@pytest.fixture(scope="module")
def client(server):
    with Client.connect(server.url, "token", 1.0, 1) as made:
        yield made


@pytest.mark.parametrize("case", BROKEN)
def test_an_answer_that_is_no_http_is_asked_for_again_and_said_without_its_bytes(server, client, case):
    server.answers["/tags"], words = BROKEN[case]
    server.asked.clear()
    with pytest.raises(BadAnswer, match=words) as caught:
        client.get("/tags", attempts=ATTEMPTS)
    assert server.asked == ["/tags"] * ATTEMPTS
    shown = "".join(traceback.format_exception(caught.value))
    assert NAME.decode() not in shown
    assert "aiohttp" not in shown
    assert client.get("/other", attempts=1).data["data"][0]["name"] == NAME.decode()


def test_a_reason_and_headers_that_are_no_text_do_no_harm(server, client):
    server.answers["/tags"] = answer(LENGTH, LAST, b"X-Odd: \xff\xfe", status=b"HTTP/1.1 200 \xff" + NAME)
    assert client.get("/tags", attempts=1).data["data"][0]["name"] == NAME.decode()
    server.answers["/tags"] = answer(LENGTH, LAST, b"Location: http://\xff\xfe/", status=b"HTTP/1.1 302 \xff")
    with pytest.raises(InvalidRequest) as caught:
        client.get("/tags", attempts=1)
    assert str(caught.value).encode()


@pytest.mark.parametrize(
    "sent",
    [
        answer(LENGTH).replace(b"\r\n", b"\n"),
        answer(b"X-Name: a", b"\tb", LENGTH),
        answer(b"X-Name: \x01\x0b\x7f", LENGTH),
        answer(CHUNKED, body=b"%x \r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    ],
    ids=["lines that end in LF alone", "a header of two lines", "controls in a header", "a blank behind a chunk size"],
)
def test_what_is_oddly_written_and_ends_where_it_says_is_read(server, client, sent):
    line_end = b"\r\n" if b"\r\n" in sent else b"\n"
    server.answers["/tags"] = sent.replace(line_end, line_end + LAST + line_end, 1)
    assert client.get("/tags", attempts=1).data == json.loads(BODY)


@given(sent=st.binary(max_size=300), has_head=st.booleans())
@example(sent=b"\r\n", has_head=True)
def test_any_bytes_are_an_answer_or_a_bad_one(server, client, sent, has_head):
    server.answers["/tags"] = answer(sent) if has_head else sent
    with suppress(BadAnswer):
        assert isinstance(client.get("/tags", attempts=1).data, dict)


def test_a_download_that_breaks_off_is_a_bad_answer(server, client, tmp_path):
    server.answers["/download"], words = BROKEN["half a chunk"]
    with pytest.raises(BadAnswer, match=words):
        client.download("/download", tmp_path / "file", lambda file: None)


# A path that a resource asks first, and what answers there.
OF_RESOURCES = {
    "tags": ("/tags", "a chunk size that is none"),
    "segments": ("/segments", "a length too small"),
    "admins": ("/admins", "a negative length"),
    "teams": ("/teams", "two lengths"),
    "subscription_types": ("/subscription_types", "a header without colon"),
    "articles": ("/articles", "a header of 100 kB"),
    "help_centers": ("/help_center/help_centers", "2,000 headers"),
    "newsfeeds": ("/news/newsfeeds", "HTTP/0.9"),
    "ticket_types": ("/ticket_types", "garbage"),
    "companies": ("/companies/scroll", "TLS that refuses"),
    "contacts": ("/contacts/search", "half a body"),
    "conversations": ("/conversations/search", "a reset"),
}
ME = {"type": "admin", "app": {"type": "app", "id_code": "abc", "name": "T"}}
TICKETS = {
    "tickets": [{"type": "ticket", "id": "5", "updated_at": 1_772_366_400, "ticket_parts": {"ticket_parts": []}}]
}


def test_each_broken_answer_ends_its_own_resource_and_no_other(tmp_path):
    answers = {path: BROKEN[case][0] for path, case in OF_RESOURCES.values()}
    for path, content in (("/me", ME), ("/tickets/search", TICKETS)):
        answers[path] = whole(json.dumps(content).encode())
    with BrokenServer(answers) as server:
        outcome = load(server, tmp_path / "broken.duckdb", *OF_RESOURCES, "tickets")
    said = {failure.resource: str(failure.error) for failure in outcome.report.failures}
    assert (outcome.exit_code, outcome.error) == (1, None)
    assert said.keys() == OF_RESOURCES.keys()
    for resource, (_, case) in OF_RESOURCES.items():
        assert BROKEN[case][1] in said[resource]
    assert rows(tmp_path / "broken.duckdb", "SELECT id FROM intercom_raw.tickets") == [("5",)]
    assert not any(NAME in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
