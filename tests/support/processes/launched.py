"""A process of the command line, started by the launcher: what `subprocess.Popen` would return, two seconds sooner.

As a program it is such a process for a shell: `python launched.py SOCKET MODULE ARGUMENT…`.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Launched:
    """A process that runs `python -m MODULE ARGUMENT…`, with what it has written."""

    def __init__(self, module, *arguments, folder=None, environment=None):
        self.returncode = None
        (output, said), (errors, complained) = os.pipe(), os.pipe()
        self.stdout, self.stderr = os.fdopen(output), os.fdopen(errors)
        with Path(os.devnull).open() as nothing:
            streams = [nothing.fileno(), said, complained]
            self._answers = ask(launcher(), streams, module, arguments, folder, environment)
        for ours in (said, complained):
            os.close(ours)
        self.pid = int(self._answers.readline())

    def poll(self):
        """Return the exit code; None while the process runs."""
        try:
            return self.wait(0.0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout=None):
        """Return the exit code, negative for a signal; raise `subprocess.TimeoutExpired` after `timeout` seconds."""
        if self.returncode is None:
            self._answers.settimeout(timeout)
            try:
                self.returncode = int(self._answers.readline())
            except (TimeoutError, BlockingIOError) as error:
                raise subprocess.TimeoutExpired([], timeout) from error
        return self.returncode

    def communicate(self, timeout=None):
        """Return what was written to standard output and to standard error, once the process has ended."""
        with self.stdout, self.stderr, ThreadPoolExecutor(2) as pool:
            written = [pool.submit(stream.read) for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
            return tuple(each.result() for each in written)

    def send_signal(self, number):
        with suppress(ProcessLookupError):  # it has ended, as with `subprocess.Popen`
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Answers:
    """What the launcher says, a line at a time."""

    def __init__(self, connection):
        self._connection = connection
        self._said = b""
        self.settimeout = connection.settimeout

    def readline(self):
        while b"\n" not in self._said:
            more = self._connection.recv(100)
            if not more:
                raise RuntimeError("the launcher is gone")
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()


def ask(address, streams, module, arguments, folder=None, environment=None):
    """Have `python -m MODULE ARGUMENT…` run; the answers are its process id and, when it has ended, its exit code."""
    asked = {
        "module": module,
        "arguments": [str(argument) for argument in arguments],
        "folder": str(folder or Path.cwd()),
        "environment": dict(os.environ if environment is None else environment),
    }
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    socket.send_fds(connection, [b"."], streams)
    connection.sendall(json.dumps(asked).encode() + b"\n")
    return Answers(connection)


@cache
def launcher():
    """Return the address of this process's launcher, which is started when it is first asked for."""
    folder = tempfile.TemporaryDirectory(prefix="launcher")
    address = str(Path(folder.name) / "socket")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.processes.launcher", address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for pytest
    )

    def end():
        process.stdin.close()
        process.wait()
        folder.cleanup()

    atexit.register(end)
    assert process.stdout.readline(), "the launcher did not start"
    return address


def shell_script(*, leaves_out=0):
    """Return a shell script that does as `python -m pipelines` does, without so many of its first arguments."""
    return f'#!/bin/sh\nshift {leaves_out}\nexec "{sys.executable}" -I -S "{__file__}" "{launcher()}" pipelines "$@"\n'


if __name__ == "__main__":
    answers = ask(sys.argv[1], [0, 1, 2], sys.argv[2], sys.argv[3:])
    answers.readline()
    sys.exit(int(answers.readline()))
