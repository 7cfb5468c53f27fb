"""Answers that are not a plain JSON object with status 200: bytes, errors, the page of a server in front."""

from dataclasses import dataclass
from http.client import responses

import orjson
from starlette.responses import Response

from simulator.errors import ApiError

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """The answer of an endpoint that is no plain JSON with status 200: bytes, status and media type.

    `location`: where it redirects to, if it does.
    """

    content: bytes
    status: int = 200
    media_type: str = JSON
    location: str = ""


def error_response(error: ApiError, headers: dict[str, str]) -> Response:
    """Return the HTTP answer for an error, in Intercom's envelope."""
    return Response(orjson.dumps(error.envelope(headers["X-Request-Id"])), error.status, headers, JSON)


def nginx_page(status: int) -> str:
    """Return the answer of a server in front of the simulated API, an HTML page, when the API gives none."""
    title = f"{status} {responses.get(status, 'Unknown')}"  # such as Cloudflare's 520
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
