"""A forgotten person is nowhere: not in a table, not in a file, not after later syncs; everybody else is untouched."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.commands.forget import confirmation
from pipelines.destination.duckdb.spill_files import FOLDER
from pipelines.destination.tables.forgotten_records import record_forgotten
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.forget.erasure import erase
from pipelines.forget.forget import forget, release_person
from pipelines.forget.person_search import candidates, person, records_of
from pipelines.forget.rebuild import rebuild
from pipelines.journal.display import Display
from pipelines.query.reader import opened_read_only, run_query
from pipelines.run.begin.selection import Selection
from pipelines.run.build_models import build_models
from pipelines.run.sync import SyncOptions, sync
from pipelines.stop import Stop
from tests.ground_truth.comparison import differences
from tests.support.byte_search import found
from tests.support.workspace import configuration, load
from transforms import BuildOptions, Settings

QUIET = Display(is_quiet=True)
# A foreign key that is in the way and a reading one that is not, both on who writes the most.
ADDED_BY_OTHERS = """
    CREATE SCHEMA crm;
    ALTER TABLE people_raw.contacts ADD UNIQUE (id);
    ALTER TABLE people_raw.contact_notes ADD UNIQUE (contact_id, id);
    CREATE TABLE crm.notes (contact_id text REFERENCES people_raw.contacts (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO crm.notes SELECT id FROM people_raw.contacts;
    CREATE TABLE crm.gone_with_it (
        contact_id text, id text,
        FOREIGN KEY (contact_id, id) REFERENCES people_raw.contact_notes (contact_id, id) ON DELETE CASCADE
    );
"""
TRIGGER = """
    CREATE FUNCTION crm.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER keeps BEFORE UPDATE ON people_raw.conversations FOR EACH ROW EXECUTE FUNCTION crm.keep();
"""


class Someone:
    """The contact of the workspace who wrote the most, with what only this person's records say."""

    def __init__(self, truth):
        writers = [
            str(contact["id"])
            for conversation in truth["conversations"]
            for contact in conversation["contacts"]["contacts"]
        ]
        known = [contact for contact in truth["contacts"] if contact["email"] and contact["external_id"]]
        self.contact = max(known, key=lambda contact: (writers.count(str(contact["id"])), str(contact["id"])))
        self.id, self.email = str(self.contact["id"]), self.contact["email"]
        self.conversations = _with(self.id, truth["conversations"])
        self.tickets = _with(self.id, truth["tickets"])
        self.secrets = {text for text in self._texts() if len(text) > 5 and text not in self._others(truth)}

    def _texts(self):
        yield from (self.email, self.contact["external_id"], self.contact["name"] or "", self.contact["phone"] or "")
        for conversation in self.conversations:
            yield conversation["source"]["body"] or ""
            yield from (part["body"] or "" for part in conversation["conversation_parts"]["conversation_parts"])

    def _others(self, truth):
        own = {id(record) for record in (self.contact, *self.conversations, *self.tickets)}
        entities = (
            "contacts",
            "conversations",
            "tickets",
            "admins",
            "companies",
            "articles",
            "news_items",
            "newsfeed_items",
        )
        others = [record for entity in entities for record in truth[entity] if id(record) not in own]
        return json.dumps(others, ensure_ascii=False)

    def is_named_in(self, line):
        """Tell whether a line of the comparison is about a record of this person."""
        parts = [
            part
            for record, field in [
                *((each, "conversation_parts") for each in self.conversations),
                *((each, "ticket_parts") for each in self.tickets),
            ]
            for part in record[field][field]
        ]
        ids = {self.id, *(str(record["id"]) for record in (*self.conversations, *self.tickets, *parts))}
        return any(f"'{each}'" in line for each in ids) or line.startswith("data_events")


def _with(contact_id, records):
    return [
        record for record in records if contact_id in {str(contact["id"]) for contact in record["contacts"]["contacts"]}
    ]


def scalar(target, sql):
    return run_query(target, sql)[1][0][0]


def erased(target, given):
    return forget(target, given, confirmation(is_certain=True), QUIET, None, None)


def places(target):
    return target.database, target.folder, target.database.with_name(target.database.name + FOLDER)


@pytest.fixture
def someone(simulator):
    return Someone(simulator.truth())


@pytest.fixture(scope="module")
def loaded(simulator, tmp_path_factory):
    """Return a database with every table loaded."""
    database = tmp_path_factory.mktemp("loaded") / "people.duckdb"
    load(simulator, database, everything=True)
    return database


@pytest.fixture(scope="module")
def built(loaded, tmp_path_factory):
    """Return a copy of it with models."""
    target = Target(database=Path(shutil.copy(loaded, tmp_path_factory.mktemp("built"))))
    build_models(target.pipeline(), target, QUIET)
    return target.database


@pytest.fixture
def target(built, tmp_path):
    """Return a copy with models, to erase from."""
    return Target(database=Path(shutil.copy(built, tmp_path)))


@pytest.fixture
def raw_target(loaded, tmp_path):
    """Return a copy without models, which an erasure would have to build again."""
    return Target(database=Path(shutil.copy(loaded, tmp_path)))


def assert_gone(simulator, target, someone):
    """Nothing of the person is there, and everything else is."""
    assert [line for line in differences(simulator, target.database) if not someone.is_named_in(line)] == []
    assert scalar(target, f"SELECT count(*) FROM contacts WHERE id = '{someone.id}'") == 0
    assert scalar(target, f"SELECT count(*) FROM data_events WHERE contact_id = '{someone.id}'") == 0


def test_a_forgotten_person_is_nowhere_and_stays_so_and_nobody_else_is_touched(simulator, target, someone):
    assert {text for _, text in found(someone.secrets, target.database)} >= {someone.email}
    marts = "SELECT count(*), sum(count_replies), count(first_reply_at) FROM intercom.fct_conversations"
    before = run_query(target, marts)[1]
    assert erased(target, someone.email.upper()).is_ok
    assert found(someone.secrets, *places(target)) == []
    assert run_query(target, marts)[1] == before, "an erased text still counts as a message"
    assert_gone(simulator, target, someone)
    again = load(simulator, target.database, everything=True, full_refresh=True)
    assert (again.status, again.count_held_back > 0) == ("complete", True)
    assert found(someone.secrets, *places(target)) == []
    assert_gone(simulator, target, someone)


def test_the_record_of_it_names_nobody(raw_target, someone):
    receipts = f"SELECT DISTINCT receipt_id FROM message_receipts WHERE user_id = '{someone.id}' ORDER BY 1"
    before = run_query(raw_target, receipts)[1]
    erased(raw_target, someone.id)
    kept = "SELECT id FROM forgotten_records WHERE entity = 'message_receipts' ORDER BY 1"
    assert run_query(raw_target, kept)[1] == before != []
    columns, records = run_query(raw_target, "SELECT * FROM forgotten_records WHERE entity = 'contacts'")
    (record,) = (dict(zip(columns, row, strict=True)) for row in records)
    assert (record["id"], record["contact_id"]) == (someone.id, someone.id)
    assert record["completed_at"] >= record["forgotten_at"]
    assert record["count_rows"] > 0
    assert erased(raw_target, someone.id).count_rows == {}, "done again, nothing is left to do"
    assert scalar(raw_target, "SELECT max(count_rows) FROM forgotten_records") == record["count_rows"]


def test_a_forgetting_that_was_killed_is_completed_by_the_next_one(target, someone):
    pipeline = target.pipeline()
    with RawTables(pipeline).opened() as raw:
        records = list(records_of(raw, person(raw, someone.id)))
    record_forgotten(
        RawTables(pipeline),
        [{"entity": entity, "id": name, "contact_id": someone.id, "forgotten_at": 1} for entity, name in records],
    )
    with RawTables(pipeline).opened() as raw:
        erase(raw)
    # Here it was killed: the address is known to no table any more, but still stands in the models and in the file.
    assert found({someone.email}, target.database)
    with pytest.raises(Stop, match=f"nothing was erased. .*complete it with:\n  intercom-elt forget {someone.id}$"):
        erased(target, someone.email)  # which may as well be a typing error in the address of somebody else
    erased(target, someone.id)
    assert found(someone.secrets, *places(target)) == []
    assert scalar(target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0


class Killed(Display):
    """Ends the process's work where building the models would be shown."""

    def building(self):
        raise KeyboardInterrupt


def test_models_that_a_killed_forgetting_had_taken_away_come_back_with_the_next_one(target, someone):
    with pytest.raises(KeyboardInterrupt):
        forget(target, someone.id, confirmation(is_certain=True), Killed(is_quiet=True), None, None)
    assert erased(target, someone.id).build is not None
    assert scalar(target, "SELECT count(*) FROM intercom.fct_conversations") > 0


def test_after_an_erasure_that_was_cut_off_among_the_marts_a_build_leaves_no_holes(target, someone):
    marts = "SELECT count(*), sum(count_replies) FROM intercom.fct_conversations"
    before = run_query(target, marts)[1]
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("ALTER TABLE intercom.fct_tickets ADD PRIMARY KEY (ticket_id, created_at)")
        key = "FOREIGN KEY (id, since) REFERENCES intercom.fct_tickets (ticket_id, created_at)"
        connection.execute(f"CREATE TABLE intercom.held (id VARCHAR, since TIMESTAMPTZ, {key})")
        connection.execute("INSERT INTO intercom.held SELECT ticket_id, created_at FROM intercom.fct_tickets")
        connection.execute("UPDATE intercom_staging.model_runs SET error = 'quoted' WHERE name = 'dim_contacts'")
    with pytest.raises(Stop, match=f"intercom.held refers to .* created_at .*Drop its foreign key.*{someone.id}"):
        erased(target, someone.id)
    with duckdb.connect(str(target.database)) as connection:
        assert connection.execute(marts).fetchall() == [(0, None)], "the key is in the way of a later one"
        connection.execute("DROP TABLE intercom.held")
    assert build_models(target.pipeline(), target, QUIET).is_ok
    assert run_query(target, marts)[1] == before
    assert scalar(target, "SELECT count(error) FROM intercom_staging.model_runs") == 0


def test_own_models_forget_too_also_when_their_files_are_gone(target, someone, tmp_path):
    for name in ("stays", "gone"):
        (tmp_path / f"{name}.sql").write_text("-- One row per contact.\nselect email from stg_contacts\n")
    settings = Settings(models_folder=tmp_path)
    build_models(target.pipeline(), target, QUIET, BuildOptions("stays gone", settings))
    (tmp_path / "gone.sql").unlink()
    emails = f"SELECT count(*) FROM intercom.{{}} WHERE email = '{someone.email}'"
    assert scalar(target, emails.format("gone")) == 1
    forget(target, someone.id, confirmation(is_certain=True), QUIET, settings, None)
    assert scalar(target, emails.format("stays")) == 0
    assert scalar(target, "SELECT count(*) FROM intercom.stays") > 0
    assert scalar(target, "SELECT count(*) FROM intercom.gone") == 0


@pytest.mark.parametrize("destination", ["motherduck", "ducklake"])
def test_duckdb_under_another_name_keeps_tables_of_others_and_empties_own_models_too(target, tmp_path, destination):
    (tmp_path / "gone.sql").write_text("-- One row per contact.\nselect email from stg_contacts\n")
    pipeline = target.pipeline()
    build_models(pipeline, target, QUIET, BuildOptions("gone", Settings(models_folder=tmp_path)))
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("DELETE FROM intercom_staging.built_models WHERE name = 'dim_contacts'")
        connection.execute("CREATE OR REPLACE TABLE intercom.dim_contacts AS SELECT 'theirs' AS of_whom")
    rebuild(pipeline, Target(destination), QUIET, None)
    assert scalar(target, "SELECT of_whom FROM intercom.dim_contacts") == "theirs"
    assert scalar(target, "SELECT count(*) FROM intercom.gone") == 0


def test_a_model_that_cannot_be_built_keeps_no_name_in_what_builds_remember(target, someone, tmp_path):
    remembered = f"SELECT count(*) FROM intercom_staging.built_conversations WHERE version LIKE '%{someone.email}%'"
    assert scalar(target, remembered) > 0
    incremental = (
        "-- One row per conversation.\n-- incremental: conversation_id\nselect conversation_id, 1 / title as n"
    )
    (tmp_path / "fails.sql").write_text(f"{incremental} from fct_conversations\n")
    settings = Settings(models_folder=tmp_path)
    forgetting = forget(target, someone.id, confirmation(is_certain=True), QUIET, settings, None)
    assert [model.name for model in forgetting.build.failed_models] == ["fails"]
    assert found(someone.secrets, *places(target)) == []
    assert build_models(target.pipeline(), target, QUIET).is_ok


def test_own_models_that_cannot_be_read_keep_nobody_from_being_forgotten(target, someone, tmp_path):
    settings = Settings(models_folder=tmp_path / "own")
    settings.models_folder.mkdir()
    (settings.models_folder / "broken.sql").write_text("-- One row per contact.\nselect from where")
    forgetting = forget(target, someone.id, confirmation(is_certain=True), QUIET, settings, None)
    (own,) = forgetting.build.failed_models
    assert "broken.sql" in own.error
    assert scalar(target, "SELECT count(*) FROM intercom.fct_conversations") > 0, "everybody else's"
    assert found(someone.secrets, *places(target)) == []
    assert scalar(target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0


def test_rows_that_foreign_keys_of_others_refer_to_stay_with_their_ids_alone(target, someone):
    with duckdb.connect(str(target.database)) as connection:
        for table, key in (("intercom_raw.contacts", "id"), ("intercom.dim_contacts", "contact_id")):
            crm = f"{table.partition('.')[0]}.crm"
            connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({key})")
            connection.execute(f"CREATE TABLE {crm} (contact_id VARCHAR REFERENCES {table} ({key}))")
            connection.execute(f"INSERT INTO {crm} VALUES ('{someone.id}')")
    erased(target, someone.email)
    assert found(someone.secrets, *places(target)) == []
    columns, (row,) = run_query(target, f"SELECT * FROM intercom_raw.contacts WHERE id = '{someone.id}'")
    assert {name for name, value in zip(columns, row, strict=True) if value is not None} == {
        *("id", "_dlt_load_id", "_dlt_id")
    }
    assert scalar(target, "SELECT count(*) FROM intercom_raw.crm") == 1
    assert scalar(target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0
    with RawTables(target.pipeline()).opened() as raw:
        assert erase(raw) == {}, "done again, nothing is left to do"


@pytest.mark.parametrize("instead", ["[redacted]", "[forgotten]"])
def test_what_stands_in_the_place_of_a_value_names_nobody_else(raw_target, someone, instead):
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        assert connection.execute("SELECT count(*) FROM visitors").fetchone()[0] > 0
        for table, columns in {"contacts": ("external_id", "email", "phone"), "visitors": ("user_id", "email")}.items():
            connection.execute(f"UPDATE {table} SET " + ", ".join(f"{column} = '{instead}'" for column in columns))
        connection.execute("UPDATE conversation_parts SET author__email = $1, author__name = $1", [instead])
        connection.execute("UPDATE activity_logs SET metadata = to_json({'of': $1::varchar})", [instead])
    with RawTables(raw_target.pipeline()).opened() as raw:
        entities = {entity for entity, _ in records_of(raw, person(raw, someone.id))}
    assert {"contacts", "conversations"} <= entities <= {"contacts", "conversations", "tickets", "message_receipts"}


# A name, who else is named so in part, and whether a log that names the person is found.
NAMES = [
    ("İbrahim Yılmaz", "Ada", True),  # noqa: RUF001
    ("ΟΔΥΣΣΕΥΣ ΠΑΠΠΑΣ", "Ada", True),
    ("山田太郎", "Ada", True),
    ("Ann\u00a0Lee", "Ada", True),
    ("山田", "山田太郎", True),
    ("Maria Garcia", "Maria Garcia Lopez", True),
    ("Ann Lee", "ann lee", False),
    ("Madonna", "Ada", False),
]


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_logs_that_name_the_person_are_found_in_whatever_letters_but_not_those_of_a_teammate(raw_target, someone, name):
    name, teammate, is_found = name
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        connection.execute(f"UPDATE contacts SET name = '{name}', email = 'É.I@x.fr ' WHERE id = '{someone.id}'")
        connection.execute(f"UPDATE admins SET name = '{teammate}'")
        named, other = f"Ada removed {name}", "Ada removed somebody"
        connection.execute("UPDATE activity_logs SET activity_description = $1, metadata = NULL", [other])
        connection.execute(
            "UPDATE activity_logs SET activity_description = $1 WHERE id = (SELECT min(id) FROM activity_logs)", [named]
        )
    with RawTables(raw_target.pipeline()).opened() as raw:
        assert candidates(raw, "é.i@x.fr", None) == [someone.id]
        records = records_of(raw, person(raw, someone.id))
        assert [entity for entity, _ in records].count("activity_logs") == is_found


def test_a_mistake_can_be_undone_while_intercom_has_the_person(simulator, raw_target, someone):
    erased(raw_target, someone.id)
    assert release_person(raw_target, someone.id) > 1
    load(simulator, raw_target.database, "contacts", full_refresh=True)
    assert scalar(raw_target, f"SELECT email FROM contacts WHERE id = '{someone.id}'") == someone.email


def test_whoever_is_not_named_exactly_is_not_erased(raw_target, someone):
    with pytest.raises(Stop, match="no contact with that id"):
        erased(raw_target, "nobody@example.com")
    with pytest.raises(Stop, match="no contact is named"):
        erased(raw_target, " ")  # an empty variable of a script, which would name whoever has an empty address
    with pytest.raises(Stop, match="add --yes"):
        forget(raw_target, someone.id, confirmation(is_certain=False), QUIET, None, None)
    pipeline = raw_target.pipeline()
    with pipeline.sql_client() as client:
        table = client.make_qualified_table_name("contacts")
        client.execute_sql(f"UPDATE {table} SET email = %s", someone.email)
    with pytest.raises(Stop, match=f"name one by its id:(.|\n)*intercom-elt forget {someone.id}"):
        erased(raw_target, someone.email)
    assert scalar(raw_target, f"SELECT count(*) FROM contacts WHERE id = '{someone.id}'") == 1


def test_whoever_was_merged_into_another_contact_is_forgotten_by_that_ones_name(raw_target, someone):
    pipeline = raw_target.pipeline()
    with pipeline.sql_client() as client:
        contacts, marks = (client.make_qualified_table_name(name) for name in ("contacts", "deleted_records"))
        ((other,),) = client.execute_sql(f"SELECT min(id) FROM {contacts} WHERE id <> %s", someone.id)
        columns = "entity, id, reason, merged_into_id, noticed_at, _dlt_load_id, _dlt_id"
        merged = f"INSERT INTO {marks} ({columns}) VALUES ('contacts', %s, 'merged', %s, 1, '', '')"
        client.execute_sql(merged, other, someone.id)
    with pytest.raises(Stop, match=f"intercom-elt forget {someone.id}"):
        erased(raw_target, other)
    erased(raw_target, someone.id)
    assert scalar(raw_target, f"SELECT count(*) FROM contacts WHERE id IN ('{other}', '{someone.id}')") == 0


def test_a_person_is_forgotten_on_postgres_too(simulator, someone, postgres, monkeypatch):
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    target = Target("postgres", dataset="people")
    options = SyncOptions(Selection(everything=True))
    sync(configuration(simulator), target, options, QUIET)
    with target.pipeline().sql_client() as client:
        client.execute_sql("CREATE VIEW people.of_somebody AS SELECT contact_id, email FROM people.dim_contacts")
        client.execute_sql("CREATE MATERIALIZED VIEW people.copied AS SELECT * FROM people.of_somebody")
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
    assert (again := erased(target, "é.i@X.FR")).is_ok
    assert again.copies == ["people.copied"]
    with target.pipeline().sql_client() as client:
        assert client.execute_sql("SELECT DISTINCT activity_description FROM people_raw.activity_logs") == [
            ("[forgotten]",)
        ]
        client.execute_sql("REFRESH MATERIALIZED VIEW people.copied")
        (kept,) = client.execute_sql("SELECT * FROM people_raw.contacts WHERE id = %s", someone.id)
        assert sum(value is not None for value in kept) == len(("id", "_dlt_load_id", "_dlt_id"))
        assert client.execute_sql("SELECT count(*) FROM crm.gone_with_it") == [(0,)]
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
