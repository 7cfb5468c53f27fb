"""Seconds, calls and memory of a sweep of many records."""

import resource
import time

import pytest

from simulator import SimulatorProcess
from tests.support.workspace import found, load, marks, swept

CONVERSATIONS = 20_000
GONE = 40
CALLS_A_MINUTE = 1_000
SIZES = {"now": "2026-03-01T12:00:00Z", "contacts": 500, "companies": 100, "tickets": 100, "rate_limit": 0}


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a_sweep_of_many_conversations(tmp_path, capsys):
    database = tmp_path / "large.duckdb"
    with SimulatorProcess(conversations=CONVERSATIONS, **SIZES) as simulator:
        assert load(simulator, database, "conversations").status == "complete"
        simulator.mutate(GONE, seed=1, kinds=["conversation_deleted"])
        before_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.monotonic()
        outcome = swept(simulator, database, "conversations")
        seconds = time.monotonic() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_bytes
    calls = outcome.tally.calls
    at_limit = calls / CALLS_A_MINUTE * 60
    facts = f"{calls} calls, {seconds:.1f} s; {at_limit:.0f} s at {CALLS_A_MINUTE:,} a minute; +{grown // 1024} MiB"
    with capsys.disabled():
        print(f"\nsweep of {CONVERSATIONS:,} conversations: {facts}")  # noqa: T201 - a benchmark is there to be read
    assert outcome.status == "complete"
    assert found(outcome, "conversations") == {"marked": GONE}
    assert len(marks(database, "conversations")) == GONE
