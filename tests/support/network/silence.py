"""Servers that say nothing: one takes connections, the other not even that."""

import socket
import threading
from contextlib import ExitStack, contextmanager, suppress


@contextmanager
def silent_server():
    """Give the port of a server that takes every connection and says nothing, and what it has taken."""
    taken = []

    def accept(listener):
        with suppress(OSError):
            while True:
                taken.append(listener.accept()[0])

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1], taken
    for connection in taken:
        connection.close()


@contextmanager
def port_that_leads_nowhere():
    """Give a port that lets whoever connects wait: as many as it can hold are waiting already."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
