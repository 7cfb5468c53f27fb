"""HTTPS on this machine, and a proxy in front of it: the certificate is of nobody, for names of nobody."""

import select
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # and its key; whoever trusts it sets SSL_CERT_FILE


def encrypting():
    """Return what a server encrypts with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@contextmanager
def proxy(answers="200 Connection established", *, is_encrypted=False):
    """Give the port of a proxy that leads every tunnel to the port it is asked for, here; and what it was sent.

    One that `answers` with something else than 200 hears what else is said on the connection, and says no more.
    """
    heads = []

    def serve(client):
        with suppress(ConnectionResetError):  # as a client does that does not trust who answers
            attend(client)

    def attend(client):
        if is_encrypted:
            client = encrypting().wrap_socket(client, server_side=True)
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := client.recv(65_536)):  # the client has hung up
                    return
                head += more
            heads.append(head.decode())
            client.sendall(f"HTTP/1.1 {answers}\r\n\r\n".encode())
            if answers.startswith("200"):
                port = int(head.split(b" ")[1].rpartition(b":")[2])
                with socket.create_connection(("127.0.0.1", port)) as server:
                    _pass_on(client, server)
                return
            while more := client.recv(65_536):
                heads.append(more.decode())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, serve), daemon=True).start()
        yield listener.getsockname()[1], heads


def _accept(listener, serve):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(client,), daemon=True).start()


def _pass_on(*ends):
    while True:
        readable, _, _ = select.select(ends, [], [])
        for end in readable:
            content = end.recv(65_536)
            if not content:
                return
            ends[end is ends[0]].sendall(content)
