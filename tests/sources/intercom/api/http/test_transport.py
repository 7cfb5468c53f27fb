"""How requests travel: from many threads at once, never twice, and with httpx's errors."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import aiohttp
import httpx
import pytest

from sources.intercom.api.errors import BadAnswer, Unreachable
from sources.intercom.api.http.client import Client
from sources.intercom.api.http.transport import READ_AHEAD_BYTES, LoopTransport
from tests.support.loopback import Loopback, Reply

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def raw_server(*answers):
    """Give the address of a server that sends each of `answers` to one request, None hanging up; and what was asked."""
    asked = []

    def serve(listener):
        left = list(answers)
        while left:
            connection, _ = listener.accept()
            with connection:
                while left and connection.recv(65536):
                    asked.append(1)
                    answer = left.pop(0)
                    if answer is None:
                        break
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked


@pytest.fixture
def transport():
    made = LoopTransport(8)
    yield made
    made.close()


def get(transport, url):
    return transport.handle_request(httpx.Request("GET", url))


@pytest.mark.parametrize("first", [[], [WHOLE]], ids=["a new connection", "a kept one"])
def test_a_request_whose_connection_breaks_is_sent_once_and_is_a_bad_answer(first):
    with raw_server(*first, None, WHOLE) as (url, asked), Client.connect(url, "token", 1.0, 1) as client:
        for _ in first:
            client.get("/before", attempts=1)
        with pytest.raises(BadAnswer):
            client.get("/scroll", attempts=1)
        assert len(asked) == len(first) + 1 == client.tally.calls


def test_a_server_that_is_not_there_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Client.connect(f"http://127.0.0.1:{port}", "token", 1.0, 1) as client, pytest.raises(Unreachable):
        client.get("/me", attempts=1)


def test_a_server_that_does_not_answer_in_time_is_a_timeout():
    made = LoopTransport(1, timeouts=aiohttp.ClientTimeout(sock_read=0.05))
    with closing(made), socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(httpx.TimeoutException):
        get(made, f"http://127.0.0.1:{silent.getsockname()[1]}/")


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
            get(transport, f"{server.url}/file").close()


def test_many_threads_get_their_own_answers(transport):
    with Loopback(lambda request: Reply({"path": request.path})) as server, ThreadPoolExecutor(24) as threads:
        answers = threads.map(lambda number: get(transport, f"{server.url}/{number}").read(), range(200))
        assert list(answers) == [b'{"path": "/%d"}' % number for number in range(200)]


def test_closing_ends_what_is_under_way_and_refuses_what_comes_after():
    made = LoopTransport(1)
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as threads:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        waiting = threads.submit(get, made, url)
        silent.accept()  # the request is on its way
        made.close()
        with pytest.raises(httpx.TransportError):
            waiting.result(timeout=5)
        with pytest.raises(httpx.ConnectError):
            get(made, url)


def test_it_closes_twice_as_well_as_once():
    made = LoopTransport(1)
    made.close()
    made.close()
