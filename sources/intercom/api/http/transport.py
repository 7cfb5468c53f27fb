"""How requests travel: all of them in one event loop of one thread, which costs half of what a thread each does."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeVar

import aiohttp
import httpx
from yarl import URL

from .breakage import BREAKAGES, described
from .deadline import TooSlow
from .proxy import Proxy

Result = TypeVar("Result")

READ_AHEAD_BYTES = 1 << 20  # of an answer, before its reader asks for more


TIMEOUTS = aiohttp.ClientTimeout(connect=60.0, sock_connect=10.0, sock_read=60.0)


class LoopTransport(httpx.BaseTransport):
    """httpx's requests, sent by aiohttp: for callers in any thread, each of whom waits while its own is under way.

    httpx's pool costs twice the processor time a call, and its asynchronous one collapses under many requests.

    An answer is read ahead, so that most calls cost one change of threads; its headers and its beginning may take
    `answer_seconds`. Nothing is ever sent twice, no redirect is followed, and certificates are those of the
    environment, as usual with httpx.
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

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer; its body may be read in parts."""
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
        """Return what becomes of `work` in the loop; errors are raised as httpx raises them without a loop."""
        with self._lock:
            if self._is_closed:
                work.close()
                raise httpx.ConnectError("the client is closed")
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except CancelledError as error:
            raise httpx.ReadError("the client was closed meanwhile") from error
        except TooSlow:
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

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await self._begun(request)
        except TimeoutError as error:
            if isinstance(error, aiohttp.ServerTimeoutError):
                raise
            raise TooSlow("the answer is too slow") from error

    async def _begun(self, request: httpx.Request) -> httpx.Response:
        is_encrypted = request.url.scheme == "https"
        if self._session is None:
            self._session = _session(self._connections, is_encrypted=is_encrypted)
        headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        if self._proxy is not None and not is_encrypted:
            headers += self._proxy.headers.items()
        url = URL(str(request.url), encoded=True)
        answer = await self._session.request(
            request.method, url, headers=headers, data=request.content or None, **self._options
        )
        body = _Body(self, answer)
        await body.read_ahead()
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=body)


class _Body(httpx.SyncByteStream):
    """The body of an answer: what was read ahead, and then the rest."""

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
        if not self._is_whole:
            self._is_whole = True
            with suppress(httpx.RequestError):  # nobody reads on
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
        connector=aiohttp.TCPConnector(limit=connections, ssl=httpx.create_ssl_context() if is_encrypted else True),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # httpx does it, part by part
        trust_env=False,  # it would read the environment and .netrc for each call, in two other threads
    )
    # aiohttp would send a GET again whose connection broke: uncounted, unpaced, and a scroll would lose a page.
    session._retry_connection = False
    return session
