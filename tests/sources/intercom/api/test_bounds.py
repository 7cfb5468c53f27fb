"""Nothing that a server sends takes memory or time without end."""

import gzip
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.errors import AnswerTooLarge, BadAnswer, IncompleteListing, InvalidRequest
from sources.intercom.api.http.rate_limit import RateLimit, server_time, wait_seconds
from sources.intercom.api.lists.pagination import listed, searched
from sources.intercom.configuration.bounds import Bounds
from tests.support.network.loopback import Reply

QUERY = {"field": "updated_at", "operator": ">", "value": 0}


def bounded(client, **bounds):
    return replace(client, bounds=Bounds(**bounds))


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_unpacks_to_more_than_is_allowed_is_given_up_at_once(serve, status):
    bomb = gzip.compress(b'{"a": "' + b" " * 5_000_000)
    server, client = serve(lambda request: Reply(bomb, status=status, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(AnswerTooLarge, match=r"max_answer_megabytes = 2\b.*raise the setting"):
        bounded(client, max_answer_megabytes=2).get("/teams")
    assert len(server.requests) == 1


def test_a_page_that_is_too_large_is_asked_for_in_halves(serve):
    def answer(request):
        count = request.body["pagination"]["per_page"]
        return {"tickets": [{"id": "1", "body": "x" * 20_000 * count}], "pages": {}}

    _, client = serve(answer)
    [page] = searched(bounded(client, max_answer_megabytes=1), "/tickets/search", "tickets", QUERY, None, 150)
    assert len(page.records[0]["body"]) < 1_000_000


def test_an_answer_that_drips_is_given_up(serve):
    drip = Reply(b'{"data": []}' + b" " * 40, drip_seconds=0.02)
    _, client = serve(lambda request: drip, bounds=Bounds(max_answer_seconds=0.2))
    began_at = time.monotonic()
    with pytest.raises(AnswerTooLarge, match=r"not whole after max_answer_seconds = 0\.2"):
        client.get("/teams")
    assert time.monotonic() - began_at < 5


def endless(request):
    """A new record and a new page cursor, for ever."""
    number = int(request.query.get("starting_after") or 0) + 1
    return {"data": [{"id": str(number)}], "pages": {"next": {"starting_after": str(number)}}, "total_count": 25}


def test_paging_beyond_what_intercom_counts_ends(serve):
    _, client = serve(endless)
    with pytest.raises(IncompleteListing, match=r"1,051 records were listed of 25, and there is a next page"):
        list(listed(client, "/tags"))


def test_paging_without_a_count_ends_at_the_setting(serve):
    _, client = serve(lambda request: {**endless(request), "total_count": None})
    with pytest.raises(IncompleteListing, match="max_pages = 40 pages"):
        list(listed(bounded(client, max_pages=40), "/tags"))


NUMBERS = st.sampled_from(["9" * 400, "-" + "9" * 400, "1e999", "nan", "inf", "-inf", "", "0", "1", "x", "9" * 5_000])


@given(NUMBERS | st.text(), NUMBERS | st.text(), NUMBERS | st.text(), NUMBERS | st.text())
def test_no_header_of_the_rate_limit_does_harm(limit, remaining, reset, retry_after):
    headers = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    window = RateLimit.from_headers(headers)
    if window is not None:
        assert 0 < window.limit * 0.9 < 1e8
        assert 0 <= window.seconds_left <= 10
    assert 1 <= wait_seconds(headers | {"retry-after": retry_after}) <= 60


@given(
    st.text() | st.sampled_from(["Sun, 01 Mar 99999 12:00:00 GMT", "1 Jan 1 00:00", "Mon, 1 Jan 0001 00:00:00 -9999"])
)
def test_no_date_does_harm(date):
    assert server_time({"date": date}) is None or server_time({"date": date}) > 0


SIGNED = "X-Amz-Credential=secret&X-Amz-Signature=secret"
MOVED = r"moved to https://elsewhere\.example/teams; set base_url under \[sources\.intercom\] to that scheme and host"


@pytest.mark.parametrize(
    ("status", "location", "error", "said"),
    [
        (302, "https://elsewhere.example/", InvalidRequest, r"redirects /teams to https://elsewhere\.example/\. "),
        (301, f"https://elsewhere.example/teams?{SIGNED}", InvalidRequest, MOVED),
        (308, "//me:secret@elsewhere.example/teams", InvalidRequest, MOVED.replace("https", "http")),
        (301, f"/login?{SIGNED}", InvalidRequest, r"redirects /teams to http://127\.0\.0\.1:\d+/login\. "),
        (301, f"http://[::1?{SIGNED}", InvalidRequest, r"the server redirects /teams to http://\[::1\. "),
        (302, None, InvalidRequest, r"the server redirects /teams\. "),
        (304, None, BadAnswer, r"answered 304: an answer without content"),
        (304, "/teams", BadAnswer, r"answered 304: an answer without content"),
    ],
)
def test_a_redirect_says_where_to_without_what_may_be_signed(serve, status, location, error, said):
    headers = {} if location is None else {"Location": location}
    _, client = serve(lambda request: Reply(b"", status=status, headers=headers))
    with pytest.raises(error, match=said) as raised:
        client.get("/teams", attempts=2)
    assert "None" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_wrong_length_is_said(serve):
    _, client = serve(lambda request: Reply(b'{"data": []}', is_cut=True))
    with pytest.raises(BadAnswer):
        client.get("/teams")
