"""Audits of workspaces that live: what changed, what changed silently, what is gone, and what cannot be read."""

from datetime import UTC, datetime

import pytest

from pipelines.verify.audit.proofs.proof import Subject
from simulator.changes.mutation import KINDS
from tests.ground_truth.comparison import differences, tables_of
from tests.support.audited_workspace import AUDITED, SIZES
from tests.support.workspace import audited, load

SILENT = [kind for kind in KINDS if kind.startswith("silent_") and "segment" not in kind]  # nothing here shows those
TABLES = tables_of(*AUDITED)
SHAPES = [
    {"seed": 32, "timezone": "America/Los_Angeles"},
    {"seed": 33, "timezone": "Pacific/Kiritimati", "companies": 130},
    {"seed": 34, "contacts": 120, "conversations": 5},
]


def wrong_rows(simulator, database):
    """Return what differs from the truth in the tables that are audited."""
    return differences(simulator, database, tables=TABLES)


def remarks(outcome, subject):
    return [proof.remark for proof in outcome.proofs if proof.subject is subject and proof.remark]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_workspace_that_was_synced_is_proven_whatever_its_shape(simulator, tmp_path, shape):
    database = tmp_path / "clean.duckdb"
    simulator.reset(**{**SIZES, **shape})
    load(simulator, database, *AUDITED)
    simulator.mutate(60, seed=shape["seed"])
    load(simulator, database, *AUDITED)
    outcome = audited(simulator, database)
    assert outcome.differences == []
    assert outcome.exit_code == 0, outcome.facts()


def test_what_changed_since_the_last_sync_is_no_difference_and_the_sync_is_named(simulator, database):
    simulator.clock(advance=3_600)
    simulator.mutate(
        20, kinds=["contact_renamed", "conversation_teammate_replied", "ticket_commented", "contact_created"]
    )
    outcome = audited(simulator, database)
    assert outcome.differences == []
    assert outcome.exit_code == 0, outcome.facts()
    assert any("run intercom-elt sync" in remark for remark in remarks(outcome, Subject.SAMPLE))
    assert any("run intercom-elt sync" in remark for remark in remarks(outcome, Subject.COUNT))


def test_silent_changes_are_found_and_repaired(simulator, database):
    for seed, kind in enumerate(SILENT):
        simulator.mutate(2, seed=seed, kinds=[kind])
    wrong = wrong_rows(simulator, database)
    assert len(wrong) > len(SILENT)
    outcome = audited(simulator, database)
    assert {difference.table for difference in outcome.differences} == {line.split()[0] for line in wrong}
    assert outcome.exit_code == 0
    assert wrong_rows(simulator, database) == []


def test_what_is_gone_is_told_and_left_to_the_sweep(simulator, database):
    kinds = ["contact_deleted", "conversation_deleted", "company_archived"]
    assert len([change for kind in kinds for change in simulator.mutate(1, kinds=[kind])]) == len(kinds)
    outcome = audited(simulator, database)
    assert outcome.exit_code == 0, outcome.facts()
    for subject in (Subject.COUNT, Subject.SAMPLE):
        assert any("run intercom-elt sweep" in remark for remark in remarks(outcome, subject))


def test_one_record_that_cannot_be_read_fails_the_audit_and_hides_nothing_else(simulator, database):
    last = simulator.truth()["conversations"][-1]  # the first has 500 parts and more: two proofs would fail
    simulator.faults({"kind": "error", "operation": f"/conversations/{last['id']}", "status": 400})
    outcome = audited(simulator, database)
    simulator.faults()
    [proof] = [proof for proof in outcome.proofs if proof.count_failed]
    assert (proof.entity, proof.subject, proof.count_failed) == ("conversations", Subject.SAMPLE, 1)
    assert proof.count_checked == len(simulator.truth()["conversations"])
    assert outcome.exit_code == 1


def test_a_missing_permission_fails_its_entity_alone(simulator, database):
    simulator.knobs(missing_scopes="tickets")
    outcome = audited(simulator, database, sample=2)
    simulator.knobs(missing_scopes="")
    assert outcome.exit_code == 1
    [failure] = outcome.report.failures
    assert failure.resource == "audit_tickets"
    assert str(failure.error).endswith("Give the app this permission in Intercom's Developer Hub (or check the plan).")
    assert {proof.entity for proof in outcome.proofs} == {"companies", "contacts", "conversations"}


def test_entities_that_were_never_loaded_are_left_out(simulator, tmp_path):
    database = tmp_path / "few.duckdb"
    load(simulator, database, "contacts")
    outcome = audited(simulator, database, sample=2)
    assert {proof.entity for proof in outcome.proofs} == {"contacts"}
    assert outcome.exit_code == 0


def test_what_the_start_date_leaves_out_is_not_missing(simulator, tmp_path):
    database = tmp_path / "start.duckdb"
    created = sorted(conversation["created_at"] for conversation in simulator.truth()["conversations"])
    middle = datetime.fromtimestamp(created[len(created) // 2], UTC)
    settings = {"start_date": middle.isoformat()}
    load(simulator, database, *AUDITED, settings=settings)
    outcome = audited(simulator, database, settings=settings)
    assert outcome.differences == []
    assert outcome.exit_code == 0, outcome.facts()
