"""One request: what is sent, which answers are tried again, and what is told when nothing helps."""

import gzip
import socket
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from importlib import metadata
from threading import Event

import pytest
import stamina

from sources.intercom.api.errors import (
    BadAnswer,
    ErrorWithoutStatus,
    GatewayRefused,
    InvalidRequest,
    NotFound,
    PageCursorRefused,
    RateLimited,
    Stopped,
    TokenRejected,
    Unreachable,
)
from sources.intercom.api.http.client import Client, Tally
from sources.intercom.api.http.rate_limit import Pacer
from sources.intercom.rows.validation import is_too_deep
from tests.support.network.absent import NetworkThatWasAway
from tests.support.network.loopback import GATEWAY_NOT_FOUND, Reply

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def in_turn(*replies):
    """Answer with each of `replies`, the last one from then on."""
    left = list(replies)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def test_a_request_names_token_version_what_it_accepts_and_what_it_comes_from(serve):
    server, client = serve(in_turn({}))
    client.get("/teams")
    client.post("/contacts/search", {"a": 1})
    get, post = (request.headers for request in server.requests)
    assert get == {
        "host": server.url.removeprefix("http://"),
        "accept": "application/json",
        "accept-encoding": "gzip",
        "authorization": "Bearer token",
        "intercom-version": "2.10",
        "user-agent": f"intercom-elt/{metadata.version('intercom-elt')}",
    }
    assert post == get | {"content-type": "application/json", "content-length": "7"}


def test_parameters_that_are_none_are_left_out(serve):
    server, client = serve(in_turn({}))
    client.get("/contacts", starting_after=None, per_page=150)
    assert server.requests[0].query == {"per_page": "150"}


def test_the_answer_carries_intercoms_clock(serve):
    _, client = serve(in_turn(Reply({"id": 1}, headers={"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}), Reply({"id": 2})))
    assert (client.get("/a").server_at, client.get("/a").server_at) == (1_772_366_400, None)


@pytest.mark.parametrize(
    "trouble",
    [
        Reply({"type": "error.list", "errors": [{"code": "server_error"}]}, 500),
        Reply(HTML, 502, {"Content-Type": "text/html"}),
        Reply(HTML, 503),
        Reply(b"", 504),
        GATEWAY_NOT_FOUND,
        Reply({"type": "error.list", "errors": [{"code": "request_timeout"}]}, 408),
        Reply(b"", 200),
        Reply(HTML, 200, {"Content-Type": "text/html"}),
        Reply(b'{"type": "list", "da', 200),
        Reply({"type": "list"}, 200, is_cut=True),
        Reply([1, 2], 200),
        Reply(b"null", 200),
        Reply({"type": "error.list", "errors": [{"code": "rate_limit_exceeded"}]}, 429, {"Retry-After": "0.01"}),
    ],
    ids=lambda reply: f"{reply.status} {str(reply.content)[:20]}",
)
def test_what_passes_after_a_moment_is_asked_again(serve, trouble):
    server, client = serve(in_turn(trouble, trouble, {"id": "1"}))
    assert client.get("/teams").data == {"id": "1"}
    assert client.post("/contacts/search", {}).data == {"id": "1"}
    assert (client.tally.calls, client.tally.retries) == (4, 2) == (len(server.requests), 2)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "unauthorized", TokenRejected),
        (404, "not_found", NotFound),
        (400, "parameter_invalid", InvalidRequest),
        (422, "data_invalid", InvalidRequest),
    ],
)
def test_what_stays_wrong_is_asked_once(serve, status, code, error):
    server, client = serve(in_turn(Reply({"type": "error.list", "errors": [{"code": code}]}, status)))
    with pytest.raises(error):
        client.get("/teams")
    assert len(server.requests) == 1


def test_only_a_page_cursor_that_was_sent_can_be_refused(serve):
    _, client = serve(in_turn(Reply({"errors": [{"code": "client_error"}]}, 400)))
    for call in (
        lambda: client.get("/data_attributes", model="company"),
        lambda: client.post("/tickets/search", {"pagination": {"per_page": 150}}),
    ):
        with pytest.raises(InvalidRequest):
            call()
    for call in (
        lambda: client.get("/contacts", starting_after="c"),
        lambda: client.post("/tickets/search", {"pagination": {"per_page": 150, "starting_after": "c"}}),
    ):
        with pytest.raises(PageCursorRefused):
            call()


def test_trouble_that_stays_ends_in_an_error_with_the_facts(serve):
    server, client = serve(in_turn(Reply(HTML, 502)))
    with pytest.raises(BadAnswer, match=r"GET /teams answered 502"):
        client.get("/teams", attempts=4)
    assert len(server.requests) == 4


def test_a_network_that_was_away_takes_no_try_from_bad_answers(serve):
    server, client = serve(in_turn(Reply(HTML, 502), Reply(HTML, 502), {}))
    away = replace(client.quick(), http=NetworkThatWasAway(client.http, 3))
    away.get("/teams")
    assert len(server.requests) == 3


def test_a_wrong_host_is_told_soon(serve):
    server, client = serve(in_turn(GATEWAY_NOT_FOUND))
    with pytest.raises(GatewayRefused, match=r"GET /me answered 404\. .*check base_url"):
        client.get("/me")
    assert len(server.requests) == 3


def test_refusals_are_counted_and_hold_every_thread(serve):
    told = {"X-RateLimit-Limit": "166", "X-RateLimit-Remaining": "166", "X-RateLimit-Reset": "1", "Retry-After": "0.01"}
    _, client = serve(in_turn(Reply({"errors": [{"code": "rate_limit_exceeded"}]}, 429, told), {}))
    client.get("/teams")
    assert client.tally == Tally(calls=2, retries=1, rate_limited=1)
    assert client.pacer.limit == 166


def test_a_call_that_waits_for_a_refusal_to_end_is_told_at_once_that_the_run_stops(serve):
    _, client = serve(in_turn(Reply({"errors": [{"code": "rate_limit_exceeded"}]}, 429, {"Retry-After": "60"})))
    stop = Event()
    stopping = replace(client, stop=stop, pacer=Pacer(0.9))
    with stamina.set_testing(False), ThreadPoolExecutor() as executor:
        call = executor.submit(stopping.get, "/teams")
        while not client.tally.rate_limited:
            assert not wait([call], timeout=0.01).done
        stop.set()
        with pytest.raises(Stopped, match="interrupted"):
            call.result(timeout=20)
    assert client.tally == Tally(calls=1, retries=1, rate_limited=1)


def test_a_refusal_that_stays_says_so(serve):
    _, client = serve(in_turn(Reply({"errors": [{"code": "rate_limit_exceeded"}]}, 429, {"Retry-After": "0.01"})))
    with stamina.set_testing(True, attempts=2), pytest.raises(RateLimited, match="--max-rate-share"):
        client.get("/teams")


def test_a_host_that_refuses_is_unreachable_and_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        Client.connect(f"http://127.0.0.1:{port}", "token", 0.9, 1) as client,
        pytest.raises(Unreachable, match=rf"127\.0\.0\.1:{port}/me.*base_url"),
    ):
        client.get("/me", attempts=2)


def test_the_token_is_in_no_message(serve):
    _, client = serve(in_turn(Reply({"errors": [{"code": "unauthorized"}]}, 401)))
    with pytest.raises(TokenRejected) as caught:
        client.get("/me")
    assert "Bearer" not in str(caught.value)
    assert "token;" not in repr(caught.value.failure)


def test_each_resource_counts_its_own_calls(serve):
    _, client = serve(in_turn({}))
    mine, yours = Tally(), Tally()
    client.counting(mine).get("/a")
    client.counting(mine).get("/b")
    client.counting(yours).get("/c")
    assert (mine.calls, yours.calls, client.tally.calls) == (2, 1, 0)
    assert client.counting(mine).pacer is client.pacer


def test_bytes_that_do_not_unpack_are_a_bad_answer(serve):
    _, client = serve(lambda request: Reply(b"not gzip", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(BadAnswer):
        client.get("/teams")


def test_an_answer_that_is_packed_in_two_members_is_whole(serve):
    members = gzip.compress(b'{"id": ') + gzip.compress(b'"1"}')
    _, client = serve(lambda request: Reply(members, headers={"Content-Encoding": "gzip"}))
    assert client.get("/conversations/1").data == {"id": "1"}


def test_half_an_emoji_does_not_make_an_answer_unreadable(serve):
    _, client = serve(lambda request: Reply(b'{"id": "1", "title": "cut \\ud83d"}'))
    assert client.get("/conversations/1").data["id"] == "1"


def test_a_nul_that_no_warehouse_holds_is_replaced_in_its_text_alone(serve):
    content = rb'{"title": "a\u0000b", "body": "a path: c:\\u0000", "list": [{"n\u0000": 1, "half": "\ud83d\u0000"}]}'
    _, client = serve(lambda request: Reply(content))
    assert client.get("/one").data == {
        "title": "a\ufffdb",
        "body": "a path: c:\\u0000",
        "list": [{"n\ufffd": 1, "half": "\ufffd\ufffd"}],
    }


def test_an_error_with_the_status_of_success_is_an_error_and_asked_for_three_times(serve):
    error = {"type": "error.list", "errors": [{"code": "not_found", "message": "Gone"}]}
    server, client = serve(lambda request: Reply(error))
    with pytest.raises(ErrorWithoutStatus, match="GET /contacts/1 answered 200 not_found: Gone"):
        client.get("/contacts/1")
    assert len(server.requests) == 3


@pytest.mark.parametrize("levels", [1_000, 2_000, 100_000])
@pytest.mark.parametrize(("begins", "ends"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize(
    ("beside", "read"),
    [('"b"', "b"), ('"\\ud83d"', "\ufffd"), ('"nul \\u0000"', "nul \ufffd"), ("1e999", "1e999"), ('"[{"', "[{")],
)
def test_what_is_nested_too_deep_does_not_hide_what_is_beside_it(serve, levels, begins, ends, beside, read):
    deep = begins * levels + "1" + ends * levels
    _, client = serve(
        lambda request: Reply(f'{{"data": [{{"id": 1, "x": {deep}}}, {{"id": 2, "x": {beside}}}]}}'.encode())
    )
    first, second = client.get("/tags").data["data"]
    assert (first["id"], second, is_too_deep(first)) == (1, {"id": 2, "x": read}, True)


def test_nothing_is_sent_again_once_the_client_is_closed(serve):
    _, client = serve(in_turn({}))
    client.get("/teams")
    client.http.close()
    with pytest.raises(Stopped, match="the client is closed"):
        client.get("/teams")
    assert (client.tally.calls, client.tally.retries) == (2, 0)


def test_what_makes_no_address_is_a_fact_about_one_record_and_nothing_is_sent(serve):
    server, client = serve(in_turn({}))
    with pytest.raises(InvalidRequest, match=r"GET /events: not sent: URL component 'query' too long") as failed:
        client.get("/events", intercom_user_id="u" * 70_000)
    assert len(str(failed.value)) < 1_000
    with pytest.raises(InvalidRequest, match="not sent"):
        client.get(f"/contacts/{'c' * 70_000}")
    assert server.requests == []
