"""What is compared is what a load would write: of odd values, by privacy rules, and in another destination."""

import psycopg2
from dlt.common.typing import TSecretStrValue

from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.run.begin.access import Access
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from pipelines.verify.audit.audit import AuditOptions, audit
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from tests.sources.intercom.test_source import ODD_VALUES, Workspace, ticket
from tests.support.audited_workspace import AUDITED
from tests.support.someone import erased
from tests.support.workspace import audited, configuration, load, rows


def test_odd_values_and_fields_that_nobody_declared_are_no_differences(tmp_path):
    database = tmp_path / "odd.duckdb"
    tickets = {str(number): ticket(str(number), **{field: value}) for number, (field, value) in enumerate(ODD_VALUES)}
    answers = {"/tickets/search": {"tickets": list(tickets.values())}}
    answers |= {f"/tickets/{ticket_id}": record for ticket_id, record in tickets.items()}
    with Workspace(answers) as server:
        report = load(server, database, "tickets").report.of("tickets")
        # Contacts without an id have no row, and are named; everything else is loaded as it is.
        assert "1 listed records cannot be read in full" in str(report.error)
        outcome = audited(server, database)
    assert outcome.differences == []
    [sample] = [proof for proof in outcome.proofs if proof.subject == "sample"]
    assert (sample.count_checked, sample.count_differing) == (len(ODD_VALUES), 1)
    why = "(such as 18: a row of ticket_contacts: contact_id is missing)"
    assert sample.remark == f"1 ticket that cannot be read in full {why}", "what is loaded is not all there is"
    assert sample.result == "failed"


def test_what_privacy_rules_conceal_is_no_difference_as_long_as_they_hold(simulator, tmp_path):
    database, privacy = tmp_path / "concealed.duckdb", PrivacyConfiguration()
    privacy.hash, privacy.hash_key = ["contacts.email"], TSecretStrValue("nobody guesses this key")
    privacy.leave_out, privacy.bodies = ["contacts.custom_attributes.plan", "contacts.phone"], "redact"
    settings = {"privacy": privacy}
    load(simulator, database, *AUDITED, settings=settings)
    assert audited(simulator, database, settings=settings).differences == []
    outcome = audited(simulator, database, access=Access(accepts_weaker_privacy=True))
    assert {difference.column for difference in outcome.differences} >= {"email", "body"}
    assert rows(database, "SELECT count(*) > 0 FROM intercom_raw.contacts WHERE email LIKE '%@%'") == [(True,)]


def test_rows_of_forgotten_people_that_are_only_compared_are_not_held_back(simulator, database):
    target = Target("duckdb", database)
    [(contact_id,)] = rows(database, "SELECT min(contact_id) FROM intercom_raw.conversation_contacts")
    assert erased(target, contact_id).code == 0
    outcome = audited(simulator, database)
    assert (outcome.differences, outcome.count_held_back) == ([], 0)


def test_postgres_is_audited_and_repaired_alike(simulator, postgres, monkeypatch):
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    target, quiet, made = Target("postgres"), Display(is_quiet=True), configuration(simulator)
    options = AuditOptions(sample_size=1_000, seed=1)
    assert sync(made, target, SyncOptions(Selection(AUDITED), transform=False), quiet).status == "complete"
    clean = audit(made, target, options, quiet)
    assert (clean.differences, clean.exit_code) == ([], 0)
    with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.execute("SET search_path = intercom_raw")
        cursor.execute("UPDATE contacts SET name = 'x' WHERE id = (SELECT min(id) FROM contacts)")
        cursor.execute("DELETE FROM ticket_parts WHERE id = (SELECT min(id) FROM ticket_parts)")
    damaged = audit(made, target, options, quiet)
    places = {(difference.table, difference.column) for difference in damaged.differences}
    assert (places, damaged.exit_code) == ({("contacts", "name"), ("ticket_parts", None)}, 0)
    assert audit(made, target, options, quiet).differences == []
