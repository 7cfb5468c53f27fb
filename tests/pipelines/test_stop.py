"""How a command ends by Ctrl-C, whatever dlt and DuckDB make of it."""

import subprocess
import sys

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
