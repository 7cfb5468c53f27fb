"""Killed or interrupted, a run loses nothing: the next one ends in the truth."""

import signal

import pytest

from tests.ground_truth.comparison import differences


@pytest.mark.parametrize("requests", [3, 12, 40])
def test_after_kill_9_the_next_run_ends_in_the_truth(command, slow_simulator, requests):
    command.point_at(slow_simulator)
    killed = command.start("sync", "--all", "--no-transform", SOURCES__INTERCOM__CHUNK_RECORDS="10")
    slow_simulator.wait_for_requests(requests)
    killed.kill()
    killed.communicate()
    code, _, errors = command.run("sync", "--all", "--no-transform")
    assert code == 0, errors
    assert differences(slow_simulator, command.folder / "intercom_data.duckdb") == []


def test_after_ctrl_c_what_was_read_is_loaded_and_the_next_run_continues(command, slow_simulator):
    command.point_at(slow_simulator)
    interrupted = command.start("sync", "--no-transform", SOURCES__INTERCOM__CHUNK_RECORDS="10")
    slow_simulator.wait_for_requests(60)
    interrupted.send_signal(signal.SIGINT)
    output, _ = interrupted.communicate(timeout=60)
    assert interrupted.returncode == 1
    assert "run the same command again to continue" in output
    assert command.run("sync", "--all", "--no-transform")[0] == 0
    assert differences(slow_simulator, command.folder / "intercom_data.duckdb") == []
