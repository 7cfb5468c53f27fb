"""The one place that sends a request to Intercom: authentication, version, pacing, retry, decoding."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any, Self, TypeAlias

import httpx
import orjson

from ...configuration.bounds import Bounds
from ...secrecy.safe_text import keep_secret
from ..call import Call
from ..errors import (
    AnswerTooLarge,
    BadAnswer,
    ErrorWithoutStatus,
    IntercomError,
    InvalidRequest,
    RateLimited,
    Stopped,
    Unreachable,
)
from ..transport.deadline import TooSlow
from ..transport.pool import Closed
from ..transport.proxy import Proxies
from ..transport.socket_transport import SocketTransport
from .decoding import decoded
from .rate_limit import Pacer, server_time
from .redirects import STORAGE_ADVICE, link_refused, shown, signed_link
from .refusals import call_of, check_bounds, failure_in, refusal, too_slow
from .retries import ATTEMPTS, QUICK_ATTEMPTS, retried
from .unpacking import ACCEPTED, unpacked

API_VERSION = "2.10"
NAME = "intercom-elt"
LONGEST_SHOWN_PATH = 200

ProblemIn: TypeAlias = Callable[[dict[str, Any]], str | None]


@dataclass(frozen=True)
class Answer:
    """The client's decoded answer, and Intercom's clock (unix seconds) when it was given."""

    data: dict[str, Any]
    server_at: float | None


@dataclass
class Tally:
    """The client's counts: calls sent, retries among them, 429 answers among those; records counted but not listed."""

    calls: int = 0
    retries: int = 0
    rate_limited: int = 0
    unlisted: int = 0


@dataclass(frozen=True)
class Client:
    """The client: reads the API of one workspace; safe to use from many threads.

    `get` and `post` return an `Answer` or raise an `IntercomError`; once `stop` is set, or the client closed, nothing
    more is sent. Calls that wait for the rate limit raise `Stopped` at once, one that waits after a failure does so
    when it would be sent again. `counting(tally)` gives the same client with a tally of its own, so that each resource
    knows its calls.
    """

    http: httpx.BaseTransport
    base_url: str
    headers: Mapping[str, str]
    pacer: Pacer
    tally: Tally = field(default_factory=Tally)
    stop: Event = field(default_factory=Event)
    version: str = API_VERSION
    bounds: Bounds = field(default_factory=Bounds)
    bad_answers: int = ATTEMPTS

    @classmethod
    def connect(
        cls,
        base_url: str,
        access_token: str,
        max_rate_share: float,
        connections: int,
        bounds: Bounds = Bounds(),  # noqa: B008 - it cannot be changed
    ) -> Self:
        """Open a client for `base_url`; at most `connections` requests are under way at once."""
        keep_secret(access_token)
        proxies = Proxies()
        proxies.of(httpx.URL(base_url))  # one that cannot be used is told before the first call
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        return cls(
            SocketTransport(connections, bounds.max_answer_seconds, proxies.of),
            base_url,
            headers,
            Pacer(max_rate_share),
            bounds=bounds,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def counting(self, tally: Tally, version: str | None = None) -> "Client":
        """Return this client with `tally` as its count of calls, and with another API `version` if one is given."""
        return replace(self, tally=tally, version=version or self.version)

    def get(self, path: str, *, attempts: int | None = None, bad_answers: int | None = None, **params: Any) -> Answer:
        """Send GET `path` with the client; parameters that are None are left out. See `retried` for the tries."""
        query = {name: value for name, value in params.items() if value is not None}
        return self._send(self._request("GET", path, params=query or None), attempts, bad_answers)

    def get_one(self, path: str, problem_in: ProblemIn) -> Answer:
        """GET the record at `path`; the client asks again where `problem_in(record)` says what is wrong with it."""
        return self._send(self._request("GET", path), problem_in=problem_in)

    def post(
        self, path: str, body: dict[str, Any], *, attempts: int | None = None, bad_answers: int | None = None
    ) -> Answer:
        """Send POST `path` with `body` as JSON. Only for what may be sent twice: unclear failures are retried."""
        content = orjson.dumps(body)
        request = self._request("POST", path, content=content, headers={"Content-Type": "application/json"})
        return self._send(request, attempts, bad_answers)

    def download(
        self, path: str, file: Path, problem_in: Callable[[Path], str | None], limit_seconds: float = math.inf
    ) -> None:
        """Let the client write the bytes of `path` to `file`, never all in memory, within `limit_seconds`.

        `problem_in(file)` says what is wrong with the file, or None; one that is not whole is downloaded again. A
        redirect to a signed link of another host is followed, once.
        """
        request = self._request("GET", path, headers={"Accept": "application/octet-stream"})
        for attempt in retried(ATTEMPTS, self.bad_answers):
            with attempt:
                self.tally.retries += attempt.num > 1
                self._download_once(request, file, limit_seconds)
                if problem := problem_in(file):
                    raise BadAnswer(Call("GET", path).failure(problem))

    def quick(self) -> "Client":
        """Return this client for requests that a later run repeats anyway: fewer bad answers make it give up."""
        return replace(self, bad_answers=QUICK_ATTEMPTS)

    def uninterrupted(self) -> "Client":
        """Return a client that still sends requests after the run was stopped."""
        return replace(self, stop=Event())

    def _request(self, method: str, path: str, headers: Mapping[str, str] | None = None, **parts: Any) -> httpx.Request:
        headers = {
            **self.headers,
            "Accept-Encoding": ACCEPTED,
            "Intercom-Version": self.version,
            "User-Agent": _user_agent(),
            **(headers or {}),
        }
        try:
            return httpx.Request(method, self.base_url + path, headers=headers, **parts)
        except httpx.InvalidURL as error:  # something that stands for a record has 65,536 characters or more
            raise InvalidRequest(Call(method, path[:LONGEST_SHOWN_PATH]).failure(f"not sent: {error}")) from error

    def _send(
        self,
        request: httpx.Request,
        attempts: int | None = None,
        bad_answers: int | None = None,
        problem_in: ProblemIn | None = None,
    ) -> Answer:
        try:
            # Almost always enough, and a retry context costs a third of a call.
            return self._send_once(request, problem_in)
        except IntercomError as error:
            first = error
        for attempt in retried(attempts or ATTEMPTS, bad_answers or self.bad_answers):
            with attempt:
                if attempt.num == 1:
                    raise first
                self.tally.retries += 1
                return self._send_once(request, problem_in)
        raise AssertionError("stamina either returns or raises")  # pragma: no cover

    def _send_once(self, request: httpx.Request, problem_in: ProblemIn | None) -> Answer:
        with self._response(request) as response:
            content = self._content(response)
            data = decoded(content)
            if not isinstance(data, dict):
                # Empty 200 answers and HTML pages of gateways happen, and pass after a moment.
                message = f"no JSON object but {len(content)} bytes of {response.headers.get('content-type')}"
                raise BadAnswer(call_of(request).failure(message, response.status_code))
            if data.get("type") == "error.list" and isinstance(data.get("errors"), list):
                raise ErrorWithoutStatus(failure_in(call_of(request), response.status_code, data))
            if problem_in is not None and (problem := problem_in(data)):
                raise ErrorWithoutStatus(call_of(request).failure(problem))
            return Answer(data, server_time(response.headers))

    def _download_once(self, request: httpx.Request, file: Path, limit_seconds: float) -> None:
        ends_at = time.monotonic() + limit_seconds
        with self._response(request, may_redirect=True) as response:
            link = signed_link(request, response)
            if link is None:
                self._save(response, file, ends_at, limit_seconds)
        if link is not None:
            with self._stored(link) as response:
                self._save(response, file, ends_at, limit_seconds)

    def _save(self, response: httpx.Response, file: Path, ends_at: float, limit_seconds: float) -> None:
        with file.open("wb") as out:
            for part in unpacked(response):
                out.write(part)
                self._check_stop(response.request)
                if time.monotonic() > ends_at:
                    message = f"the file is not whole after export_wait_minutes = {limit_seconds / 60:g}"
                    raise AnswerTooLarge(call_of(response.request).failure(message))

    @contextmanager
    def _response(self, request: httpx.Request, *, may_redirect: bool = False) -> Iterator[httpx.Response]:
        """Yield a successful answer of Intercom, or a signed link's if it `may_redirect`; its body is still to be read.

        Errors of reading it are raised in the same way.
        """
        self.pacer.wait(self.stop)
        self._check_stop(request)
        self.tally.calls += 1
        with self._sent(request) as response:
            self.pacer.observe(response.headers)
            if not response.is_success and not (may_redirect and signed_link(request, response)):
                raise self._refused(request, response)
            yield response

    @contextmanager
    def _stored(self, link: httpx.Request) -> Iterator[httpx.Response]:
        """Yield the answer of a storage to a signed link; a refused one may have expired: it is asked for again."""
        self._check_stop(link)
        try:
            with self._sent(link) as response:
                if not response.is_success:
                    raise link_refused(link, response)
                yield response
        except Unreachable as error:
            raise Unreachable(error.failure, STORAGE_ADVICE) from error

    @contextmanager
    def _sent(self, request: httpx.Request) -> Iterator[httpx.Response]:
        """Yield an answer of any status, whose body is still to be read; what fails on the way is our kind of error."""
        response = None
        try:
            response = self.http.handle_request(request)
            response.request = request
            yield response
        except Closed as error:
            raise Stopped(call_of(request).failure(f"not sent: {error}")) from error
        except TooSlow as error:
            raise too_slow(call_of(request), self.bounds) from error
        except httpx.ReadTimeout as error:  # as the 504 of a gateway that had waited
            raise BadAnswer(call_of(request).failure(_reason(error))) from error
        except (httpx.ConnectError, httpx.TimeoutException, httpx.UnsupportedProtocol, httpx.ProxyError) as error:
            raise Unreachable(Call(request.method, shown(request.url)).failure(_reason(error))) from error
        except httpx.RequestError as error:
            raise BadAnswer(call_of(request).failure(_reason(error))) from error
        finally:
            if response is not None:
                response.close()

    def _check_stop(self, request: httpx.Request) -> None:
        if self.stop.is_set():
            raise Stopped(call_of(request).failure("not sent, because the run was interrupted"))

    def _content(self, response: httpx.Response) -> bytes:
        """Return the unpacked body of an answer; raises AnswerTooLarge if it exceeds the bounds of size or time."""
        parts: list[bytes] = []
        count_bytes, began_at = 0, time.monotonic()
        for part in unpacked(response):
            parts.append(part)
            count_bytes += len(part)
            check_bounds(response.request, self.bounds, count_bytes, time.monotonic() - began_at)
        return b"".join(parts)

    def _refused(self, request: httpx.Request, response: httpx.Response) -> IntercomError:
        """Return the error of an answer; if it says to wait, every other call of the client waits, too."""
        error = refusal(request, response, self._content(response))
        if isinstance(error, RateLimited):
            self.tally.rate_limited += 1
            self.pacer.pause(error.wait_seconds)
        return error


@cache
def _user_agent() -> str:
    """Return the client's User-Agent; this source may be copied into a project of another name."""
    with suppress(metadata.PackageNotFoundError):
        return f"{NAME}/{metadata.version(NAME)}"
    return NAME


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.DecodingError):
        return "the answer cannot be unpacked"
    return str(error) or type(error).__name__
