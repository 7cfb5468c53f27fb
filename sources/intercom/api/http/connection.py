"""A connection to where a request goes: through a proxy or not, encrypted or not, and used by one thread."""

import math
import select
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx

from .answer import Answers
from .breakage import of_system
from .deadline import TooSlow
from .proxy import Proxy

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 15.0  # servers close connections that nobody uses; one that is about to be must not get a request
PART_BYTES = 65_536
SUCCESS = range(200, 300)
PORTS = {"http": 80, "https": 443}


class Connection:
    """A socket and the answers on it; all errors are httpx's. `read_seconds`: how long nothing may come."""

    def __init__(self, opened: Any, read_seconds: float) -> None:
        self.answers = Answers()
        self._socket = opened  # a socket, or what urllib3 makes of one that is encrypted twice
        self._read_seconds = self._timeout = read_seconds
        self._socket.settimeout(read_seconds)
        self._readable = select.poll()
        self._readable.register(opened, select.POLLIN)
        self._used_at = time.monotonic()

    @property
    def may_be_kept(self) -> bool:
        """True where the answer has come whole, and another may follow; what is encrypted twice is used once."""
        return self.answers.is_whole and not self.answers.is_last and isinstance(self._socket, socket.socket)

    @property
    def is_quiet(self) -> bool:
        """True where nothing has come since the last answer, neither bytes nor the end, and it was not long ago."""
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            return False
        pending = self._socket.pending() if isinstance(self._socket, ssl.SSLSocket) else 0
        return not (pending or self._readable.poll(0))

    def send(self, content: bytes) -> None:
        """Send a request whole, within `read_seconds`."""
        self.answers.expect()
        try:
            self._socket.sendall(content)
        except TimeoutError as error:
            raise httpx.WriteTimeout("no answer in time") from error
        except OSError as error:
            raise of_system(error) from error

    def receive(self, deadline: float = math.inf) -> None:
        """Wait for what comes next; raises TooSlow where the deadline (monotonic seconds) passes before."""
        seconds = min(self._read_seconds, deadline - time.monotonic())
        if seconds <= 0:
            raise TooSlow("the answer is too slow")
        if seconds != self._timeout:
            self._socket.settimeout(seconds)
            self._timeout = seconds
        try:
            content = self._socket.recv(PART_BYTES)
        except TimeoutError as error:
            if seconds < self._read_seconds:
                raise TooSlow("the answer is too slow") from error
            raise httpx.ReadTimeout("no answer in time") from error
        except OSError as error:
            raise of_system(error) from error
        self._used_at = time.monotonic()
        self.answers.feed(content)

    def interrupt(self) -> None:
        """End what another thread sends or receives here: it meets an error, or the end."""
        own = self._socket if isinstance(self._socket, socket.socket) else self._socket.socket
        with suppress(OSError):  # the other side was faster
            socket.socket.shutdown(own, socket.SHUT_RDWR)  # not that of TLS, which would have to agree with the reader

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def opened(url: httpx.URL, tls: Callable[[], ssl.SSLContext], proxy: Proxy | None, read_seconds: float) -> Connection:
    """Return a new connection for requests to `url`; `tls` gives what encrypts.

    Raises UnsupportedProtocol, ConnectError, ConnectTimeout or ProxyError.
    """
    first = url if proxy is None else proxy.url
    if url.scheme not in PORTS or not url.host:
        raise httpx.UnsupportedProtocol("not an address of HTTP")
    way: Any = None
    try:
        way = socket.create_connection(_address(first), CONNECT_SECONDS)
        way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if first.scheme == "https":
            way = _encrypted(way, tls(), first)
        if proxy is not None and url.scheme == "https":
            _ask_for_tunnel(Connection(way, CONNECT_SECONDS), url, proxy)
            way = _encrypted(way, tls(), url)
        return Connection(way, read_seconds)
    except BaseException as error:
        if way is not None:
            way.close()
        if isinstance(error, TimeoutError):
            raise httpx.ConnectTimeout("no connection in time") from error
        if isinstance(error, OSError | UnicodeError):
            raise httpx.ConnectError(f"no connection to {first.host}: {error}") from error
        raise


def _address(url: httpx.URL) -> tuple[str, int]:
    return url.raw_host.decode("ascii").strip("[]"), url.port or PORTS[url.scheme]


def _encrypted(way: Any, context: ssl.SSLContext, url: httpx.URL) -> Any:
    name, _ = _address(url)
    if isinstance(way, ssl.SSLSocket):
        # Python's own cannot be in another one. Hardly anybody has such a proxy, and the import takes a while.
        from urllib3.util.ssltransport import SSLTransport  # noqa: PLC0415

        return SSLTransport(way, context, server_hostname=name)
    return context.wrap_socket(way, server_hostname=name)


def _ask_for_tunnel(connection: Connection, url: httpx.URL, proxy: Proxy) -> None:
    """Have the proxy pass on what follows; raises ProxyError where it does not."""
    host, port = _address(url)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    headers = "".join(f"{name}: {value}\r\n" for name, value in {"Host": place, **proxy.headers}.items())
    connection.send(f"CONNECT {place} HTTP/1.1\r\n{headers}\r\n".encode())
    deadline = time.monotonic() + CONNECT_SECONDS
    while not connection.answers.is_begun:
        connection.receive(deadline)
    if connection.answers.status not in SUCCESS:
        raise httpx.ProxyError(f"the proxy answered {connection.answers.status}")
