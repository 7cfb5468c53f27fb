"""A small HTTP server for answers that the simulator does not give: no headers, broken bytes, odd pages."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """What was asked; `body` is the decoded JSON of a POST, header names are in lower case."""

    method: str
    path: str
    query: dict
    body: dict | None
    headers: dict

    @property
    def starting_after(self):
        """The page cursor of a search."""
        return self.body["pagination"].get("starting_after")


@dataclass
class Reply:
    """What is answered; a dict or list goes out as JSON, bytes as they are.

    `is_cut`: the connection ends in the middle of the body, after the server has done its work. With `drip_seconds`
    the body goes out byte by byte.
    """

    content: object = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    is_cut: bool = False
    drip_seconds: float = 0.0


NOT_FOUND = Reply({"type": "error.list", "errors": [{"code": "not_found"}]}, 404)
GATEWAY_NOT_FOUND = Reply(b"<html><body>404 Not Found</body></html>", 404, {"Content-Type": "text/html"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Stay silent when a client hangs up, as clients of cut answers do."""


class Loopback:
    """Answers every request with `answer(request)`, which gives a `Reply` or the content of a 200.

    `context`: what it encrypts with.
    """

    def __init__(self, answer, context=None):
        self.requests = []
        lock = threading.Lock()
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body are written apart: the body would wait 40 ms

            def _handle(self):
                target = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                request = Request(
                    self.command,
                    target.path,
                    dict(parse_qsl(target.query)),
                    json.loads(body) if body else None,
                    {name.lower(): value for name, value in self.headers.items()},
                )
                with lock:
                    requests.append(request)
                    reply = answer(request)
                self._send(reply if isinstance(reply, Reply) else Reply(reply))

            do_GET = do_POST = _handle  # noqa: N815 - names that http.server looks for

            def _send(self, reply):
                content = reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content) + reply.is_cut))
                self.end_headers()
                self._write(content, reply.drip_seconds)
                if reply.is_cut:
                    self.close_connection = True

            def _write(self, content, drip_seconds):
                for number in range(len(content)) if drip_seconds else ():
                    self.wfile.write(content[number : number + 1])
                    self.wfile.flush()
                    time.sleep(drip_seconds)
                if not drip_seconds:
                    self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.url = f"{'http' if context is None else 'https'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
