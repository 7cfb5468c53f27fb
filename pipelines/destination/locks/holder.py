"""The holder of a lock, described for whoever has to wait."""

import getpass
import os
import socket
from dataclasses import dataclass, field
from typing import Protocol

import pendulum

ANOTHER_RUN = "Another run is going on for {}: {}. Wait until it has ended."


class Occupied(Exception):
    """A lock has another holder; the message says who."""


class Lock(Protocol):
    """A lock that its holder has."""

    def confirm(self) -> None:
        """Raise if the holder has lost the lock meanwhile, because another run may have begun."""


@dataclass(frozen=True)
class Holder:
    """The holder of a lock: the process, as described to others."""

    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    since: str = field(default_factory=lambda: pendulum.now("UTC").format("YYYY-MM-DD HH:mm:ss[Z]"))

    def __str__(self) -> str:
        """The holder of a lock for messages: `process 4711 of ada on etl-1, since 2026-01-31 02:15:00Z`."""
        return f"process {self.pid} of {_user()} on {self.host}, since {self.since}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user often has a number only
        return str(os.getuid())
