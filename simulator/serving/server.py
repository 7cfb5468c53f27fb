"""Runs the simulator until it is stopped."""

import socket
import sys
import threading
from contextlib import suppress

import uvicorn

from simulator.faults.connections import RememberedProtocol
from simulator.options import Options
from simulator.serving.app import Simulator

KEEP_ALIVE_SECONDS = 75
BACKLOG = 2_048


class _AnnouncingServer(uvicorn.Server):
    """The server of a simulator: prints its address on standard output once it accepts connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if sockets:
            host, port = sockets[0].getsockname()[:2]
            sys.stdout.write(f"http://{host}:{port}\n")
            sys.stdout.flush()


def serve(options: Options) -> None:
    """Run the simulator's server: prints one line, the URL, when it accepts connections; ends on SIGTERM or SIGINT."""
    config = uvicorn.Config(
        Simulator(options),
        http=RememberedProtocol,
        log_level="critical",
        access_log=False,
        date_header=False,  # the Date header has the simulator's time
        server_header=False,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    server = _AnnouncingServer(config)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((options.host, options.port))
    listener.listen(BACKLOG)
    if options.exit_with_parent:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # uvicorn raises it again once it has shut down
        server.run(sockets=[listener])


def _stop_at_end_of_input(server: uvicorn.Server) -> None:
    while sys.stdin.buffer.read(1):
        pass
    server.should_exit = True
