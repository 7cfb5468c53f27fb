"""Whether somebody has stopped a command, whatever dlt and DuckDB make of it."""

import signal
import threading

import duckdb
import pytest

from pipelines.stop import was_interrupted


def wrapped(cause):
    error = OSError()
    error.__cause__ = cause
    return error


def test_what_ctrl_c_is_wrapped_in_is_no_defect():
    assert was_interrupted(wrapped(wrapped(KeyboardInterrupt())))
    assert not was_interrupted(wrapped(RuntimeError("another one")))


def test_a_statement_that_is_interrupted_is_no_defect():
    stop = threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,))
    stop.start()
    with duckdb.connect() as connection, pytest.raises((RuntimeError, KeyboardInterrupt)) as raised:
        connection.execute(
            "select count(*) from range(10000000) as a, range(10000) as b where a.range % 7 = b.range % 5"
        )
    stop.join()
    assert was_interrupted(raised.value)
