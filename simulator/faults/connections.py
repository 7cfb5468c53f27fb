"""The open connections by client address, so that a fault can reset one."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTIONS: dict[tuple[str, int], Any] = {}
"""Client (host, port) -> its transport."""


class RememberedProtocol(HttpToolsProtocol):
    """Remembers each open connection of the simulator, so that a fault can reset it; uvicorn's HTTP protocol."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn declares it
        """Remember the connection of a client of the simulator."""
        super().connection_made(transport)
        self._peer = transport.get_extra_info("peername")[:2]
        CONNECTIONS[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection of a client that has gone from the simulator."""
        CONNECTIONS.pop(self._peer, None)
        super().connection_lost(exc)
