"""The ASGI application: one request in, one answer out, and everything around it (gate, faults, log, churn)."""

import asyncio
import itertools
import logging
from email.utils import formatdate
from functools import partial
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from simulator import errors
from simulator.control import answer_control
from simulator.control.origin import REFUSED, is_cross_site
from simulator.endpoints import export_storage
from simulator.endpoints.permissions import check_area
from simulator.endpoints.routes import Operation, Paths
from simulator.errors import ApiError
from simulator.faults.kinds import KINDS, Struck
from simulator.http.answer import JSON, Answer, error_response
from simulator.http.call import Call
from simulator.options import Options
from simulator.record import Record
from simulator.running.state import State
from simulator.serving import gate
from simulator.serving.transit import in_chunks, pack
from simulator.workspace.file_links import signed

logger = logging.getLogger(__name__)

CONTROL_PREFIX = "/_simulator/"
UNROUTED = "(none)"
STORAGE = "(storage)"
MILLISECONDS_PER_SECOND = 1_000


class Simulator:
    """The ASGI app: answers as Intercom's API 2.10 would, from its state."""

    def __init__(self, options: Options) -> None:
        self.state = State(options)
        self._paths = Paths()
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request to the simulator's app."""
        request = Request(scope, receive)
        body = await request.body()
        is_of_api = not request.url.path.startswith((CONTROL_PREFIX, export_storage.PREFIX))
        try:
            response = self._answer_whatever(request, body, is_of_api=is_of_api)
        except Exception:  # noqa: BLE001 - the server would answer 500 without a word
            response = self._own_failure(request, {"X-Request-Id": errors.new_request_id()})
        response.headers["Date"] = formatdate(self.state.clock.now(), usegmt=True)
        options = self.state.options
        if is_of_api:
            pack(response, request.headers, options)
        if is_of_api and options.latency_ms:
            await asyncio.sleep(options.latency_ms / MILLISECONDS_PER_SECOND)
        await response(scope, receive, in_chunks(send) if is_of_api and options.chunked else send)

    def _answer_whatever(self, request: Request, body: bytes, *, is_of_api: bool) -> Response:
        path = request.url.path
        if is_of_api:
            response = self._answer_api(request, body)
            self.state.churn.after_request(self.state.workspace, self.state.options)
            return response
        if path.startswith(export_storage.PREFIX):
            return self._answer_storage(request)
        if is_cross_site(request.headers, self.state.options.host):
            return JSONResponse({"error": REFUSED}, 403)
        return answer_control(self.state, request.method, path, request.query_params, body)

    def _own_failure(self, request: Request, headers: dict[str, str]) -> Response:
        """Show and count an error of the simulator's own; a client takes it for Intercom's, and hides it by retries."""
        logger.exception("the simulator itself failed at %s %s", request.method, request.url)
        self.state.log.count_own_failures += 1
        return error_response(errors.server_error(), headers)

    def _answer_api(self, request: Request, body: bytes) -> Response:
        headers = {"X-Request-Id": errors.new_request_id()}
        name, fault, path = UNROUTED, None, request.url.path
        try:
            self._let_in(request, headers)
            operation, params = self._find(request.method, path)
        except ApiError as error:
            response = error_response(error, headers)
        else:
            name = operation.name
            answer = partial(self._answer, operation, params, request, body, headers)
            fault = self.state.faults.draw(name, path)
            struck = Struck(self.state.workspace, path, headers, answer, operation.missing)
            response = KINDS[fault.kind].act(fault, struck) if fault else answer()
        self.state.log.add(
            name, request, body, response.status_code, self.state.clock.now(), fault.kind if fault else None
        )
        return response

    def _let_in(self, request: Request, headers: dict[str, str]) -> None:
        gate.check_token(request.headers, self.state.options)
        windows = self.state.rate_windows
        is_within_limit = windows.count()
        headers.update(windows.headers(), **{"Intercom-Version": gate.DEFAULT_VERSION})
        if not is_within_limit:
            raise errors.rate_limited(windows.allowance)
        headers["Intercom-Version"] = gate.asked_version(request.headers)

    def _find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        try:
            operation, params = self._paths.find(method, path)
        except KeyError:
            raise errors.resource_not_found() from None
        if operation is None:
            message = "Requested resource is not available in current API version"
            raise ApiError(400, "intercom_version_invalid", message)
        return operation, params

    def _answer(
        self, operation: Operation, params: dict[str, str], request: Request, body: bytes, headers: dict[str, str]
    ) -> Response:
        try:
            call = self._call(operation, params, request, body, headers)
            check_area(operation.area, self.state.options)
            content = operation.endpoint(call)
        except ApiError as error:
            return error_response(error, headers)
        except Exception:  # noqa: BLE001 - shown, and logged as the answer that it is
            return self._own_failure(request, headers)
        if isinstance(content, Answer):
            to = {"Location": content.location} if content.location else {}
            return Response(content.content, content.status, headers | to, content.media_type)
        shown = signed(orjson.dumps(content), self.state.clock.now(), next(self._numbers))
        return Response(shown, 200, headers, JSON)

    def _answer_storage(self, request: Request) -> Response:
        now, path = self.state.clock.now(), request.url.path
        exports = self.state.workspace.exports
        answer = export_storage.answer_signed(exports, path, request.query_params, request.headers, now)
        self.state.log.add(STORAGE, request, b"", answer.status, now, None)
        return Response(answer.content, answer.status, media_type=answer.media_type)

    def _call(
        self, operation: Operation, params: dict[str, str], request: Request, body: bytes, headers: dict[str, str]
    ) -> Call:
        return Call(
            workspace=self.state.workspace,
            options=self.state.options,
            version=headers["Intercom-Version"],
            path=request.url.path,
            params=params,
            query=dict(parse_qsl(request.url.query, keep_blank_values=True)),
            body=_json_object(body, request),
            base_url=self.state.options.link_base_url or f"http://{request.headers.get('host', '')}",
            missing=operation.missing,
        )


def _json_object(body: bytes, request: Request) -> Record:
    gate.check_media_types(request.headers, has_body=bool(body))
    if not body:
        return {}
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.parameter_invalid("The request body could not be parsed as JSON") from error
    if not isinstance(parsed, dict):
        raise errors.parameter_invalid("The request body must be a JSON object")
    return parsed
