"""Opening a connection: directly or through a proxy, with or without TLS."""

import socket
import ssl
import time
from collections.abc import Callable

import httpx

from .address_race import first_to_answer, in_turn
from .connection import Connection
from .deadline import seconds_left
from .proxy import Proxy

OPEN_SECONDS = 60.0  # from the wait for a free connection to the last handshake
ANSWER_SECONDS = 10.0  # of the host to be there at all
PORTS = {"http": 80, "https": 443}


def connect(
    connection: Connection, url: httpx.URL, tls: Callable[[], ssl.SSLContext], proxy: Proxy | None, deadline: float
) -> None:
    """Connect `connection` to `url`; `tls` returns the TLS context.

    Raises UnsupportedProtocol, ConnectError, ConnectTimeout or ProxyError.
    """
    first = url if proxy is None else proxy.url
    if url.scheme not in PORTS or not url.host:
        raise httpx.UnsupportedProtocol("not an address of HTTP")
    try:
        _reach(connection, first, deadline)
        if first.scheme == "https":
            _encrypt(connection, tls(), first, deadline)
        if proxy is not None and url.scheme == "https":
            proxy.open_tunnel(connection, *_address(url), deadline)
            _encrypt(connection, tls(), url, deadline)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise httpx.ConnectTimeout("no connection in time") from error
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"no connection to {first.host}: {error}") from error


def _address(url: httpx.URL) -> tuple[str, int]:
    return url.raw_host.decode("ascii").strip("[]"), url.port or PORTS[url.scheme]


def _reach(connection: Connection, url: httpx.URL, deadline: float) -> None:
    addresses = in_turn(socket.getaddrinfo(*_address(url), type=socket.SOCK_STREAM))
    sock = first_to_answer(addresses, min(deadline, time.monotonic() + ANSWER_SECONDS), connection.check)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.use(sock)


def _encrypt(connection: Connection, context: ssl.SSLContext, url: httpx.URL, deadline: float) -> None:
    name, _ = _address(url)
    sock = connection.sock
    sock.settimeout(seconds_left(deadline))
    if isinstance(sock, ssl.SSLSocket):
        # Python's own cannot be in another one. Hardly anybody has such a proxy, and the import takes a while.
        from urllib3.util.ssltransport import SSLTransport  # noqa: PLC0415

        connection.use(SSLTransport(sock, context, server_hostname=name))
    else:
        # The TLS socket must replace the plain one before it waits, because only the connection's socket can be
        # interrupted.
        connection.use(context.wrap_socket(sock, server_hostname=name, do_handshake_on_connect=False))
        connection.sock.do_handshake()
