"""How much of the rate budget a sync uses that is bound by it."""

import pytest

from simulator import SimulatorProcess
from tests.benchmarks.measured_sync import measured_sync

RATE_LIMIT = 1_000  # calls a minute, enforced in windows of 10 seconds
CONVERSATIONS = 1_200


@pytest.mark.slow
def test_a_sync_uses_its_share_of_the_budget_and_is_never_refused(tmp_path, capsys):
    sizes = {"contacts": 20, "companies": 10, "conversations": CONVERSATIONS, "tickets": 10}
    with SimulatorProcess(now="2026-03-01T12:00:00Z", rate_limit=RATE_LIMIT, **sizes) as simulator:
        measured = measured_sync(simulator, tmp_path / "budget.duckdb")
        windows = [window["calls"] for window in simulator.counters()["windows"]]
    allowance = RATE_LIMIT // 6
    whole_windows = windows[1:-1]
    used = sum(whole_windows) / (allowance * len(whole_windows))
    with capsys.disabled():
        print(f"\nshare of the budget: {used:.1%} over {len(whole_windows)} whole windows; calls {windows}")  # noqa: T201
    assert measured["rate_limited"] == 0
    assert max(windows) <= allowance
    assert used >= 0.85  # 0.9 is asked for
