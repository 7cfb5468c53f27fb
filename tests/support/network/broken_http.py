"""Answers that are no HTTP, byte for byte, and a server that gives them."""

import socket
import struct
import threading

NAME = b"Alice Example"  # of a person, in the bodies and headers
BODY = b'{"type": "list", "data": [{"type": "tag", "id": "1", "name": "' + NAME + b'"}]}'
LENGTH = b"Content-Length: %d" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked"
RESET = object()  # behind what is sent, the connection is reset


def answer(*headers, body=BODY, status=b"HTTP/1.1 200 OK"):
    """Return the bytes of an answer."""
    return b"\r\n".join([status, *headers, b"", body])


def whole(body):
    """Return the bytes of an answer in order; it says that the connection is closed behind it."""
    return answer(b"Content-Length: %d" % len(body), b"Connection: close", body=body)


# What is sent, and what is said of it.
NO_HTTP = "not HTTP, or is longer than it says"
CHUNKS = "not divided into chunks as HTTP requires"
WRONG_LENGTH = "Content-Length is wrong, or given twice"
HEADERS = "headers are malformed, or there are too many"
TOO_LONG = "a line of the answer's headers is too long"
BROKEN_OFF = "the answer broke off before its end"
NONE = "the server closed the connection without an answer"
TLS = "the answer is TLS"
BROKEN = {
    "a chunk size that is none": (answer(CHUNKED, body=NAME + b"\r\n{}\r\n0\r\n\r\n"), CHUNKS),
    "a second chunk size that is none": (answer(CHUNKED, body=b"2\r\n{}\r\n" + NAME + b"\r\n"), CHUNKS),
    "a chunk size of 22 digits": (answer(CHUNKED, body=b"f" * 22 + b"\r\n" + BODY), CHUNKS),
    "a chunk longer than its size": (answer(CHUNKED, body=b"3\r\n" + BODY + b"\r\n0\r\n\r\n"), CHUNKS),
    "chunks and a length": (answer(CHUNKED, LENGTH), CHUNKS),
    "a length of two lines": (answer(b"Content-Length: 7", b" 8"), WRONG_LENGTH),
    "chunks of two lines": (answer(b"Transfer-Encoding: gzip,", b" chunked", body=b"2\r\n{}\r\n0\r\n\r\n"), BROKEN_OFF),
    "a length too small": (answer(b"Content-Length: 10"), NO_HTTP),
    "a negative length": (answer(b"Content-Length: -5"), WRONG_LENGTH),
    "a length that is a text": (answer(b"Content-Length: " + NAME), WRONG_LENGTH),
    "two lengths": (answer(b"Content-Length: 5", LENGTH), WRONG_LENGTH),
    "a header without colon": (answer(NAME, LENGTH), HEADERS),
    "a header without name": (answer(b": " + NAME, LENGTH), HEADERS),
    "a NUL in a header": (answer(b"X-Name: \0" + NAME, LENGTH), HEADERS),
    "2,000 headers": (answer(*(b"X-%d: " % number + NAME for number in range(2_000)), LENGTH), HEADERS),
    "a header of 100 kB": (answer(b"X-Name: " + NAME * 8_000, LENGTH), TOO_LONG),
    "a status line of 100 kB": (answer(LENGTH, status=b"HTTP/1.1 200 " + NAME * 8_000), TOO_LONG),
    "HTTP/0.9": (BODY, NO_HTTP),
    "HTTP/2": (answer(LENGTH, status=b"HTTP/2 200 " + NAME), NO_HTTP),
    "a status that is a text": (answer(LENGTH, status=b"HTTP/1.1 " + NAME), NO_HTTP),
    "garbage": (b"\x00\x01\xfe\xff" + NAME * 20, NO_HTTP),
    "TLS that refuses": (b"\x15\x03\x01\x00\x02\x02\x50", TLS),
    "TLS that greets": (b"\x16\x03\x01\x02\x00\x01\x00" + NAME, TLS),
    "nothing": (b"", NONE),
    "half a head": (b"HTTP/1.1 200 OK\r\nX-Name: " + NAME, NONE),
    "half a body": (answer(LENGTH, body=BODY[:-9]), BROKEN_OFF),
    "half a body, and a blank": (answer(b"Content-Length : %d" % len(BODY), body=BODY[:-9]), BROKEN_OFF),
    "half a chunk": (answer(CHUNKED, body=b"500\r\n" + BODY), BROKEN_OFF),
    "no last chunk": (answer(CHUNKED, body=b"2\r\n{}\r\n"), BROKEN_OFF),
    "a lie about gzip": (answer(LENGTH, b"Content-Encoding: gzip", b"Connection: close"), "cannot be unpacked"),
    "a reset": (RESET, "the connection broke"),
}


class BrokenServer:
    """Sends `answers[path]`, BODY where there is none, and closes the connection behind each."""

    def __init__(self, answers):
        self.asked = []
        self.answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.token = "token"  # noqa: S105 - of nobody

    def __enter__(self):
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            asked = b""
            while b"\r\n\r\n" not in asked:
                if not (more := connection.recv(65_536)):  # the client has hung up
                    return
                asked += more
            path = asked.split(b" ")[1].split(b"?")[0].decode()
            self.asked.append(path)
            sent = self.answers.get(path, whole(BODY))
            if sent is RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.sendall(sent)
