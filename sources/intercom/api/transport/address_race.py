"""Connecting to a host with several addresses: the first to answer wins, as in RFC 8305 ("happy eyeballs").

If IPv6 leads nowhere, trying one address after another would delay every new connection.
"""

import os
import select
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import zip_longest
from typing import Any

from .deadline import seconds_left

HEAD_START_SECONDS = 0.25  # head start of an address over the next one

Address = tuple[Any, Any, int, str, Any]  # as socket.getaddrinfo gives it


def in_turn(addresses: Iterable[Address]) -> list[Address]:
    """Return addresses as they race: in their order, but alternating between IPv4 and IPv6, as one often fails."""
    by_family: dict[Any, list[Address]] = {}
    for address in addresses:
        by_family.setdefault(address[0], []).append(address)
    return [address for turn in zip_longest(*by_family.values()) for address in turn if address is not None]


def first_to_answer(addresses: list[Address], deadline: float, check: Callable[[], None]) -> socket.socket:
    """Return a socket to the address that wins the race; `check` is called several times a second and may raise.

    Raises the error of the last one that failed, or TimeoutError.
    """
    waiting, racing = list(addresses), list[socket.socket]()
    failure, next_at = OSError("it has no address"), 0.0
    try:
        while waiting or racing:
            check()
            seconds = min(HEAD_START_SECONDS, seconds_left(deadline))
            try:
                if waiting and (not racing or time.monotonic() >= next_at):
                    next_at = time.monotonic() + HEAD_START_SECONDS
                    racing.append(_begun(waiting.pop(0)))
                if sock := _settled(racing, seconds):
                    racing.remove(sock)
                    return _connected(sock)
            except OSError as error:
                failure, next_at = error, 0.0
        raise failure
    finally:
        for sock in racing:
            sock.close()


def _begun(address: Address) -> socket.socket:
    family, kind, protocol, _, host_and_port = address
    sock = socket.socket(family, kind, protocol)
    sock.setblocking(False)
    try:
        with suppress(BlockingIOError):  # it goes on by itself
            sock.connect(host_and_port)
    except OSError:
        sock.close()
        raise
    return sock


def _settled(racing: list[socket.socket], seconds: float) -> socket.socket | None:
    """Return an attempt of the race that has connected or failed; None if there is none after so many seconds."""
    looked_at = select.poll()
    for sock in racing:
        looked_at.register(sock, select.POLLOUT)
    settled = {number for number, _ in looked_at.poll(1_000 * seconds)}
    return next((sock for sock in racing if sock.fileno() in settled), None)


def _connected(sock: socket.socket) -> socket.socket:
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if not code:
        return sock
    sock.close()
    raise OSError(code, os.strerror(code))
