"""Our figures are Intercom's: compared with the statistics that the simulator computes from its own events."""

import pytest

from pipelines.destination.target import Target
from simulator import SimulatorProcess
from simulator.changes import mutate
from simulator.generate import populate
from simulator.options import Options
from simulator.workspace.conversation_rules.statistics import ASSIGNMENT_TYPES, is_from_contact, is_visible
from tests.support.warehouse.simulated_raw import load_truth, truth_of
from tests.support.workspace import load, rows
from transforms import BuildOptions, build

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
    with target.held_open():
        report = build(target.pipeline().sql_client, "duckdb", target.datasets, BuildOptions("+qa_reconciliation"))
    assert report.failed_models == []
    assert "qa_reconciliation_agrees_with_intercom" not in str(report.failed_checks())
    return {(metric, hours): (count, differing) for metric, hours, count, differing in rows(database, AGREEMENT)}


def reports(conversation):
    """What Intercom's reports say of a conversation and its statistics do not, read from one part after the other.

    Return (reassignments, seconds from the first and from the last assignment to a teammate to the last close).
    """
    parts = conversation["conversation_parts"]["conversation_parts"]
    has_asked = conversation["source"]["author"].get("type") in ("user", "lead")
    is_assigned_by_parts = any(part["part_type"] in ASSIGNMENT_TYPES for part in parts)
    owner = None if is_assigned_by_parts else conversation["admin_assignee_id"]
    owned_at = [conversation["created_at"]] if owner else []
    has_replied, reassignments, figures = False, 0, (None, None)
    for part in parts:
        at, to = part["created_at"], part["assigned_to"] or {}
        if not has_asked and is_from_contact(part):
            has_asked, owned_at = True, [at] if owned_at else []
        if part["part_type"] in ASSIGNMENT_TYPES:
            reassignments += has_replied
            owned_at += [at] if to.get("type") == "admin" else []
        has_replied |= has_asked and part["author"]["type"] == "admin" and is_visible(part)
        if part["part_type"] == "close" and has_asked and owned_at:
            figures = (at - owned_at[0], at - owned_at[-1])
    return [reassignments, *figures] if has_asked else [None, None, None]


@pytest.mark.parametrize("count", [600, pytest.param(6_000, marks=pytest.mark.slow)])
def test_what_reports_say_beyond_the_statistics_agrees(tmp_path, count):
    """Conversations that a part was left out of (a close, an assignment) aside: their own fields say more."""
    database = tmp_path / "reports.duckdb"
    sizes = {"contacts": count // 4, "companies": 20, "tickets": 10, "articles": 1, "messages": 1}
    workspace = populate(Options(seed=7, now=NOW, conversations=count, **sizes))
    mutate(workspace, count // 2, seed=8)
    load_truth(workspace, database)
    target = Target(database=database)
    with target.held_open():
        report = build(target.pipeline().sql_client, "duckdb", target.datasets, BuildOptions("+fct_conversations"))
    assert report.failed_models == []
    told = {
        conversation_id: figures
        for conversation_id, *figures in rows(
            database,
            """
            select
                conversation_id,
                count_reassignments,
                first_assignment_to_close_seconds,
                last_assignment_to_close_seconds
            from intercom.fct_conversations
            where has_all_parts and conversation_id not in (
                select conversation_id from intercom_staging.int_events where is_inferred
            )
            """,
        )
    }
    expected = {one["id"]: reports(one) for one in truth_of(workspace)["conversations"] if one["id"] in told}
    assert {key: (told[key], expected[key]) for key in told if told[key] != expected[key]} == {}
    assert len(told) > count * 0.8
    assert sum(bool(figures[0]) for figures in told.values()) > count * 0.02
    assert sum(figures[1] is not None for figures in told.values()) > count * 0.2


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
