"""Conversations per second without a rate limit, and memory that does not grow with the workspace."""

import pytest

from simulator import SimulatorProcess
from tests.benchmarks.measured_sync import CHUNK_RECORDS, measured_sync

SMALL, LARGE = 5_000, 20_000
SMALL_CHUNK_RECORDS = 2_000
MOST_GROWTH = 1.25  # with four times the conversations
SIZES = {"now": "2026-03-01T12:00:00Z", "contacts": 500, "companies": 100, "tickets": 100, "rate_limit": 0}


@pytest.fixture
def shown(capsys):
    """Print what one sync took."""

    def show(count, chunk_records, measured):
        rate, peak = measured["conversations"] / measured["seconds"], measured["peak_bytes"] / 2**20
        facts = f"{count:,} conversations in chunks of {chunk_records:,}: {rate:.0f} a second, peak {peak:.0f} MiB"
        with capsys.disabled():
            print(f"\n{facts}", end="")  # noqa: T201 - a benchmark is there to be read

    return show


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_memory_does_not_grow_with_the_workspace(tmp_path, shown):
    """Memory depends on the chunk, so chunks are small here: both workspaces need several."""
    peaks = {}
    for count in (SMALL, LARGE):
        with SimulatorProcess(conversations=count, **SIZES) as simulator:
            measured = measured_sync(simulator, tmp_path / f"{count}.duckdb", SMALL_CHUNK_RECORDS)
        shown(count, SMALL_CHUNK_RECORDS, measured)
        assert measured["status"] == "complete"
        peaks[count] = measured["peak_bytes"]
    assert peaks[LARGE] <= peaks[SMALL] * MOST_GROWTH


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a_large_workspace_in_chunks_as_configured(tmp_path, shown):
    with SimulatorProcess(conversations=LARGE, **SIZES) as simulator:
        measured = measured_sync(simulator, tmp_path / "large.duckdb")
    shown(LARGE, CHUNK_RECORDS, measured)
    assert measured["status"] == "complete"
    assert measured["rate_limited"] == measured["retries"] == 0
