"""A pool of connections, with an upper limit."""

import threading
import time
from collections.abc import Callable

import httpx

from .connection import Connection

IDLE_SECONDS = 15.0  # servers close idle connections; one that is about to be closed must not get a request


class Closed(httpx.ConnectError):
    """The pool of connections is closed: retrying is useless."""

    def __init__(self) -> None:
        super().__init__("the client is closed")


class Pool:
    """The pool of connections: gives each thread one of its own, at most `most` at once.

    `new()` makes one, and `connect(connection, url, deadline)` connects it to a URL, and can be interrupted.
    """

    def __init__(
        self, most: int, new: Callable[[], Connection], connect: Callable[[Connection, httpx.URL, float], None]
    ) -> None:
        self._new = new
        self._connect = connect
        self._slots = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()  # guards what follows
        self._used: set[Connection] = set()
        self._kept: dict[bytes, list[Connection]] = {}  # by server, the last one used at the end
        self.is_closed = False

    def acquire(self, url: httpx.URL, deadline: float) -> Connection:
        """Take a connection to `url` out of the pool until it is released; waits while the limit is reached.

        Raises ConnectTimeout if that lasts until the deadline.
        """
        if not self._slots.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise httpx.ConnectTimeout("no connection was free in time")
        connection = self._idle(_origin(url)) or self._new()
        try:
            self._use(connection)
            if connection.sock is None:
                self._connect(connection, url, deadline)
        except BaseException:
            self._discard(connection)  # never kept: it may have reached a proxy, but not the server
            raise
        return connection

    def release(self, connection: Connection, url: httpx.URL) -> None:
        """Take a connection back into the pool, and keep it if its answer is complete and another one may follow."""
        with self._lock:
            is_kept = connection.is_reusable and not self.is_closed
            if is_kept:
                self._used.discard(connection)
                self._kept.setdefault(_origin(url), []).append(connection)
        if is_kept:
            self._slots.release()
        else:
            self._discard(connection)

    def close(self) -> None:
        """Close the pool's idle connections, and interrupt the others: their users get an error."""
        with self._lock:
            self.is_closed = True
            kept = [connection for connections in self._kept.values() for connection in connections]
            self._kept.clear()
            for connection in self._used:
                connection.interrupt()
        for connection in kept:
            connection.close()

    def _use(self, connection: Connection) -> None:
        """Note that a connection is in use, so that `close` interrupts it; raises Closed if the pool is closed."""
        with self._lock:
            if self.is_closed:
                raise Closed
            self._used.add(connection)

    def _discard(self, connection: Connection) -> None:
        """Close a connection that the pool cannot keep, and free its slot for another one."""
        with self._lock:
            self._used.discard(connection)
        connection.close()
        self._slots.release()

    def _idle(self, origin: bytes) -> Connection | None:
        """Return an idle connection of the pool that is still usable, or None."""
        while True:
            with self._lock:
                kept = self._kept.get(origin)
                if not kept:
                    return None
                connection = kept.pop()
            if time.monotonic() - connection.used_at <= IDLE_SECONDS and connection.is_quiet:
                return connection
            connection.close()


def _origin(url: httpx.URL) -> bytes:
    return url.raw_scheme + b"://" + url.netloc
