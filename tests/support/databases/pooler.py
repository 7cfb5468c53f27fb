"""A pooler in front of PostgreSQL, of one connection, which is lent for a transaction."""

import contextlib
import socket
import struct
import threading
from urllib.parse import urlsplit

WITHOUT_ENCRYPTION = (80877103, 80877104)  # asks for TLS, for GSSAPI
CANCEL = 80877102
PARAMETERS = {
    "server_version": "18.0",
    "server_encoding": "UTF8",
    "client_encoding": "UTF8",
    "DateStyle": "ISO, MDY",
    "integer_datetimes": "on",
    "standard_conforming_strings": "on",
}


@contextlib.contextmanager
def pooled(url):
    """Yield the URL by which the database is reached through a pooler in transaction mode, as pgbouncer is."""
    with socket.create_server(("127.0.0.1", 0)) as door, contextlib.closing(_Server(url)) as server:

        def welcome():
            with contextlib.suppress(OSError):
                while True:
                    client = door.accept()[0]
                    threading.Thread(target=server.serve, args=(client,), daemon=True).start()

        threading.Thread(target=welcome, daemon=True).start()
        address = urlsplit(url)
        yield address._replace(netloc=f"tester:trusted@127.0.0.1:{door.getsockname()[1]}").geturl()
        door.shutdown(socket.SHUT_RDWR)


class _Server:
    """The one connection to the server, and whoever has it for a transaction."""

    def __init__(self, url):
        address = urlsplit(url)
        self._connection = socket.create_connection((address.hostname, address.port))
        self._lent = threading.Lock()
        names = f"user\0{address.username}\0database\0{address.path[1:]}\0\0".encode()
        self._connection.sendall(struct.pack("!II", len(names) + 8, 196608) + names)
        while _message(self._connection)[0] != b"Z":
            pass

    def close(self):
        self._connection.close()

    def serve(self, client):
        """Answer one client until it leaves."""
        with client, contextlib.suppress(OSError):
            if not _welcomed(client):
                return
            while (asked := _message(client)) and asked[0] != b"X":
                with self._lent:
                    is_idle = self._answer(client, asked)
                    while not is_idle and (asked := _message(client)):
                        is_idle = self._answer(client, asked)

    def _answer(self, client, asked):
        """Pass a question on, and the answers back; return True if no transaction is open after it."""
        self._connection.sendall(_packed(*asked))
        while True:
            kind, body = _message(self._connection)
            client.sendall(_packed(kind, body))
            if kind == b"Z":
                return body == b"I"


def _welcomed(client):
    """Let a client in, with the number of a connection that is nobody's; return False if it only asks to cancel."""
    while True:
        (length,) = struct.unpack("!I", _exactly(client, 4))
        (code,) = struct.unpack("!I", _exactly(client, length - 4)[:4])
        if code == CANCEL:
            return False
        if code not in WITHOUT_ENCRYPTION:
            break
        client.sendall(b"N")
    client.sendall(_packed(b"R", struct.pack("!I", 0)))
    for name, value in PARAMETERS.items():
        client.sendall(_packed(b"S", f"{name}\0{value}\0".encode()))
    client.sendall(_packed(b"K", struct.pack("!II", 1, 1)) + _packed(b"Z", b"I"))
    return True


def _message(connection):
    """Return kind and body of the next message, None at the end."""
    kind = connection.recv(1)
    if not kind:
        return None
    (length,) = struct.unpack("!I", _exactly(connection, 4))
    return kind, _exactly(connection, length - 4)


def _packed(kind, body):
    return kind + struct.pack("!I", len(body) + 4) + body


def _exactly(connection, count):
    found = b""
    while len(found) < count:
        more = connection.recv(count - len(found))
        if not more:
            raise ConnectionResetError
        found += more
    return found
