"""A person is forgotten on PostgreSQL too, whatever others have put on the tables."""

import pytest

from pipelines.destination.target import Target
from pipelines.query.opening import opened_read_only, run_query
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from pipelines.stop import Stop
from tests.support.someone import QUIET, erased, scalar
from tests.support.workspace import configuration

# A foreign key that is in the way, of a record of who writes the most.
ADDED_BY_OTHERS = """
    CREATE SCHEMA crm;
    ALTER TABLE people_raw.contacts ADD UNIQUE (id);
    CREATE TABLE crm.notes (contact_id text REFERENCES people_raw.contacts (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO crm.notes SELECT id FROM people_raw.contacts;
"""
TRIGGER = """
    CREATE FUNCTION crm.keep() RETURNS trigger LANGUAGE plpgsql AS
        $$ DECLARE nothing record; BEGIN nothing := NULL; RETURN nothing; END $$;
    CREATE TRIGGER keeps BEFORE UPDATE ON people_raw.conversations FOR EACH ROW EXECUTE FUNCTION crm.keep();
"""


def test_a_person_is_forgotten_on_postgres_too(simulator, someone, postgres, monkeypatch):
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    target = Target("postgres", dataset="people")
    options = SyncOptions(Selection(everything=True))
    sync(configuration(simulator), target, options, QUIET)
    with target.pipeline().sql_client() as client:
        client.execute_sql("CREATE VIEW people.of_somebody AS SELECT contact_id, email FROM people.dim_contacts")
        client.execute_sql("CREATE MATERIALIZED VIEW people.copied AS SELECT * FROM people.of_somebody")
        client.execute_sql('CREATE MATERIALIZED VIEW people_raw."Mine" AS SELECT id, email FROM people_raw.contacts')
        client.execute_sql(ADDED_BY_OTHERS)
        client.execute_sql(TRIGGER)
    with pytest.raises(Stop, match=f"a trigger on the table prevents.*Nothing was erased.*forget {someone.id}"):
        erased(target, someone.email)
    assert scalar(target, f"SELECT email FROM people_raw.contacts WHERE id = '{someone.id}'") == someone.email
    with target.pipeline().sql_client() as client:
        client.execute_sql("DROP TRIGGER keeps ON people_raw.conversations")
        # A server without a locale leaves É as it is.
        named = "UPDATE people_raw.contacts SET name = 'Émile Zola', email = 'É.I@x.fr' WHERE id = %s"
        client.execute_sql(named, someone.id)
        client.execute_sql("UPDATE people_raw.activity_logs SET activity_description = 'ÉMILE ZOLA'")
    assert (again := erased(target, "é.i@X.FR")).code == 0
    assert again.copies == ["people.copied", 'people_raw."Mine"'], "as anybody can name them, in whatever schema"
    with target.pipeline().sql_client() as client:
        assert client.execute_sql("SELECT DISTINCT activity_description FROM people_raw.activity_logs") == [
            ("[forgotten]",)
        ]
        client.execute_sql("REFRESH MATERIALIZED VIEW people.copied")
        (kept,) = client.execute_sql("SELECT * FROM people_raw.contacts WHERE id = %s", someone.id)
        assert sum(value is not None for value in kept) == len(("id", "_dlt_load_id", "_dlt_id"))
        client.execute_sql("TRUNCATE crm.notes")
        client.execute_sql("DELETE FROM people_raw.contacts WHERE id = %s", someone.id)
    assert scalar(target, "SELECT count(*) FROM people.of_somebody") > 0
    for table in ("contacts", "contact_tags", "data_events", "message_receipts"):
        column = {"contacts": "id", "message_receipts": "user_id"}.get(table, "contact_id")
        assert scalar(target, f"SELECT count(*) FROM people_raw.{table} WHERE {column} = '{someone.id}'") == 0
    again = SyncOptions(Selection(("contacts", "conversations", "tickets")), full_refresh=True, transform=False)
    assert sync(configuration(simulator), target, again, QUIET).count_held_back > 0
    _, tables = run_query(
        target,
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema LIKE 'people%%'",
    )
    with opened_read_only(target) as reader:
        texts = [
            str(reader.rows(f"SELECT coalesce(json_agg(t)::text, '') FROM {schema}.{name} t"))
            for schema, name in tables
        ]
    assert [secret for secret in someone.secrets if any(secret in text for text in texts)] == []
