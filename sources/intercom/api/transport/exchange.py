"""One request and its answer on a connection: the beginning of the body is read ahead, the rest on demand."""

from collections.abc import Iterator

import httpx

from .connection import Connection
from .pool import Pool

READ_AHEAD_BYTES = 1 << 20  # bytes of an answer that are read before its reader asks for more


class Exchange(httpx.SyncByteStream):
    """A request under way, and the body of its answer: the part that was read ahead, then the rest."""

    def __init__(self, pool: Pool, connection: Connection, url: httpx.URL) -> None:
        self._pool = pool
        self._connection = connection
        self._url = url
        self._ahead: list[bytes] = []
        self._is_over = False

    def answer_to(self, content: bytes, deadline: float) -> httpx.Response:
        """Send a request and return its answer; a complete answer, or an error, returns the connection at once."""
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
        """Give the connection back, once."""
        if not self._is_over:
            self._is_over = True
            self._pool.give_back(self._connection, self._url)
