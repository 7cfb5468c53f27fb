"""The transport: a request has a connection of its own while it is under way, in the thread that wants the answer."""

import math
import ssl
import threading
import time
from collections.abc import Callable

import httpx

from .certificates import trusting
from .connecting import OPEN_SECONDS, connect
from .connection import Connection
from .exchange import Exchange
from .pool import Closed, Pool
from .proxy import Proxy

READ_SECONDS = 60.0


def directly(_url: httpx.URL) -> None:
    """Return no proxy for a connection."""


class SocketTransport(httpx.BaseTransport):
    """httpx's requests, written to sockets: for callers in any thread, each of whom waits while its own is under way.

    httpx's pool costs several times the processor time a call, and an event loop twice as much, because each call is
    handed over to its thread and back.

    `connections`: requests under way at once, at most. `proxy_of`: the proxy on the way to an address. A request may
    take `answer_seconds` until its answer's headers and beginning are there; for `read_seconds` there may be silence.
    Nothing is ever sent twice, no redirect is followed, and certificates are those of the environment, as usual with
    httpx.
    """

    def __init__(
        self,
        connections: int,
        answer_seconds: float = math.inf,
        proxy_of: Callable[[httpx.URL], Proxy | None] = directly,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._answer_seconds = answer_seconds
        self._proxy_of = proxy_of
        self._pool = Pool(connections, lambda: Connection(read_seconds), self._opened)
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the transport send a request, and return the answer; its body may be read in parts."""
        self._check_open()
        content = self._written(request)
        begun_at = time.monotonic()
        deadline = begun_at + self._answer_seconds
        try:
            connection = self._pool.acquire(request.url, min(deadline, begun_at + OPEN_SECONDS))
            return Exchange(self._pool, connection, request.url).send(content, deadline)
        except httpx.TransportError:
            self._check_open()
            raise

    def close(self) -> None:
        """Close the transport's connections; requests under way end with an error."""
        self._pool.close()

    def _check_open(self) -> None:
        if self._pool.is_closed:
            raise Closed

    def _opened(self, connection: Connection, url: httpx.URL, deadline: float) -> None:
        connect(connection, url, self._tls, self._proxy_of(url), deadline)

    def _tls(self) -> ssl.SSLContext:
        """Return the transport's TLS context, made once, because reading the certificates takes a while."""
        with self._lock:
            self._context = self._context or trusting()
            return self._context

    def _written(self, request: httpx.Request) -> bytes:
        """Return a request as bytes for the socket: a proxy that reads it gets the whole address."""
        url, headers = request.url, request.headers.raw
        target = url.raw_path
        if url.scheme == "http" and (proxy := self._proxy_of(url)) is not None:
            target = b"http://" + url.netloc + target
            headers = [*headers, *((name.encode(), value.encode()) for name, value in proxy.headers.items())]
        lines = [b"%s %s HTTP/1.1" % (request.method.encode(), target), *(b"%s: %s" % header for header in headers)]
        head = b"\r\n".join(lines)
        if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
            raise httpx.LocalProtocolError("a header of the request is more than one line")
        return head + b"\r\n\r\n" + request.content
