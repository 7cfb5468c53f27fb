"""How requests travel: all of them in one event loop of one thread, which costs half of what a thread each does."""

import asyncio
import os
import ssl
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import certifi

from .breakage import BREAKAGES, Broken, TooSlow, Unanswered, described
from .proxy import Proxy
from .unpacking import unpacked

Result = TypeVar("Result")

READ_AHEAD_BYTES = 1 << 20  # of an answer, before its reader asks for more
TIMEOUTS = aiohttp.ClientTimeout(connect=60.0, sock_connect=10.0, sock_read=60.0)
_IS_SUCCESS = range(200, 300)
_IS_REDIRECT = range(300, 400)


@dataclass(frozen=True)
class Request:
    """What is sent: `path` names it in messages, `url` is whole."""

    method: str
    path: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None = None


@dataclass(frozen=True)
class Response:
    """What is answered; the names of `headers` are found however they are written."""

    status: int
    headers: Mapping[str, str]
    _body: "_Body" = field(repr=False)

    @property
    def is_success(self) -> bool:
        """True where the answer is what was asked for."""
        return self.status in _IS_SUCCESS

    @property
    def is_redirect(self) -> bool:
        """True where the answer is elsewhere."""
        return self.status in _IS_REDIRECT

    def header(self, name: str) -> str | None:
        """Return a header as it may be shown: what is no text in it is replaced."""
        value = self.headers.get(name)
        return None if value is None else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def parts(self) -> Iterable[bytes]:
        """Return the body without its encoding, part by part; raises Broken where it is not whole."""
        encoding = self.headers.get("content-encoding")
        return self._body if encoding is None else unpacked(self._body, encoding)

    def close(self) -> None:
        """Read no more of it."""
        self._body.close()


class LoopTransport:
    """Sends for callers in any thread; each of them waits while its request is under way in the loop.

    An answer is read ahead, so that most calls cost one change of threads; its headers and its beginning may take
    `answer_seconds`. Nothing is ever sent twice, and no redirect is followed.
    """

    def __init__(
        self,
        connections: int,
        answer_seconds: float | None = None,
        proxy: Proxy | None = None,
        timeouts: aiohttp.ClientTimeout = TIMEOUTS,
    ) -> None:
        self._answer_seconds = answer_seconds
        self._lock = threading.Lock()
        self._is_closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="intercom-http", daemon=True)
        self._thread.start()
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._proxy = proxy
        self._options: dict[str, Any] = {"allow_redirects": False, "compress": False, "timeout": timeouts}
        if proxy is not None:
            self._options |= {"proxy": proxy.url, "proxy_headers": proxy.headers}  # of the tunnel to an https address

    def send(self, request: Request) -> Response:
        """Return the answer; raises Broken."""
        return self.wait_for(self._sent(request))

    def close(self) -> None:
        """Close the connections and end the loop; what is under way ends with an error."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            ended = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        ended.result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait_for(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return what becomes of `work` in the loop."""
        with self._lock:
            if self._is_closed:
                work.close()
                raise Unanswered("the client is closed")
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except CancelledError as error:
            raise Broken("the client was closed meanwhile") from error
        except Broken:
            raise
        except BREAKAGES as error:
            broken = described(error)
        raise broken  # without what was caught, which quotes the answer: a trace shows all of a chain

    async def _end(self) -> None:
        """End what is under way: a thread that waits for it would keep the process from ending."""
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _sent(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await self._begun(request)
        except TimeoutError as error:
            if isinstance(error, aiohttp.ServerTimeoutError):
                raise
            raise TooSlow("the answer is too slow") from error

    async def _begun(self, request: Request) -> Response:
        is_encrypted = request.url.startswith("https:")
        if self._session is None:
            self._session = _session(self._connections, is_encrypted=is_encrypted)
        headers = request.headers
        if self._proxy is not None and not is_encrypted:
            headers = {**headers, **self._proxy.headers}
        answer = await self._session.request(
            request.method, request.url, headers=headers, data=request.content, **self._options
        )
        body = _Body(self, answer)
        await body.read_ahead()
        return Response(answer.status, answer.headers, body)


class _Body:
    """The body of an answer as it was sent: what was read ahead, and then the rest."""

    def __init__(self, transport: LoopTransport, answer: aiohttp.ClientResponse) -> None:
        self._transport = transport
        self._answer = answer
        self._parts: AsyncIterator[bytes] = aiter(answer.content.iter_any())
        self._ahead: list[bytes] = []
        self._is_whole = False

    async def read_ahead(self) -> None:
        """Read the body, or its beginning; a whole one gives its connection back at once."""
        length = 0
        try:
            async for part in self._parts:
                self._ahead.append(part)
                length += len(part)
                if length >= READ_AHEAD_BYTES:
                    return
        except BaseException:
            self._answer.close()
            raise
        self._is_whole = True
        self._answer.release()

    def __iter__(self) -> Iterator[bytes]:
        yield from self._ahead
        while not self._is_whole:
            part = self._transport.wait_for(self._next())
            if part is not None:
                yield part

    def close(self) -> None:
        """Give up the connection, where the answer is not whole yet."""
        if not self._is_whole:
            self._is_whole = True
            with suppress(Broken):  # nobody reads on
                self._transport.wait_for(self._left())

    async def _next(self) -> bytes | None:
        try:
            return await anext(self._parts)
        except StopAsyncIteration:
            self._is_whole = True
            self._answer.release()
            return None

    async def _left(self) -> None:
        self._answer.close()


def _session(connections: int, *, is_encrypted: bool) -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, ssl=_certificates() if is_encrypted else True),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # it would unpack without a bound
        trust_env=False,  # it would read the environment and .netrc for each call, in two other threads
    )
    # aiohttp would send a GET again whose connection broke: uncounted, unpaced, and a scroll would lose a page.
    session._retry_connection = False
    return session


def _certificates() -> ssl.SSLContext:
    """Return whom to trust: those whom SSL_CERT_FILE or SSL_CERT_DIR names, as everywhere, else Mozilla's list."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file or None, capath=None if file else folder)
    return ssl.create_default_context(cafile=certifi.where())
