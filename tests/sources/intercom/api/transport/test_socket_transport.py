"""How requests travel: from many threads at once, never twice, and with httpx's errors."""

import itertools
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import httpx
import pytest

from sources.intercom.api.errors import BadAnswer
from sources.intercom.api.http.client import Client
from sources.intercom.api.transport.deadline import TooSlow
from sources.intercom.api.transport.exchange import READ_AHEAD_BYTES
from sources.intercom.api.transport.pool import Closed
from sources.intercom.api.transport.proxy import Proxy
from sources.intercom.api.transport.socket_transport import SocketTransport
from tests.support.network.loopback import Loopback, Reply
from tests.support.network.silence import port_that_leads_nowhere, silent_server

MOMENT_SECONDS = 0.02
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def raw_server(*answers):
    """Give the address of a server that sends each of `answers` to one request, and the connections it was asked on.

    An answer is bytes, or a list of such with a moment before each that follows; None hangs up. Each connection is
    served by itself, and known by its number.
    """
    left, asked = list(answers), []

    def serve(number, connection):
        with connection, suppress(OSError):  # a client that hangs up
            while left and connection.recv(65_536):
                asked.append(number)
                parts = left.pop(0)
                for place, part in enumerate(parts if isinstance(parts, list) else [parts]):
                    time.sleep(MOMENT_SECONDS if place else 0)
                    if part is None:
                        return
                    connection.sendall(part)

    def accept(listener):
        for number in itertools.count():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(number, connection), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked


@pytest.fixture
def transport():
    made = SocketTransport(8)
    yield made
    made.close()


def get(transport, url):
    return transport.handle_request(httpx.Request("GET", url))


def until(is_so):
    while not is_so():
        time.sleep(MOMENT_SECONDS)


def until_something_comes(transport):
    """Return once what the server does behind its answer has come in on the connection that was kept."""
    for connection in itertools.chain(*transport._pool._kept.values()):
        select.select([connection.sock], [], [])


@pytest.mark.parametrize("first", [[], [WHOLE]], ids=["a new connection", "a kept one"])
def test_a_request_whose_connection_breaks_is_sent_once_and_is_a_bad_answer(first):
    with raw_server(*first, None, WHOLE) as (url, asked), Client.connect(url, "token", 1.0, 1) as client:
        for _ in first:
            client.get("/before", attempts=1)
        with pytest.raises(BadAnswer):
            client.get("/scroll", attempts=1)
        assert len(asked) == len(first) + 1 == client.tally.calls


def test_a_server_that_does_not_answer_in_time_is_a_timeout():
    made = SocketTransport(1, read_seconds=0.05)
    with closing(made), socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(httpx.TimeoutException):
        get(made, f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_headers_that_drip_are_too_slow():
    drip = [bytes([byte]) for byte in WHOLE * 100]
    with raw_server(drip) as (url, _), closing(SocketTransport(1, answer_seconds=0.1)) as made, pytest.raises(TooSlow):
        get(made, url)


def test_a_connection_is_kept_for_the_next_request_unless_the_answer_ends_it(transport):
    last = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto its end", None]
    with raw_server(WHOLE, WHOLE, last, WHOLE) as (url, asked):
        assert [get(transport, url).read() for _ in range(4)] == [b"{}", b"{}", b"to its end", b"{}"]
    assert asked == [0, 0, 0, 1]


def test_what_announces_an_answer_is_none(transport):
    early = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    with raw_server([b"HTTP/1.1 100 Continue\r\n\r\n", early + WHOLE], WHOLE) as (url, asked):
        responses = [get(transport, url) for _ in range(2)]
    assert [(one.status_code, dict(one.headers)) for one in responses] == [(200, {"content-length": "2"})] * 2
    assert asked == [0, 0]


def test_what_nobody_has_asked_for_answers_no_later_request(transport):
    with raw_server([WHOLE, WHOLE.replace(b"{}", b"[]")], WHOLE) as (url, asked):
        assert get(transport, url).read() == b"{}"
        until_something_comes(transport)
        assert get(transport, url).read() == b"{}"
    assert asked == [0, 1]


def test_a_connection_that_the_server_has_closed_gets_no_request(transport):
    with raw_server([WHOLE, None], WHOLE) as (url, asked):
        assert get(transport, url).read() == b"{}"
        until_something_comes(transport)
        assert get(transport, url).read() == b"{}"
    assert asked == [0, 1]


def test_no_more_connections_are_open_than_there_may_be():
    answers = [[WHOLE[:-1], WHOLE[-1:]]] * 60
    with raw_server(*answers) as (url, asked), closing(SocketTransport(3)) as made, ThreadPoolExecutor(12) as threads:
        assert list(threads.map(lambda _: get(made, url).read(), range(60))) == [b"{}"] * 60
    assert set(asked) == {0, 1, 2}


def test_a_request_says_no_more_than_it_means(transport):
    with raw_server(WHOLE) as (url, asked), pytest.raises(httpx.LocalProtocolError):
        transport.handle_request(httpx.Request("GET", url, headers={"X-Name": "a\r\nX-Other: b"}))
    assert asked == []


@pytest.mark.parametrize("size", [0, 1, READ_AHEAD_BYTES - 1, READ_AHEAD_BYTES, 3 * READ_AHEAD_BYTES + 1])
def test_a_body_of_any_size_arrives_whole_and_gives_its_connection_back(transport, size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    with Loopback(lambda request: Reply(content)) as server:
        for _ in range(12):  # more than there are connections
            response = get(transport, f"{server.url}/file")
            assert b"".join(response.iter_bytes()) == content


def test_a_body_that_nobody_reads_to_its_end_holds_up_no_other(transport):
    with Loopback(lambda request: Reply(b"x" * 4 * READ_AHEAD_BYTES)) as server:
        for _ in range(12):
            response = get(transport, f"{server.url}/file")
            assert response.status_code == httpx.codes.OK
            response.close()


def test_many_threads_get_their_own_answers(transport):
    with Loopback(lambda request: Reply({"path": request.path})) as server, ThreadPoolExecutor(24) as threads:
        answers = threads.map(lambda number: get(transport, f"{server.url}/{number}").read(), range(200))
        assert list(answers) == [b'{"path": "/%d"}' % number for number in range(200)]


def test_closing_ends_what_is_under_way_and_refuses_what_comes_after():
    made = SocketTransport(1)
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as threads:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        waiting = threads.submit(get, made, url)
        silent.accept()  # the request is on its way
        made.close()
        with pytest.raises(httpx.TransportError):
            waiting.result(timeout=5)
        with pytest.raises(httpx.ConnectError):
            get(made, url)


@pytest.mark.parametrize("stage", ["connecting", "a handshake", "a tunnel", "a handshake with the proxy"])
def test_closing_ends_what_is_on_its_way_to_a_connection(stage):
    with port_that_leads_nowhere() as nowhere, silent_server() as (port, taken), ThreadPoolExecutor(1) as threads:
        of_proxy = {"a tunnel": "http", "a handshake with the proxy": "https"}.get(stage)
        proxy = Proxy(httpx.URL(f"{of_proxy}://127.0.0.1:{port}")) if of_proxy else None
        begun = []  # each connection asks for its proxy first
        made = SocketTransport(1, proxy_of=lambda url: begun.append(url) or proxy)
        waiting = threads.submit(get, made, f"https://127.0.0.1:{nowhere if stage == 'connecting' else port}/")
        if stage == "connecting":
            until(lambda: begun)
        else:
            until(lambda: taken)
            select.select(taken, [], [])  # it has said something, and waits for an answer
        made.close()
        with pytest.raises(httpx.ConnectError, match="the client is closed"):
            waiting.result(timeout=5)


def test_what_waits_for_a_connection_opens_none_behind_the_close():
    with silent_server() as (port, taken), ThreadPoolExecutor(6) as threads:
        asked = []  # for its proxy: each request, and each connection
        made = SocketTransport(1, proxy_of=asked.append)
        waiting = [threads.submit(get, made, f"http://127.0.0.1:{port}/") for _ in range(6)]
        until(lambda: len(asked) == 6 + 1 and taken)
        made.close()
        for one in waiting:
            with pytest.raises(httpx.ConnectError, match="the client is closed"):
                one.result(timeout=5)
        assert len(taken) == 1


def test_the_wait_for_a_free_connection_has_an_end():
    with (
        Loopback(lambda request: Reply(b"x" * 4 * READ_AHEAD_BYTES)) as server,
        closing(SocketTransport(1, answer_seconds=0.5)) as made,
        ThreadPoolExecutor(1) as threads,
    ):
        held = get(made, server.url)
        waiting = threads.submit(get, made, server.url)
        with pytest.raises(httpx.ConnectTimeout, match="no connection was free in time"):
            waiting.result(timeout=5)
        held.close()
        get(made, server.url).close()


def test_a_request_that_is_not_taken_is_too_slow():
    request = httpx.Request("POST", "http://127.0.0.1", content=b"x" * (1 << 25))
    with silent_server() as (port, _), closing(SocketTransport(1, answer_seconds=0.2)) as made:
        request.url = request.url.copy_with(port=port)
        with pytest.raises(TooSlow):
            made.handle_request(request)


def test_it_closes_twice_as_well_as_once():
    made = SocketTransport(1)
    made.close()
    made.close()
    with pytest.raises(Closed):
        get(made, "http://127.0.0.1:9")
