"""How a command ends by Ctrl-C, whatever dlt and DuckDB make of it."""

import json
import subprocess
import sys

import pytest

from pipelines.stop import was_interrupted

INTERRUPTED = """
import duckdb, signal, threading
from pipelines.stop import was_interrupted
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
threading.Timer(0.3, signal.raise_signal, (signal.SIGINT,)).start()
duckdb.execute("set threads = 1")  # of several, the one that hears signals may only wait
try:
    duckdb.execute("select sum(range) from range(1000000000000)")  # hours, in steps of which each hears a signal
except BaseException as error:
    print(type(error).__name__, was_interrupted(error))
"""


def wrapped(cause):
    error = OSError()
    error.__cause__ = cause
    return error


def test_what_ctrl_c_is_wrapped_in_is_no_defect():
    assert was_interrupted(wrapped(wrapped(KeyboardInterrupt())))
    assert not was_interrupted(wrapped(RuntimeError("another one")))


def test_a_statement_that_is_interrupted_is_no_defect():
    ended = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=30)
    assert ended.stdout in {"RuntimeError True\n", "KeyboardInterrupt True\n"}, ended.stderr


WHILE_IMPORTED = """
import signal, sys
from pipelines.cli import main

class Interrupting:
    def find_spec(name, path, target=None):
        if name == "fsspec.spec":  # in the middle of a package that cannot be imported again after that
            sys.meta_path.remove(Interrupting)
            try:
                signal.raise_signal(signal.{signal})
            except KeyboardInterrupt:
                {then}

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupting)
main({arguments})
"""


@pytest.mark.parametrize("then", ["raise", "pass", "raise AttributeError(name)"])
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM"])
def test_whatever_an_import_makes_of_a_signal_the_command_ends_in_one_line(tmp_path, signal, then):
    ended = interrupted(tmp_path, signal=signal, then=then, arguments=["status"])
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "intercom-elt: Stopped.\n")


def test_a_signal_while_modules_are_imported_is_told_to_machines_as_such(tmp_path):
    ended = interrupted(tmp_path, signal="SIGINT", then="raise", arguments=["status", "--log-format", "json"])
    line = json.loads(ended.stderr)
    assert (ended.returncode, line["event"], line["exit_code"], line["message"]) == (1, "error", 1, "Stopped.")


def interrupted(folder, **words):
    script = WHILE_IMPORTED.format(**words)
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
