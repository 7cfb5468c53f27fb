"""A connection on which requests are sent and answered, used by one thread at a time."""

import math
import select
import socket
import ssl
import time
from contextlib import suppress
from typing import Any

import httpx

from .deadline import TooSlow
from .response_parser import ResponseParser
from .transport_errors import of_system

PART_BYTES = 65_536


class Connection:
    """A connection to a server and the answers on it; raises httpx's errors.

    It is not connected until `connect` opens it. `read_seconds`: how long reading or sending may stall. `used_at`: when
    it last brought something, by the monotonic clock.
    """

    def __init__(self, read_seconds: float) -> None:
        self.response = ResponseParser()
        self.sock: Any = None  # a socket, or urllib3's object for one that is encrypted twice
        self._read_seconds = read_seconds
        self._timeout: float | None = None
        self._readable = select.poll()
        self.used_at = time.monotonic()
        self._is_interrupted = False

    def use(self, sock: Any) -> None:
        """Let the connection to the server use this socket, plain or encrypted, of which nothing was read yet."""
        self.sock, self._timeout = sock, None
        self._readable.register(sock, select.POLLIN)
        self.response = ResponseParser()
        self.check()  # after the change: either the interrupter sees the new socket, or the check sees the interruption

    def check(self) -> None:
        """Raise ConnectError if the connection was interrupted."""
        if self._is_interrupted:
            raise httpx.ConnectError("the connection was interrupted")

    @property
    def is_reusable(self) -> bool:
        """True if the connection may send again: answer complete, another may follow, not encrypted twice."""
        return self.response.is_complete and not self.response.is_last and isinstance(self.sock, socket.socket)

    @property
    def is_quiet(self) -> bool:
        """True if the connection has brought neither bytes nor its end since the last answer."""
        pending = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return not (pending or self._readable.poll(0))

    def send(self, content: bytes, deadline: float = math.inf) -> None:
        """Send a whole request on the connection; raises TooSlow if the deadline passes first."""
        self.response.reset()
        seconds = self._limited(deadline)
        try:
            self.sock.sendall(content)
        except TimeoutError as error:
            raise self._late(seconds, httpx.WriteTimeout) from error
        except OSError as error:
            raise of_system(error) from error

    def receive(self, deadline: float = math.inf) -> None:
        """Receive the connection's next bytes; raises TooSlow if the deadline passes first."""
        seconds = self._limited(deadline)
        try:
            content = self.sock.recv(PART_BYTES)
        except TimeoutError as error:
            raise self._late(seconds, httpx.ReadTimeout) from error
        except OSError as error:
            raise of_system(error) from error
        self.used_at = time.monotonic()
        self.response.feed(content)

    def interrupt(self) -> None:
        """Interrupt another thread's send or receive on the connection to the server: it meets an error, or the end."""
        self._is_interrupted = True
        sock = self.sock
        if sock is not None:
            own = sock if isinstance(sock, socket.socket) else sock.socket
            with suppress(OSError):  # the other side was faster
                socket.socket.shutdown(own, socket.SHUT_RDWR)  # TLS's own would have to wait for the reader

    def close(self) -> None:
        """Close the connection to the server."""
        if self.sock is not None:
            self.sock.close()

    def _limited(self, deadline: float) -> float:
        """Set the time-out of the connection's socket to the seconds that are left, and return them."""
        seconds = min(self._read_seconds, deadline - time.monotonic())
        if seconds <= 0:
            raise TooSlow("the answer is too slow")
        if seconds != self._timeout:
            self.sock.settimeout(seconds)
            self._timeout = seconds
        return seconds

    def _late(self, seconds: float, silence: type[httpx.TimeoutException]) -> httpx.TimeoutException:
        return TooSlow("the answer is too slow") if seconds < self._read_seconds else silence("no answer in time")
