"""Our figures are Intercom's: compared with the statistics that the simulator computes from its own events."""

import pytest

from pipelines.destination.target import Target
from simulator import SimulatorProcess
from simulator.changes import mutate
from simulator.generate import populate
from simulator.options import Options
from tests.support.simulated_raw import load_truth
from tests.support.workspace import load, rows
from transforms import build

NOW = "2026-03-10T12:00:00Z"
AGREEMENT = """
    select
        metric,
        hours,
        count(*) as count_compared,
        sum(case when is_equal then 0 else 1 end) as count_differing
    from intercom.qa_reconciliation
    where is_comparable
    group by 1, 2
    order by 1, 2
"""
EXACT = {
    "count_assignments",
    "count_conversation_parts",
    "count_reopens",
    "first_admin_reply_at",
    "first_assignment_at",
    "first_close_at",
    "first_contact_reply_at",
    "last_admin_reply_at",
    "last_assignment_admin_reply_at",
    "last_assignment_at",
    "last_close_at",
    "last_closed_by_id",
    "last_contact_reply_at",
}
WITHIN_OFFICE_HOURS = {"median_time_to_reply", "time_to_admin_reply", "time_to_first_close", "time_to_last_close"}
ALWAYS_ALL_HOURS = {"time_to_assignment"}


def reconciled(database):
    """Build what the reconciliation reads; return (metric, hours) -> (conversations compared, differing)."""
    target = Target(database=database)
    report = build(target.pipeline().sql_client, "duckdb", target.datasets, "+qa_reconciliation")
    assert report.failed_models == []
    assert "qa_reconciliation_agrees_with_intercom" not in str(report.failed_checks())
    return {(metric, hours): (count, differing) for metric, hours, count, differing in rows(database, AGREEMENT)}


def differing(agreement, hours_of_durations):
    """Return what differs among the comparisons that must agree: everything exact, and durations in those hours."""
    hours = dict.fromkeys(EXACT, "none") | dict.fromkeys(WITHIN_OFFICE_HOURS, hours_of_durations)
    hours |= dict.fromkeys(ALWAYS_ALL_HOURS, "all")
    return {metric: agreement[metric, kind][1] for metric, kind in hours.items() if agreement[metric, kind][1]}


def test_a_synced_workspace_that_changed_agrees(tmp_path):
    database = tmp_path / "workspace.duckdb"
    sizes = {"contacts": 150, "companies": 20, "conversations": 300, "tickets": 10, "rate_limit": 0, "seed": 11}
    with SimulatorProcess(now=NOW, **sizes) as simulator:
        load(simulator, database, "conversations", "contacts", "workspace")
        simulator.mutate(200, seed=12)
        load(simulator, database, "conversations", "contacts", "workspace")
    agreement = reconciled(database)
    assert differing(agreement, "office") == {}
    assert min(count for count, _ in agreement.values()) > 80


@pytest.mark.parametrize(
    ("office_hours", "timezone", "hours"),
    [("mon-fri 09:00-17:00", "America/New_York", "office"), ("", "Asia/Kolkata", "all")],
)
@pytest.mark.slow
def test_six_thousand_conversations_agree_in_every_metric(tmp_path, office_hours, timezone, hours):
    database = tmp_path / "large.duckdb"
    sizes = {"contacts": 1_500, "companies": 50, "conversations": 6_000, "tickets": 20, "articles": 1, "messages": 1}
    workspace = populate(Options(seed=3, now=NOW, office_hours=office_hours, timezone=timezone, **sizes))
    mutate(workspace, 4_000, seed=4)
    load_truth(workspace, database)
    agreement = reconciled(database)
    for (metric, kind), (count, different) in agreement.items():
        print(f"{metric:32} {kind:7} {count:6} compared {different:6} differing")  # noqa: T201 - the figures are asked for
    assert differing(agreement, hours) == {}
    assert agreement["count_conversation_parts", "none"][0] > 5_000
    assert agreement["last_close_at", "none"][0] > 4_000
