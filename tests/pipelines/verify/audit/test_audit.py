"""An audit names exactly what is wrong, makes it right, and never cries wolf."""

import re

import pytest

from pipelines.verify.audit.proofs.proof import Subject
from tests.support.audited_workspace import AUDITED
from tests.support.workspace import audited, load, rows

# What is done to one record, and the tables and columns that must tell of it (None: a whole row). `{id}` is the record;
# each damage is done to the record that comes next in the order of ids among those that fit.
DAMAGES = {
    "a part is missing": (
        "SELECT id FROM conversations WHERE conversation_parts__total_count BETWEEN 1 AND 500",
        "DELETE FROM conversation_parts WHERE id = "
        "(SELECT min(id) FROM conversation_parts WHERE conversation_id = '{id}')",
        {("conversation_parts", None)},
    ),
    "a part of a ticket is missing": (
        "SELECT ticket_id FROM ticket_parts",
        "DELETE FROM ticket_parts WHERE id = (SELECT max(id) FROM ticket_parts WHERE ticket_id = '{id}')",
        {("ticket_parts", None)},
    ),
    "a part is there twice": (
        "SELECT conversation_id FROM conversation_parts",
        "INSERT INTO conversation_parts SELECT * FROM conversation_parts WHERE id = "
        "(SELECT min(id) FROM conversation_parts WHERE conversation_id = '{id}')",
        {("conversation_parts", None)},
    ),
    "a text is cut": (
        "SELECT conversation_id FROM conversation_parts WHERE length(body) > 20",
        "UPDATE conversation_parts SET body = left(body, 9) WHERE id = "
        "(SELECT min(id) FROM conversation_parts WHERE conversation_id = '{id}' AND length(body) > 20)",
        {("conversation_parts", "body")},
    ),
    "a truth is turned round": (
        "SELECT id FROM conversations",
        "UPDATE conversations SET open = NOT open WHERE id = '{id}'",
        {("conversations", "open")},
    ),
    "a value is lost": (
        "SELECT id FROM contacts WHERE email IS NOT NULL",
        "UPDATE contacts SET email = NULL WHERE id = '{id}'",
        {("contacts", "email")},
    ),
    "a value came from nowhere": (
        "SELECT id FROM tickets WHERE snoozed_until IS NULL",
        "UPDATE tickets SET snoozed_until = 5 WHERE id = '{id}'",
        {("tickets", "snoozed_until")},
    ),
    "an attribute has another value": (
        "SELECT id FROM contacts WHERE custom_attributes IS NOT NULL",
        """UPDATE contacts SET custom_attributes = '{{"other": true}}' WHERE id = '{id}'""",
        {("contacts", "custom_attributes")},
    ),
    "a row of a list is missing": (
        "SELECT contact_id FROM contact_tags",
        "DELETE FROM contact_tags WHERE contact_id = '{id}' "
        "AND tag_id = (SELECT min(tag_id) FROM contact_tags WHERE contact_id = '{id}')",
        {("contact_tags", None)},
    ),
    "a row of a list is too many": (
        "SELECT id FROM contacts",
        "INSERT INTO contact_tags SELECT * REPLACE ('tag-of-nobody' AS tag_id, '{id}' AS contact_id) "
        "FROM contact_tags LIMIT 1",
        {("contact_tags", None)},
    ),
    "a row of a list is there twice": (
        "SELECT company_id FROM company_segments",
        "INSERT INTO company_segments SELECT * FROM company_segments WHERE company_id = '{id}' LIMIT 1",
        {("company_segments", None)},
    ),
    "a record is there twice": (
        "SELECT id FROM companies",
        "INSERT INTO companies SELECT * FROM companies WHERE id = '{id}'",
        {("companies", None)},
    ),
    "a record without its lists is missing": (
        "SELECT conversation_id FROM conversation_contacts",
        "DELETE FROM conversations WHERE id = '{id}'",
        {("conversations", None)},
    ),
    "a record was never read again after a change": (
        "SELECT id FROM conversations WHERE updated_at > created_at + 9 "
        "AND updated_at < (SELECT max(updated_at) FROM conversations) - 9000",
        "UPDATE conversations SET updated_at = created_at, state = 'stale' WHERE id = '{id}'",
        {("conversations", "state"), ("conversations", "updated_at")},
    ),
}
IN_ROWS, IN_PARTS = 4, 2  # how many of them show in the shape of the tables, and in the number of parts


def of(outcome, subject):
    """Return what the proofs of `subject` add up to: differing, repaired, failed."""
    proofs = [proof for proof in outcome.proofs if proof.subject is subject]
    return tuple(
        sum(getattr(proof, name) for proof in proofs) for name in ("count_differing", "count_repaired", "count_failed")
    )


def proof_of(outcome, entity, subject):
    return next(proof for proof in outcome.proofs if (proof.entity, proof.subject) == (entity, subject))


def results(outcome):
    return {proof.result for proof in outcome.proofs}


def test_every_kind_of_damage_is_named_exactly_and_repaired(simulator, database, damage):
    damaged = {}
    for candidates, sql, places in DAMAGES.values():
        taken = ", ".join(f"'{record_id}'" for record_id in damaged) or "''"
        [(record_id,)] = damage(
            f"SELECT min(record_id) FROM ({candidates}) AS found(record_id) WHERE record_id NOT IN ({taken})"
        )
        damaged[record_id] = places
        damage(sql.format(id=record_id))
    long = len(rows(database, "FROM intercom_raw.conversations WHERE conversation_parts__total_count > 500"))

    outcome = audited(simulator, database)
    named = {}
    for difference in outcome.differences:
        named.setdefault(difference.record_id, set()).add((difference.table, difference.column))
    assert named == damaged
    assert of(outcome, Subject.ROWS) == (IN_ROWS, IN_ROWS, 0)
    assert of(outcome, Subject.PARTS) == (IN_PARTS + long, IN_PARTS, 0)
    assert outcome.exit_code == 0, outcome.facts()

    again = audited(simulator, database)
    assert again.differences == []
    assert results(again) == {"proven", "explained"}


def test_a_whole_record_that_is_missing_is_found_by_its_count(simulator, database, damage):
    [(missing,)] = damage("SELECT arg_min(id, updated_at) FROM conversations")
    tables = ("parts", "contacts", "tags", "teammates", "linked_objects", "part_attachments")
    damage(
        *(f"DELETE FROM conversation_{table} WHERE conversation_id = '{missing}'" for table in tables),
        f"DELETE FROM conversations WHERE id = '{missing}'",
    )
    outcome = audited(simulator, database, sample=0)
    assert of(outcome, Subject.COUNT) == (1, 1, 0)
    assert {difference.record_id for difference in outcome.differences} == {missing}
    assert audited(simulator, database).differences == []


def test_what_means_the_same_is_no_difference(simulator, database, damage):
    """Keys in another order and 1 for 1.0, which engines and writers of JSON do as they like."""
    reordered = "(SELECT json_group_object(key, value) FROM (FROM json_each(custom_attributes) ORDER BY key DESC))"
    damage(
        f"UPDATE companies SET custom_attributes = {reordered}",
        "UPDATE companies SET custom_attributes = replace(custom_attributes::VARCHAR, ':', ' : ')::JSON",
    )
    outcome = audited(simulator, database)
    assert outcome.differences == []
    assert outcome.exit_code == 0


def test_a_sample_is_read_and_no_more(simulator, database):
    outcome = audited(simulator, database, sample=3)
    tables_of_entities = 24
    assert 3 * len(AUDITED) <= outcome.tally.calls <= 3 * tables_of_entities + 11
    assert outcome.differences == []


def test_no_text_and_no_address_is_told(simulator, database, damage):
    damage(
        "UPDATE contacts SET email = 'secret-' || email, name = 'secret-name' WHERE email IS NOT NULL",
        "UPDATE conversation_contacts SET external_id = 'secret-id'",
        "UPDATE conversation_parts SET body = 'secret-' || body WHERE body IS NOT NULL",
    )
    outcome = audited(simulator, database)
    assert of(outcome, Subject.SAMPLE)[0] > 10
    told = str(outcome.facts()) + "".join(map(str, outcome.differences))
    assert "secret" not in told
    assert "@" not in told


def test_what_intercom_counts_and_does_not_list_is_not_proven(simulator, database):
    [(count,)] = rows(database, "SELECT count(*) FROM intercom_raw.conversations")
    simulator.faults({"kind": "cut", "operation": "searchConversations", "total_count": count + 2, "times": 0})
    outcome = audited(simulator, database, sample=0)
    proof = proof_of(outcome, "conversations", Subject.COUNT)
    assert (proof.result, proof.count_checked, proof.count_explained) == ("explained", count + 2, 2)
    assert "2 conversations counted by Intercom and not in its listing" in outcome.sentence


@pytest.mark.parametrize(
    ("skip", "further"),
    [
        (0, ()),
        (1, ()),
        (1, ({"kind": "not_found", "operation": "RetrieveACompanyById", "times": 0},)),
        (1, ({"kind": "error", "operation": "RetrieveACompanyById", "status": 400, "times": 0},)),
    ],
)
def test_a_scroll_of_companies_that_ends_early_proves_nothing(simulator, tmp_path, skip, further):
    """Not even where all listed ones are as many as have users, or where Intercom does not deliver the others."""
    simulator.reset(companies=190)  # a page more
    load(simulator, tmp_path / "two_pages.duckdb", "companies")
    simulator.faults({"kind": "cut", "operation": "scrollOverAllCompanies", "skip": skip, "times": 0}, *further)
    outcome = audited(simulator, tmp_path / "two_pages.duckdb", sample=0)
    assert (outcome.exit_code, outcome.proofs) == (1, [])
    assert re.search("listed|400", str(outcome.report.of("audit_companies").error))
    refused = [call for call in simulator.requests() if call["operation"] == "RetrieveACompanyById"]
    assert len(refused) < 90 or not further, "not all that are lacking"


def test_companies_that_the_scroll_may_hide_are_not_missing(simulator, tmp_path):
    simulator.reset(companies=190)
    load(simulator, tmp_path / "hidden.duckdb", "companies")
    simulator.knobs(scroll_hides_companies_without_users=True)
    outcome = audited(simulator, tmp_path / "hidden.duckdb", sample=0)
    assert (proof_of(outcome, "companies", Subject.COUNT).result, outcome.exit_code) == ("proven", 0)


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_record_that_is_marked_as_gone_and_is_back_loses_its_mark(simulator, database, damage, is_changed):
    [(one,)] = damage("SELECT min(id) FROM contacts")
    mark = "'contacts' AS entity, id, 'deleted' AS reason, _dlt_load_id, _dlt_id"
    damage(f"INSERT INTO deleted_records BY NAME SELECT {mark} FROM contacts WHERE id = '{one}'")
    if is_changed:
        damage(f"UPDATE contacts SET name = 'other' WHERE id = '{one}'")
    outcome = audited(simulator, database, sample=0)
    assert proof_of(outcome, "contacts", Subject.COUNT).result == "repaired"
    assert rows(database, "SELECT * FROM intercom_raw.deleted_records") == []
    assert results(audited(simulator, database, sample=0)) == {"proven", "explained"}


def test_a_404_is_believed_only_where_others_are_found(simulator, database):
    simulator.faults({"kind": "not_found", "operation": "ShowContact", "skip": 10, "times": 0})
    outcome = audited(simulator, database)
    assert "answer 404" in str(outcome.report.of("audit_contacts").error)
    assert ("contacts", Subject.SAMPLE) not in {(proof.entity, proof.subject) for proof in outcome.proofs}
    assert outcome.exit_code == 1
    simulator.faults()
    simulator.mutate(9, kinds=["contact_deleted"])
    outcome = audited(simulator, database)
    assert proof_of(outcome, "contacts", Subject.SAMPLE).count_explained == 9
    assert outcome.exit_code == 0


def test_an_outage_ends_the_examination_of_its_entity_alone(simulator, database):
    simulator.faults({"kind": "error", "operation": "retrieveConversation", "status": 400, "skip": 10, "times": 0})
    outcome = audited(simulator, database)
    assert outcome.report.of("audit_conversations").status == "failed"
    sample = proof_of(outcome, "conversations", Subject.SAMPLE)
    assert sample.count_failed == sample.count_checked, "what was read beside them was not compared"
    assert proof_of(outcome, "tickets", Subject.SAMPLE).result == "proven"


def test_parts_beyond_the_newest_500_are_told_apart_from_missing_ones(simulator, database):
    [(long, lost)] = rows(
        database,
        "SELECT count(*), sum(conversation_parts__total_count) - 500 * count(*) FROM intercom_raw.conversations "
        "WHERE conversation_parts__total_count > 500",
    )
    assert long == 1
    outcome = audited(simulator, database, sample=0)
    assert Subject.SAMPLE not in {proof.subject for proof in outcome.proofs}, "nothing was drawn, so nothing is proven"
    assert of(outcome, Subject.PARTS) == (1, 0, 0)
    assert "complete; 1 conversation has more than 500 parts" in outcome.sentence
    assert f"{lost:,.0f} parts cannot be had from the API" in outcome.sentence
    assert outcome.exit_code == 0


def test_an_audit_is_kept_beside_the_data(simulator, database, damage):
    damage("DELETE FROM ticket_parts WHERE id = (SELECT min(id) FROM ticket_parts)")
    outcome = audited(simulator, database)
    kept = rows(
        database,
        "SELECT run_id, result, count_differing, count_repaired FROM intercom_raw.audit_results "
        "WHERE entity = 'tickets' AND subject = 'parts'",
    )
    assert kept == [(outcome.run_id, "repaired", 1, 1)]
    of_run = f"WHERE run_id = '{outcome.run_id}'"
    logged = rows(database, f"SELECT resource, status FROM intercom_raw.sync_resources {of_run} ORDER BY resource")
    assert logged == [(f"audit_{name}", "complete") for name in AUDITED]
    assert rows(database, f"SELECT count_rows > 0 FROM intercom_raw.sync_runs {of_run}") == [(True,)]
    assert outcome.report.of("audit_tickets").count_rows["ticket_parts"] > 0, "what was repaired"
    read_again = proof_of(outcome, "tickets", Subject.SAMPLE).count_checked
    assert outcome.report.of("audit_tickets").count_records == read_again


def test_what_could_not_be_audited_is_kept_as_not_proven(simulator, database):
    refused = {"kind": "error", "status": 403, "code": "forbidden", "times": 0}
    simulator.faults({**refused, "operation": "searchConversations"})
    assert audited(simulator, database, sample=1).status == "failed"
    kept = "SELECT result, remark LIKE '%403%', count_checked FROM intercom_raw.audit_results WHERE entity = {} AND {}"
    assert rows(database, kept.format("'conversations'", "true")) == [("failed", True, None)]
    assert rows(database, kept.format("'contacts'", "subject = 'audit'")) == []
