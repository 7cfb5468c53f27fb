"""Which answer is which error: the only reader of HTTP status codes.

Codes and messages: API reference, "Errors" (`error.list`); only `type`, `errors` and each `code` are guaranteed.
"""

from collections.abc import Mapping
from typing import Any

import httpx

from ...configuration.bounds import MEGABYTE, Bounds
from ..call import Call
from ..errors import (
    NOT_FOUND,
    AccessDenied,
    AnswerTooLarge,
    BadAnswer,
    ExportFailed,
    ExportOccupied,
    Failure,
    GatewayRefused,
    IntercomError,
    InvalidRequest,
    NotFound,
    PageCursorRefused,
    RateLimited,
    ScrollOccupied,
    TokenRejected,
)
from .decoding import decoded
from .rate_limit import server_time, wait_seconds
from .redirects import redirected

PAGE_CURSOR = "starting_after"  # the parameter
BAD_REQUEST = 400
TOO_MANY_REQUESTS = 429
INTERNAL_SERVER_ERROR = 500
OF_GATEWAYS = (403, NOT_FOUND)  # with which a proxy, a firewall or a balancer refuses, too
_BY_STATUS: dict[int, type[IntercomError]] = {
    401: TokenRejected,
    402: AccessDenied,
    403: AccessDenied,
    408: BadAnswer,
}
_OLDER_SEARCH = (
    "Conversation search of 2.10 answers so in some workspaces: "
    'put conversations = "2.9" under [sources.intercom.versions].'
)


def call_of(request: httpx.Request) -> Call:
    """Return the call that a request makes, as a refusal names it."""
    return Call(request.method, request.url.path)


def refusal(request: httpx.Request, response: httpx.Response, content: bytes) -> IntercomError:
    """Return the error of a refusal: an answer without success, whose body is `content`."""
    if response.is_redirect:
        return redirected(call_of(request), request.url, response)
    failure = failure_in(call_of(request), response.status_code, body := decoded(content))
    has_page_cursor = PAGE_CURSOR.encode() in request.url.query + request.content
    return error_for(failure, body, response.headers, has_page_cursor=has_page_cursor)


def failure_in(call: Call, status: int, body: Any) -> Failure:
    """Return the facts of a refusal; `body` is the decoded JSON, or None if it was none."""
    entry, request_id = _first_error(body)
    return Failure(*call, status, _text(entry.get("code")), _text(entry.get("message")), request_id)


def error_for(
    failure: Failure, body: Any, headers: Mapping[str, str], *, has_page_cursor: bool = False
) -> IntercomError:
    """Return the error that a refusal, a non-2xx answer, means.

    `has_page_cursor`: the request had one; a refused cursor has no error code of its own.
    """
    status, code, message = failure.status or 0, failure.code, failure.message or ""
    if status == TOO_MANY_REQUESTS:
        # A refused export job has no code of its own, and no rate window that would end.
        is_export = "pending message data export" in message
        return ExportOccupied(failure) if is_export else RateLimited(failure, wait_seconds(headers))
    if status >= INTERNAL_SERVER_ERROR:
        is_failed_job = isinstance(body, dict) and body.get("status") == "failed" and "download_url" in body
        return ExportFailed(failure) if is_failed_job else BadAnswer(failure)
    if status == BAD_REQUEST and code == "scroll_exists":
        return ScrollOccupied(failure)
    if status == BAD_REQUEST and ((has_page_cursor and code == "client_error") or PAGE_CURSOR in message):
        return PageCursorRefused(failure)
    return _by_status(failure, headers)


def _by_status(failure: Failure, headers: Mapping[str, str]) -> IntercomError:
    status, code = failure.status or 0, failure.code
    advice = _OLDER_SEARCH if status == NOT_FOUND and failure.path.endswith("/conversations/search") else None
    if status in OF_GATEWAYS and (not code or code.isdigit()):  # Intercom's codes are words
        return GatewayRefused(failure, advice)
    if status == NOT_FOUND:
        return NotFound(failure, advice, server_time(headers))
    return _BY_STATUS.get(status, InvalidRequest)(failure)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _first_error(body: Any) -> tuple[dict[str, Any], str | None]:
    if not isinstance(body, dict):
        return {}, None
    errors = body.get("errors")
    entry = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else body
    return entry, body.get("request_id")


def check_bounds(request: httpx.Request, bounds: Bounds, count_bytes: int, seconds: float) -> None:
    """Refuse an answer: raise AnswerTooLarge for a body that exceeds `bounds` in size or time."""
    if count_bytes > bounds.max_answer_megabytes * MEGABYTE:
        message = f"the answer is more than max_answer_megabytes = {bounds.max_answer_megabytes}"
        raise AnswerTooLarge(call_of(request).failure(message))
    if seconds > bounds.max_answer_seconds:
        raise too_slow(call_of(request), bounds)


def too_slow(call: Call, bounds: Bounds) -> AnswerTooLarge:
    """Return the error of an answer that is not complete in time."""
    message = f"the answer is not whole after max_answer_seconds = {bounds.max_answer_seconds:g}"
    return AnswerTooLarge(call.failure(message))
