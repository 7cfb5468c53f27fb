"""The answers that faults give."""

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from simulator.errors import ApiError, conversation_not_found, resource_not_found, user_not_found
from simulator.faults.connections import CONNECTIONS
from simulator.faults.fault import Fault
from simulator.http.answer import JSON, error_response, nginx_page
from simulator.record import Record
from simulator.workspace import Workspace

RESTART_SCROLL = "Request failed due to an internal network error. Please restart the scroll operation."
NOT_FOUND = {"/contacts/": user_not_found, "/conversations/": conversation_not_found}
RESET_IN_SECONDS = 1
LINGER_ZERO = struct.pack("ii", 1, 0)
"""Closing a socket with this option resets the connection instead of ending it in order."""


class TruncatedResponse(Response):
    """Announces the whole body and sends half of it."""

    def init_headers(self, headers: dict[str, str] | None = None) -> None:  # type: ignore[override] # our own callers
        """Send the headers of the whole answer, with half of its body."""
        super().init_headers(headers)
        self.body = self.body[: len(self.body) // 2]


class SlowResponse(Response):
    """The whole answer after a while."""

    delay_seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer."""
        await asyncio.sleep(self.delay_seconds)
        await super().__call__(scope, receive, send)


class ResetResponse(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Drop the connection under the request."""
        transport = CONNECTIONS[tuple(scope["client"])]
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        transport.abort()
        await asyncio.sleep(0)


def instead_of_answer(fault: Fault, workspace: Workspace, request: Request, headers: dict[str, str]) -> Response | None:
    """The fault's own answer, or None when the real answer is needed (to cut it or to delay it)."""
    if fault.kind == "rate_limited":
        return _rate_limited(fault, workspace, headers)
    if fault.kind == "empty":
        return Response(b"", 200, headers, JSON)
    if fault.kind == "reset":
        return ResetResponse()
    if fault.kind == "error" and fault.html:
        return Response(nginx_page(fault.status), fault.status, media_type="text/html")
    if fault.kind in {"error", "error_as_success", "not_found", "scroll_failed"}:
        return error_response(_error(fault, workspace, request), headers)
    if fault.kind == "scroll_expired":
        workspace.scroll.close()
    return None


def changed_answer(fault: Fault, response: Response, headers: dict[str, str]) -> Response:
    """The real answer, cut or delayed; an error stays as it is."""
    if fault.kind == "truncated":
        return TruncatedResponse(bytes(response.body), response.status_code, headers, response.media_type)
    if fault.kind == "slow":
        slow = SlowResponse(bytes(response.body), response.status_code, headers, response.media_type)
        slow.delay_seconds = fault.delay_seconds
        return slow
    return _altered_answer(fault, response, headers) if response.status_code == HTTPStatus.OK else response


def _altered_answer(fault: Fault, response: Response, headers: dict[str, str]) -> Response:
    if fault.kind == "cut":
        return Response(orjson.dumps(_cut(fault, orjson.loads(response.body))), 200, headers, JSON)
    if fault.kind == "altered":
        return Response(altered(orjson.loads(response.body), fault.places), 200, headers, JSON)
    if fault.kind == "repeated":
        return Response(orjson.dumps(_repeated(orjson.loads(response.body))), 200, headers, JSON)
    return response


def _cut(fault: Fault, answer: Record) -> Record:
    """A page of a list without the link to the next one."""
    if "scroll_param" in answer:
        answer["data"] = []
    elif isinstance(answer.get("pages"), dict):
        answer["pages"].pop("next", None)
    if fault.total_count is not None:
        answer["total_count"] = fault.total_count
    return answer


def _repeated(answer: Record) -> Record:
    """A page of a list with one record twice and another one hidden."""
    for records in answer.values():
        if isinstance(records, list) and records:
            records[-1] = records[0]
    return answer


def altered(answer: Record, places: dict[str, str]) -> bytes:
    """The answer with a text, which need not be JSON, in each place; names and numbers lead there, divided by dots."""
    texts: dict[bytes, bytes] = {}
    for at, text in places.items():
        *above, last = at.split(".")
        holder: Any = answer
        for step in above:
            holder = _inside(holder, step)
        mark = f"altered place {len(texts)}, 5c1f"
        if isinstance(holder, dict):
            holder[last] = mark
        elif _inside(holder, last) is not None:
            holder[int(last)] = mark
        texts[orjson.dumps(mark)] = text.encode()
    content = orjson.dumps(answer)
    for marked, encoded in texts.items():
        content = content.replace(marked, encoded, 1)
    return content


def _inside(holder: Any, step: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[int(step)] if isinstance(holder, list) and step.isdecimal() and int(step) < len(holder) else None


def _rate_limited(fault: Fault, workspace: Workspace, headers: dict[str, str]) -> Response:
    shown = {name: value for name, value in headers.items() if not name.startswith("X-RateLimit")}
    if fault.headers:
        reset_at = str(workspace.clock.now() + RESET_IN_SECONDS)
        shown = {"X-RateLimit-Limit": "1666", "X-RateLimit-Reset": reset_at, **headers, "X-RateLimit-Remaining": "0"}
    if fault.retry_after_seconds is not None:
        shown["Retry-After"] = str(fault.retry_after_seconds)
    limit = shown.get("X-RateLimit-Limit", "1666")
    error = ApiError(429, "rate_limit_exceeded", f"Exceeded rate limit of {limit} in 10_seconds")
    return error_response(error, {"X-Request-Id": headers["X-Request-Id"], **shown})


def _error(fault: Fault, workspace: Workspace, request: Request) -> ApiError:
    if fault.kind == "scroll_failed":
        workspace.scroll.close()
        return ApiError(500, "server_error", RESTART_SCROLL)
    if fault.kind == "not_found":
        makers = (make for prefix, make in NOT_FOUND.items() if request.url.path.startswith(prefix))
        return next(makers, resource_not_found)()
    return ApiError(200 if fault.kind == "error_as_success" else fault.status, fault.code, fault.message)
