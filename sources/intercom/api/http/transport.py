"""How requests travel: each on a connection of its own while it is under way, in the thread that wants the answer."""

import math
import ssl
import threading
import time
from collections.abc import Iterator

import httpx

from .connection import Connection
from .open_connection import OPEN_SECONDS, open_connection
from .pool import Closed, Pool
from .proxy import Proxy

READ_AHEAD_BYTES = 1 << 20  # of an answer, before its reader asks for more
READ_SECONDS = 60.0


class SocketTransport(httpx.BaseTransport):
    """httpx's requests, written to sockets: for callers in any thread, each of whom waits while its own is under way.

    httpx's pool costs several times the processor time a call, and an event loop twice as much, because each call is
    handed over to its thread and back.

    `connections`: requests under way at once, at most. A request may take `answer_seconds` until its answer's headers
    and beginning are there; for `read_seconds` there may be silence. Nothing is ever sent twice, no redirect is
    followed, and certificates are those of the environment, as usual with httpx.
    """

    def __init__(
        self,
        connections: int,
        answer_seconds: float = math.inf,
        proxy: Proxy | None = None,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._answer_seconds = answer_seconds
        self._proxy = proxy
        self._pool = Pool(connections, lambda: Connection(read_seconds), self._opened)
        self._context: ssl.SSLContext | None = None
        self._one_at_a_time = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer; its body may be read in parts."""
        self._check_open()
        content = self._written(request)
        begun_at = time.monotonic()
        deadline = begun_at + self._answer_seconds
        try:
            connection = self._pool.taken(request.url, min(deadline, begun_at + OPEN_SECONDS))
            return _Exchange(self._pool, connection, request.url).answer_to(content, deadline)
        except httpx.TransportError:
            self._check_open()
            raise

    def close(self) -> None:
        """Close the connections; what is under way ends with an error."""
        self._pool.close()

    def _check_open(self) -> None:
        if self._pool.is_closed:
            raise Closed

    def _opened(self, connection: Connection, url: httpx.URL, deadline: float) -> None:
        open_connection(connection, url, self._tls, self._proxy, deadline)

    def _tls(self) -> ssl.SSLContext:
        """Return what encrypts; to read the certificates takes a while, and is done once."""
        with self._one_at_a_time:
            self._context = self._context or httpx.create_ssl_context()
            return self._context

    def _written(self, request: httpx.Request) -> bytes:
        """Return a request as it is sent: to a proxy that has to understand it, its whole address."""
        url, headers = request.url, request.headers.raw
        target = url.raw_path
        if self._proxy is not None and url.scheme == "http":
            target = b"http://" + url.netloc + target
            headers = [*headers, *((name.encode(), value.encode()) for name, value in self._proxy.headers.items())]
        lines = [b"%s %s HTTP/1.1" % (request.method.encode(), target), *(b"%s: %s" % header for header in headers)]
        head = b"\r\n".join(lines)
        if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
            raise httpx.LocalProtocolError("a header of the request is more than one line")
        return head + b"\r\n\r\n" + request.content


class _Exchange(httpx.SyncByteStream):
    """A request under way, and the body of its answer: what was read ahead, and then the rest."""

    def __init__(self, pool: Pool, connection: Connection, url: httpx.URL) -> None:
        self._pool = pool
        self._connection = connection
        self._url = url
        self._ahead: list[bytes] = []
        self._is_over = False

    def answer_to(self, content: bytes, deadline: float) -> httpx.Response:
        """Send a request and return its answer; a whole one gives its connection back at once, as an error does."""
        try:
            self._connection.send(content, deadline)
            self._read_ahead(deadline)
        except BaseException:
            self.close()
            raise
        answers = self._connection.answers
        response = httpx.Response(answers.status, headers=answers.headers, stream=self)
        if answers.is_whole:
            self.close()
        return response

    def _read_ahead(self, deadline: float) -> None:
        length = 0
        while not self._connection.answers.is_whole and length < READ_AHEAD_BYTES:
            self._connection.receive(deadline)
            parts = self._connection.answers.taken()
            length += sum(map(len, parts))
            self._ahead += parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self._ahead
        while not self._is_over:
            self._connection.receive()
            is_whole = self._connection.answers.is_whole
            parts = self._connection.answers.taken()
            if is_whole:
                self.close()
            yield from parts

    def close(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._pool.give_back(self._connection, self._url)
