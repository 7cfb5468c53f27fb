"""One request and its answer on a connection: the beginning of the body is read ahead, the rest on demand."""

from collections.abc import Iterator

import httpx

from .connection import Connection
from .pool import Pool

READ_AHEAD_BYTES = 1 << 20  # bytes of an answer that are read before its reader asks for more


class Exchange(httpx.SyncByteStream):
    """An exchange under way: a request, and its answer's body, the part that was read ahead, then the rest."""

    def __init__(self, pool: Pool, connection: Connection, url: httpx.URL) -> None:
        self._pool = pool
        self._connection = connection
        self._url = url
        self._ahead: list[bytes] = []
        self._is_over = False

    def send(self, content: bytes, deadline: float) -> httpx.Response:
        """Send a request and return its answer; once that is complete, or fails, the connection is given back."""
        try:
            self._connection.send(content, deadline)
            self._read_ahead(deadline)
        except BaseException:
            self.close()
            raise
        parsed = self._connection.response
        response = httpx.Response(parsed.status, headers=parsed.headers, stream=self)
        if parsed.is_complete:
            self.close()
        return response

    def _read_ahead(self, deadline: float) -> None:
        length = 0
        while not self._connection.response.is_complete and length < READ_AHEAD_BYTES:
            self._connection.receive(deadline)
            parts = self._connection.response.take_body()
            length += sum(map(len, parts))
            self._ahead += parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self._ahead
        while not self._is_over:
            self._connection.receive()
            is_complete = self._connection.response.is_complete
            parts = self._connection.response.take_body()
            if is_complete:
                self.close()
            yield from parts

    def close(self) -> None:
        """Give the exchange's connection back to the pool, once."""
        if not self._is_over:
            self._is_over = True
            self._pool.release(self._connection, self._url)
