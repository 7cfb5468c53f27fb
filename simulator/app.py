"""The ASGI application: one request in, one answer out, and everything around it (gate, log, headers)."""

from email.utils import formatdate
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from simulator import errors, gate
from simulator.call import Call
from simulator.control import answer_control
from simulator.errors import ApiError
from simulator.options import Options
from simulator.record import Record
from simulator.routes import Operation, Paths
from simulator.state import State

CONTROL_PREFIX = "/_simulator/"
UNROUTED = "(none)"


class Simulator:
    """Answers as Intercom's API 2.10 would, from the state behind it."""

    def __init__(self, options: Options) -> None:
        self.state = State(options)
        self._paths = Paths()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        body = await request.body()
        if request.url.path.startswith(CONTROL_PREFIX):
            response = answer_control(self.state, request.method, request.url.path, request.query_params, body)
        else:
            response = self._answer_api(request, body)
        response.headers["Date"] = formatdate(self.state.clock.now(), usegmt=True)
        await response(scope, receive, send)

    def _answer_api(self, request: Request, body: bytes) -> Response:
        name, path, headers = UNROUTED, request.url.path, {"X-Request-Id": errors.request_token()}
        try:
            gate.check_token(request.headers, self.state.options)
            is_within_limit = self.state.rate_windows.count()
            headers.update(self.state.rate_windows.headers(), **{"Intercom-Version": gate.DEFAULT_VERSION})
            if not is_within_limit:
                raise errors.rate_limited(self.state.rate_windows.allowance)
            headers["Intercom-Version"] = gate.asked_version(request.headers)
            operation, params = self._find(request.method, path)
            name = operation.name
            gate.check_media_types(request.headers, body)
            content = operation.endpoint(self._call(request, params, body))
            response = Response(orjson.dumps(content), 200, headers, "application/json; charset=utf-8")
        except ApiError as error:
            envelope = orjson.dumps(error.envelope(headers["X-Request-Id"]))
            response = Response(envelope, error.status, headers, "application/json; charset=utf-8")
        now = self.state.clock.now()
        self.state.log.add(name, request.method, path, request.url.query, body, response.status_code, now)
        return response

    def _find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        try:
            operation, params = self._paths.find(method, path)
        except KeyError:
            raise errors.resource_not_found() from None
        if operation is None:
            raise errors.version_invalid()
        return operation, params

    def _call(self, request: Request, params: dict[str, str], body: bytes) -> Call:
        return Call(
            workspace=self.state.workspace,
            options=self.state.options,
            path=request.url.path,
            params=params,
            query=dict(parse_qsl(request.url.query, keep_blank_values=True)),
            body=_json_object(body),
            base_url=f"http://{request.headers.get('host', '')}",
        )


def _json_object(body: bytes) -> Record:
    if not body:
        return {}
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.parameter_invalid("The request body could not be parsed as JSON") from error
    if not isinstance(parsed, dict):
        raise errors.parameter_invalid("The request body must be a JSON object")
    return parsed
