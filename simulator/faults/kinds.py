"""The kinds of faults: what each does to a request that it strikes."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import orjson
from starlette.responses import Response

from simulator import errors
from simulator.errors import ApiError
from simulator.faults.alterations import altered, cut, repeated
from simulator.faults.broken_responses import ResetResponse, SlowResponse, TruncatedResponse
from simulator.faults.fault import Fault
from simulator.http.answer import JSON, error_response, nginx_page
from simulator.record import Record
from simulator.workspace import Workspace

SCROLL_PATH = "/companies/scroll"
USUAL_ALLOWANCE = "1666"
RESET_IN_SECONDS = 1


@dataclass(frozen=True)
class Struck:
    """A request that a fault strikes: its path, the headers of its answer, and `answer`, which gives the API's own.

    `missing` gives the error that the API has for the record that is asked for.
    """

    workspace: Workspace
    path: str
    headers: dict[str, str]
    answer: Callable[[], Response]
    missing: Callable[[], ApiError]


Act = Callable[[Fault, Struck], Response]
"""Gives the answer to the request."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault: `does` says to people what `act` does."""

    does: str
    act: Act


def _rate_limited(fault: Fault, struck: Struck) -> Response:
    reset_at = struck.workspace.clock.now() + RESET_IN_SECONDS
    usual = {"X-RateLimit-Limit": USUAL_ALLOWANCE, "X-RateLimit-Reset": str(reset_at)}
    shown = {**usual, **struck.headers, "X-RateLimit-Remaining": "0"}
    allowance = int(shown["X-RateLimit-Limit"])
    if not fault.headers:
        shown = {name: value for name, value in shown.items() if not name.startswith("X-RateLimit")}
    if fault.retry_after_seconds is not None:
        shown["Retry-After"] = str(fault.retry_after_seconds)
    return error_response(errors.rate_limited(allowance), shown)


def _error(fault: Fault, struck: Struck) -> Response:
    if fault.html:
        return Response(nginx_page(fault.status), fault.status, media_type="text/html")
    return error_response(ApiError(fault.status, fault.code, fault.message), struck.headers)


def _error_as_success(fault: Fault, struck: Struck) -> Response:
    return error_response(ApiError(HTTPStatus.OK, fault.code, fault.message), struck.headers)


def _not_found(_: Fault, struck: Struck) -> Response:
    return error_response(struck.missing(), struck.headers)


def _empty(_: Fault, struck: Struck) -> Response:
    return Response(b"", HTTPStatus.OK, struck.headers, JSON)


def _reset(_: Fault, __: Struck) -> Response:
    return ResetResponse()


def _truncated(_: Fault, struck: Struck) -> Response:
    whole = struck.answer()
    return TruncatedResponse(bytes(whole.body), whole.status_code, _headers_of(whole, struck), whole.media_type)


def _slow(fault: Fault, struck: Struck) -> Response:
    whole = struck.answer()
    slow = SlowResponse(bytes(whole.body), whole.status_code, _headers_of(whole, struck), whole.media_type)
    slow.delay_seconds = fault.delay_seconds
    return slow


def _headers_of(whole: Response, struck: Struck) -> dict[str, str]:
    """Return the headers of the API's own answer to a struck request, where it redirects also to where."""
    return struck.headers | {name: value for name, value in whole.headers.items() if name == "location"}


def _cut(fault: Fault, struck: Struck) -> Response:
    response = _changing(lambda _, answer: orjson.dumps(cut(answer, fault.total_count)))(fault, struck)
    if struck.path == SCROLL_PATH and response.status_code == HTTPStatus.OK:
        struck.workspace.scroll.close()  # as the empty page that it looks like does
    return response


def _changing(change: Callable[[Fault, Record], bytes]) -> Act:
    """Return what a kind of fault does that changes the real answer; an error stays as it is, and so does a file."""

    def act(fault: Fault, struck: Struck) -> Response:
        whole = struck.answer()
        if whole.status_code != HTTPStatus.OK or whole.media_type != JSON:
            return whole
        return Response(change(fault, orjson.loads(whole.body)), HTTPStatus.OK, struck.headers, JSON)

    return act


def _scroll_failed(_: Fault, struck: Struck) -> Response:
    struck.workspace.scroll.close()
    message = "Request failed due to an internal network error. Please restart the scroll operation."
    return error_response(ApiError(500, "server_error", message), struck.headers)


def _scroll_expired(_: Fault, struck: Struck) -> Response:
    struck.workspace.scroll.close()
    return struck.answer()


KINDS = {
    "rate_limited": Kind(
        "429; `headers` false leaves the X-RateLimit headers out, `retry_after_seconds` adds Retry-After", _rate_limited
    ),
    "error": Kind("`status`, `code` and `message` in Intercom's envelope; `html` answers nginx's page instead", _error),
    "empty": Kind("200 without a body", _empty),
    "truncated": Kind(
        "the real answer cut off in the middle; what was asked for has been done (a scroll has moved on)", _truncated
    ),
    "cut": Kind(
        "the real page as if it were the last one, with `total_count` where it is given; of a scroll the empty page, "
        "which closes it",
        _cut,
    ),
    "altered": Kind(
        'the real answer with any text in single `places`: `{"data.0.id": "1e999"}`; an object takes a new key, and '
        "nothing changes where a place is not",
        _changing(lambda fault, answer: altered(answer, fault.places)),
    ),
    "repeated": Kind(
        "the real page with its first record in the place of its last one: one comes twice, one not at all",
        _changing(lambda _, answer: orjson.dumps(repeated(answer))),
    ),
    "error_as_success": Kind("the error of `code` and `message` with status 200", _error_as_success),
    "reset": Kind("the connection is reset before an answer", _reset),
    "slow": Kind("the real answer after `delay_seconds`", _slow),
    "not_found": Kind("404 of the object, as if it vanished between list and detail", _not_found),
    "scroll_failed": Kind("500 that asks to restart the scroll, which is closed", _scroll_failed),
    "scroll_expired": Kind("the scroll is closed, so that its next page is not found", _scroll_expired),
}
