"""Killed or interrupted, a run loses nothing: the next one ends in the truth."""

import json
import signal
from threading import Event

import pytest

from pipelines.run.signals import graceful
from tests.ground_truth.comparison import differences, tables_of

# Of every kind: lists, a scroll, searches, windows of days, and an export job.
READ = ("tags", "companies", "contacts", "conversations", "tickets", "activity_logs", "content_export")
SCROLL_SECONDS = 60  # for which a dead run's scroll keeps everybody out


def database_of(command):
    return command.folder / "intercom_data.duckdb"


@pytest.mark.parametrize("requests", [3, 12, 40])
def test_after_kill_9_the_next_run_ends_in_the_truth(command, slow_simulator, requests):
    command.point_at(slow_simulator)
    killed = command.start("sync", *READ, "--no-transform", SOURCES__INTERCOM__CHUNK_RECORDS="10")
    slow_simulator.wait_for_requests(requests)
    killed.kill()
    killed.communicate()
    slow_simulator.clock(advance=SCROLL_SECONDS)
    code, _, errors = command.run("sync", *READ, "--no-transform")
    assert code == 0, errors
    assert differences(slow_simulator, database_of(command), tables=tables_of(*READ)) == []


def test_after_ctrl_c_what_was_read_is_loaded_and_the_next_run_continues(command, slow_simulator):
    command.point_at(slow_simulator)
    interrupted = command.start("sync", *READ, "--no-transform", SOURCES__INTERCOM__CHUNK_RECORDS="10")
    slow_simulator.wait_for_requests(60)
    interrupted.send_signal(signal.SIGINT)
    output, _ = interrupted.communicate(timeout=60)
    assert interrupted.returncode == 1
    assert "run the same command again to continue" in output
    assert command.run("sync", *READ, "--no-transform")[0] == 0
    assert differences(slow_simulator, database_of(command), tables=tables_of(*READ)) == []


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_of_either_kind_does_what_it_did_before_the_run(first, second):
    stop, said, usual = Event(), [], []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda *_: usual.append("stopped at once")) for kind in kinds}
    try:
        with graceful(stop, lambda: said.append("stopping")):
            signal.raise_signal(first)
            assert (stop.is_set(), said, usual) == (True, ["stopping"], [])
            signal.raise_signal(second)
            assert (said, usual) == (["stopping"], ["stopped at once"])
        signal.raise_signal(first)
        assert len(usual) == 2, "and after it"
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_ignored_signal_stays_ignored(number):
    stop = Event()
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with graceful(stop, lambda: None):
            signal.raise_signal(number)
            assert not stop.is_set()
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_before_anything_is_read_a_signal_ends_the_command_in_one_line(command, slow_simulator, number):
    command.point_at(slow_simulator)
    slow_simulator.faults({"kind": "slow", "operation": "identifyAdmin", "delay_seconds": 20.0})
    stopped = command.start("sync", "--log-format", "json", DLT_DATA_DIR=str(command.folder / "dlt"))
    slow_simulator.wait_for_requests(1)
    stopped.send_signal(number)
    output, errors = stopped.communicate(timeout=15)
    assert (stopped.returncode, output) == (1, "")
    (line,) = map(json.loads, errors.splitlines())
    assert (line["event"], line["exit_code"], line["message"]) == ("error", 1, "Stopped.")
    assert not list((command.folder / "dlt").rglob("*.json")), "nothing is left of it"


def test_ctrl_c_twice_says_one_thing_and_loses_the_chunk_in_flight_at_most(command, slow_simulator):
    command.point_at(slow_simulator)
    interrupted = command.start("sync", "--no-transform")
    slow_simulator.wait_for_requests(60)
    interrupted.send_signal(signal.SIGINT)
    said = interrupted.stderr.readline()
    interrupted.send_signal(signal.SIGINT)
    output, errors = interrupted.communicate(timeout=60)
    assert interrupted.returncode == 1
    assert said == "Stopping: what was read so far is being loaded. Press again to stop at once.\n"
    last = errors.splitlines()[-1]
    assert last.startswith("intercom-elt: Stopped at once."), output + errors
    assert "run the same command again to continue" in last
    assert "Traceback" not in errors
