"""Our figures are Intercom's: compared with the statistics that the simulator computes from its own events."""

import pytest

from pipelines.destination.target import Target
from simulator import SimulatorProcess
from tests.support.workspace import load, rows
from transforms import build

SIZES = {"contacts": 150, "companies": 20, "tickets": 10, "rate_limit": 0, "seed": 11}
AGREEMENT = """
    select
        reconciliation.metric,
        reconciliation.is_exact,
        count(*) as count_conversations,
        sum(case when reconciliation.is_equal then 0 else 1 end) as count_different
    from intercom.qa_reconciliation as reconciliation
    inner join intercom.qa_conversation_completeness as completeness using (conversation_id)
    where completeness.count_missing = 0
    group by 1, 2
    order by 1
"""
EXACT = {"assignments", "first_admin_reply_at", "first_close_at", "last_close_at", "parts", "reopens"}


@pytest.fixture(scope="module")
def agreement(tmp_path_factory):
    """Metric -> (is it exact, conversations compared, of these different), after the workspace has changed twice."""
    database = tmp_path_factory.mktemp("reconciliation") / "workspace.duckdb"
    with SimulatorProcess(conversations=300, **SIZES) as simulator:
        load(simulator, database, "conversations", "contacts")
        simulator.mutate(200, seed=12)
        load(simulator, database, "conversations", "contacts")
    target = Target(database=database)
    selected = "+qa_reconciliation +qa_conversation_completeness"
    report = build(target.pipeline().sql_client, "duckdb", target.datasets, selected)
    assert report.failed_models == []
    return {metric: tuple(figures) for metric, *figures in rows(database, AGREEMENT)}


def test_counts_and_moments_agree_in_every_conversation(agreement):
    found = {metric: (count, different) for metric, (is_exact, count, different) in agreement.items() if is_exact}
    assert found.keys() == EXACT
    assert {metric: different for metric, (count, different) in found.items() if different} == {}
    assert min(count for count, _ in found.values()) > 200


def test_durations_are_compared_but_not_called_exact(agreement):
    """Intercom subtracts the time outside its office hours, which the API does not tell."""
    inexact = {metric for metric, (is_exact, _, _) in agreement.items() if not is_exact}
    assert inexact == {"time_to_admin_reply", "time_to_first_close", "time_to_last_close"}
