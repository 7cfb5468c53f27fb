"""The errors of answers without a usable body: refusals, redirects, and answers beyond the bounds."""

from functools import partial

import httpx

from ...configuration.bounds import MEGABYTE, Bounds
from ..call import Call
from ..errors import (
    PAGE_CURSOR,
    AnswerTooLarge,
    BadAnswer,
    IntercomError,
    InvalidRequest,
    NotFound,
    RateLimited,
    error_for,
)
from .decoding import decoded
from .rate_limit import server_time, wait_seconds


def call_of(request: httpx.Request) -> Call:
    """Return what a request asks for."""
    return Call(request.method, request.url.path)


def refusal(request: httpx.Request, response: httpx.Response, content: bytes) -> IntercomError:
    """Return the error of an answer without success, whose body is `content`."""
    if response.is_redirect:
        return _redirected(request, response)
    error = error_for(
        request.method,
        request.url.path,
        response.status_code,
        decoded(content),
        has_page_cursor=PAGE_CURSOR.encode() in request.url.query + request.content,
    )
    if isinstance(error, RateLimited):
        error.wait_seconds = wait_seconds(response.headers)
    if isinstance(error, NotFound):
        error.server_at = server_time(response.headers)
    return error


def _redirected(request: httpx.Request, response: httpx.Response) -> IntercomError:
    """Return the error of a 3xx: none is followed, since the token is for the configured host alone."""
    location = response.headers.get("location")
    failure = partial(call_of(request).failure, status=response.status_code)
    if response.status_code == httpx.codes.NOT_MODIFIED:  # a cache on the way has answered
        return BadAnswer(failure("an answer without content, although none was known before"))
    if location and _is_of_another(request.url, location):
        return InvalidRequest(failure(f"moved to {location}; set base_url under [sources.intercom] to it"))
    return InvalidRequest(failure(f"the server redirects {request.url.path}" + f" to {location}" * bool(location)))


def _is_of_another(url: httpx.URL, location: str) -> bool:
    """Return True if `location` is on another host than `url`."""
    try:
        target = url.join(location)
    except (httpx.InvalidURL, ValueError):
        return False
    return (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port)


def check_bounds(request: httpx.Request, bounds: Bounds, count_bytes: int, seconds: float) -> None:
    """Raise AnswerTooLarge for a body that exceeds `bounds` in size or time."""
    if count_bytes > bounds.max_answer_megabytes * MEGABYTE:
        message = f"the answer is more than max_answer_megabytes = {bounds.max_answer_megabytes}"
        raise AnswerTooLarge(call_of(request).failure(message))
    if seconds > bounds.max_answer_seconds:
        raise too_slow(request, bounds)


def too_slow(request: httpx.Request, bounds: Bounds) -> AnswerTooLarge:
    """Return the error of an answer that is not complete in time."""
    message = f"the answer is not whole after max_answer_seconds = {bounds.max_answer_seconds:g}"
    return AnswerTooLarge(call_of(request).failure(message))
