"""How the bytes of an answer travel: as they are or compressed, with their length or in chunks."""

import gzip
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Message, Send

from simulator.options import Options

GZIP = "gzip"
FASTEST = 1
TEXTS = ("application/json", "text/html")
CHUNKS = 3
"""Into how many chunks a body is cut, anywhere in its text."""


def pack(response: Response, asked: Mapping[str, str], options: Options) -> None:
    """Make a simulator's response one that travels as the options say; compressed only where the client takes that."""
    is_text = str(response.media_type).startswith(TEXTS)
    if options.compressed and response.body and is_text and GZIP in asked.get("accept-encoding", ""):
        response.body = gzip.compress(response.body, FASTEST, mtime=0)
        response.headers["Content-Encoding"] = GZIP
        response.headers["Content-Length"] = str(len(response.body))
    if options.chunked:
        del response.headers["Content-Length"]


def in_chunks(send: Send) -> Send:
    """Return a way to send a simulator's response whose body travels in several chunks."""

    async def send_chunks(message: Message) -> None:
        body = message.get("body", b"")
        size = len(body) // CHUNKS + 1
        while len(body) > size:
            await send({**message, "body": body[:size], "more_body": True})
            body = body[size:]
        await send({**message, "body": body} if body else message)

    return send_chunks
