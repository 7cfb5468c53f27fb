"""Connections that are kept for the next request, and no more of them at once than are allowed."""

import threading
import time
from collections.abc import Callable

import httpx

from .connection import Connection


class Closed(httpx.ConnectError):
    """Nothing is sent any more, however often it is tried."""

    def __init__(self) -> None:
        super().__init__("the client is closed")


class Pool:
    """Gives each thread a connection of its own, `most` at once.

    `new()` makes one, and `opened(connection, url, deadline)` has it lead to a URL; meanwhile it can be interrupted.
    """

    def __init__(
        self, most: int, new: Callable[[], Connection], opened: Callable[[Connection, httpx.URL, float], None]
    ) -> None:
        self._new = new
        self._opened = opened
        self._places = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()  # guards what follows
        self._used: set[Connection] = set()
        self._kept: dict[bytes, list[Connection]] = {}  # by where they lead, the last one used at the end
        self.is_closed = False

    def taken(self, url: httpx.URL, deadline: float) -> Connection:
        """Return a connection that leads to `url`, to be given back; waits while as many as are allowed are used.

        Raises ConnectTimeout where that takes until the deadline.
        """
        if not self._places.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise httpx.ConnectTimeout("no connection was free in time")
        connection = self._quiet(_place(url)) or self._new()
        try:
            self._use(connection)
            if connection.way is None:
                self._opened(connection, url, deadline)
        except BaseException:
            self._let_go(connection)  # never kept: it may lead to a proxy, and not through it
            raise
        return connection

    def give_back(self, connection: Connection, url: httpx.URL) -> None:
        """Take a connection back, which is kept where its answer has come whole and another one may follow."""
        with self._lock:
            is_kept = connection.may_be_kept and not self.is_closed
            if is_kept:
                self._used.discard(connection)
                self._kept.setdefault(_place(url), []).append(connection)
        if is_kept:
            self._places.release()
        else:
            self._let_go(connection)

    def close(self) -> None:
        """Close what is kept, and interrupt what is used: whoever uses it meets an error."""
        with self._lock:
            self.is_closed = True
            kept = [connection for connections in self._kept.values() for connection in connections]
            self._kept.clear()
            for connection in self._used:
                connection.interrupt()
        for connection in kept:
            connection.close()

    def _use(self, connection: Connection) -> None:
        """Remember that a connection is used, so that `close` interrupts it; raises Closed after that."""
        with self._lock:
            if self.is_closed:
                raise Closed
            self._used.add(connection)

    def _let_go(self, connection: Connection) -> None:
        """Close a connection that cannot be kept, and free its place for another one."""
        with self._lock:
            self._used.discard(connection)
        connection.close()
        self._places.release()

    def _quiet(self, place: bytes) -> Connection | None:
        """Return an idle connection that is still usable, or None."""
        while True:
            with self._lock:
                kept = self._kept.get(place)
                if not kept:
                    return None
                connection = kept.pop()
            if connection.is_quiet:
                return connection
            connection.close()


def _place(url: httpx.URL) -> bytes:
    return url.raw_scheme + b"://" + url.netloc
