"""Starts the command line in no time: `python -m tests.support.processes.launcher SOCKET` imports it once, and forks.

Each run is a process of its own, with its own folder, environment, streams, signals and exit code, and only what
takes three seconds of every start is done before: finding and compiling modules, and writing the text of each model.
A run that asks sends its three streams and what to run, is told its process id and, at the end, its exit code.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from runpy import run_module

import duckdb

from pipelines.invocation import COMMANDS
from tests.support.quick_libraries import remember
from transforms.runner.dialects.sql_text import model_text
from transforms.runner.model_graph.model import CHANGES, FIVETRAN
from transforms.runner.model_graph.shipped_models import read_models

# What is imported when dlt has something to do, and for a first load.
WITH_DLT_AT_WORK = (
    "dlt._workspace.cli._plugins",
    "dlt.sources.helpers.requests",
    "pendulum.locales.en.locale",
    "pydantic.main",
)
WITH_A_LOAD = (
    "dlt.common.libs.pyarrow",
    "dlt.destinations.impl.duckdb.duck",
    "dlt.destinations.impl.postgres.postgres",
    "pyarrow.compute",
    "requests",
)
STREAMS = 3


def import_everything():
    for name in COMMANDS:
        import_module(f"pipelines.commands.{name.replace('-', '_')}")
    for name in (*WITH_DLT_AT_WORK, *WITH_A_LOAD):
        import_module(name)
    for model in read_models(CHANGES, FIVETRAN):
        model_text(model, "duckdb")  # a model remembers it
    remember()
    duckdb.close()  # the connection that it opens by itself has a thread, and a fork has none of the other threads
    gc.collect()
    gc.freeze()  # forks share the memory of what is never looked at
    gc.set_threshold(50_000, 20, 20)  # as in tests


def next_asked(listener):
    """Return what to run, in the process that is to run it; the launcher itself ends with whoever started it."""
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            raise SystemExit
        connection, _ = listener.accept()
        if not os.fork():
            return attended(connection)
        connection.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def attended(connection):
    """Return what to run in a process of its own; wait for its end in this one, and say how it ended."""
    _, streams, _, _ = socket.recv_fds(connection, 1, STREAMS)
    asked = json.loads(connection.makefile().readline())
    process_id = os.fork()
    if not process_id:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        connection.close()
        return asked
    for stream in (*streams, 0, 1, 2):
        os.close(stream)
    with suppress(OSError):  # whoever asked may be gone
        connection.sendall(f"{process_id}\n".encode())
    _, status = os.waitpid(process_id, 0)
    with suppress(OSError):
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(asked):
    """Be the process that was asked for, as if it had just been started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.chdir(asked["folder"])
    sys.path.insert(0, asked["folder"])
    sys.argv = [asked["module"], *asked["arguments"]]
    run_module(asked["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    import_everything()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen()
        print("listening", flush=True)  # noqa: T201 - whoever started this waits for it
        wanted = next_asked(listening)
    become(wanted)
