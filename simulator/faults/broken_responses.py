"""Responses that do not reach the client whole, or not at once."""

import asyncio
import socket
import struct

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from simulator.faults.connections import CONNECTIONS

LINGER_ZERO = struct.pack("ii", 1, 0)
"""Closing a socket with this option resets the connection instead of ending it in order."""


class TruncatedResponse(Response):
    """A faulty response that announces the whole body, by its length or in chunks, and sends half of it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the headers of the whole response and half of its body; the server closes what was not completed."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


class SlowResponse(Response):
    """A faulty response: the whole answer after a while."""

    delay_seconds = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then send the whole response."""
        await asyncio.sleep(self.delay_seconds)
        await super().__call__(scope, receive, send)


class ResetResponse(Response):
    """No response: the connection is reset. Its status is 0, because no client sees one."""

    def __init__(self) -> None:
        super().__init__(status_code=0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give no response: drop the connection under the request."""
        transport = CONNECTIONS[tuple(scope["client"])]
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        transport.abort()
        await asyncio.sleep(0)
