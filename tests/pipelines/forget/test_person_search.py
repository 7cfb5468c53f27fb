"""Who is meant by a name, and which records are about that person."""

import duckdb
import pytest
from dlt.common.typing import TSecretStrValue

from pipelines.commands.forget import confirmation
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.forget.forget import forget, release_person
from pipelines.forget.person_search import candidates, person, records_of
from pipelines.journal.display import Display
from pipelines.stop import Stop
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from sources.intercom.privacy.concealment import hashing
from tests.support.someone import QUIET, erased, scalar
from tests.support.workspace import load


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


@pytest.mark.parametrize(("name", "longer"), [("Maria Garcia", "Maria Garcia Lopez"), ("山田", "山田太郎")])
def test_logs_that_name_another_customer_whose_name_is_longer_stay(raw_target, someone, name, longer):
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        connection.execute("UPDATE contacts SET name = CASE id WHEN $1 THEN $2 ELSE $3 END", [someone.id, name, longer])
        connection.execute(
            "UPDATE activity_logs SET metadata = NULL, activity_description = 'Kim exported ' || $1", [longer]
        )
    with RawTables(raw_target.pipeline()).opened() as raw:
        assert "activity_logs" not in {entity for entity, _ in records_of(raw, person(raw, someone.id))}


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ("Kim deleted the user Ada@Example.com.", True),
        ('{"contact":{"name": "Ada Lovelace"}}', True),
        ('{"external_id":"7"}', True),
        ('{"before":"7","name":"Augusta"}', False),
    ],
)
def test_whoever_is_known_by_hashes_is_found_in_logs_that_no_rule_covers(raw_target, someone, said, is_found):
    hashed = hashing("a secret of the tests")
    contact = ["ada@example.com", "7", "Ada Lovelace", "Augusta"]
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        known = "UPDATE contacts SET email = $1, external_id = $2, name = $3, phone = NULL WHERE id = $4"
        connection.execute(known, [*map(hashed, contact[:3]), someone.id])
        connection.execute("UPDATE visitors SET name = $1, user_id = $2", [*map(hashed, ("Augusta", "7"))])
        connection.execute("UPDATE activity_logs SET metadata = NULL, activity_description = $1", [said])
    with RawTables(raw_target.pipeline()).opened() as raw:
        (contact_id,) = candidates(raw, "ada@example.com", hashed)
        entities = {entity for entity, _ in records_of(raw, person(raw, contact_id), hashed)}
    assert ("activity_logs" in entities) is is_found


@pytest.mark.parametrize("concealed", [{"contacts"}, {"admins"}, {"contacts", "admins"}], ids=sorted)
def test_logs_of_a_teammate_of_the_same_name_stay_where_a_rule_hashes_one_of_the_tables_alone(
    raw_target, someone, concealed
):
    hashed = hashing("a secret of the tests")
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        for table in ("contacts", "admins"):
            connection.execute(
                f"UPDATE {table} SET name = $1", [hashed("Anna Berg") if table in concealed else "Anna Berg"]
            )
        said = '{"teammate": {"name": "Anna Berg"}}'
        connection.execute("UPDATE activity_logs SET activity_description = '', metadata = $1", [said])
    with RawTables(raw_target.pipeline()).opened() as raw:
        assert "activity_logs" not in {entity for entity, _ in records_of(raw, person(raw, someone.id), hashed)}


@pytest.mark.parametrize("concealed", ["contacts", "visitors", "nowhere", "everywhere"])
@pytest.mark.parametrize("known_by", ["email", "user_id"])
def test_visitors_are_found_where_a_rule_hashes_one_of_the_tables_alone(raw_target, someone, concealed, known_by):
    hashed = hashing("a secret of the tests")
    value = {"email": "Ada@Example.com", "user_id": "Number-7"}[known_by]
    of = {table: hashed(value) if concealed in {table, "everywhere"} else value for table in ("contacts", "visitors")}
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        column = {"email": "email", "user_id": "external_id"}[known_by]
        connection.execute(f"UPDATE contacts SET {column} = $1 WHERE id = $2", [of["contacts"], someone.id])
        connection.execute("UPDATE visitors SET email = 'other@example.com', user_id = 'other'")
        first = "id = (SELECT min(id) FROM visitors)"
        connection.execute(f"UPDATE visitors SET {known_by} = $1 WHERE {first}", [of["visitors"]])
        expected = connection.execute(f"SELECT id FROM visitors WHERE {first}").fetchall()
        said = f'{{"external_id": "{of["visitors"]}"}}'
        connection.execute("UPDATE activity_logs SET activity_description = '', metadata = $1", [said])
    with RawTables(raw_target.pipeline()).opened() as raw:
        records = list(records_of(raw, person(raw, someone.id), hashed))
    assert [(record_id,) for entity, record_id in records if entity == "visitors"] == expected
    assert "activity_logs" in {entity for entity, _ in records}, "which a rule hashes, or none"


def test_forget_says_what_it_cannot_find_without_the_key_of_the_syncs(simulator, raw_target, someone, capsys):
    privacy = PrivacyConfiguration()
    privacy.hash, privacy.hash_key = ["contacts.email"], TSecretStrValue("a secret of the tests")
    assert load(simulator, raw_target.database, "tags", settings={"privacy": privacy}).status == "complete"
    for hash_key, said in (
        ("", "hash_key is not set here"),
        ("another secret of the tests", "hash_key is another one here"),
        (privacy.hash_key, ""),
    ):
        asked = []
        with pytest.raises(Stop, match="Nothing was erased"):
            forget(raw_target, someone.id, asked.append, Display(), None, hash_key)
        warned = capsys.readouterr().err
        assert said in warned
        assert ("hash_key" in warned) is bool(said)
        assert ("but without what only the syncs' hash_key finds?" in asked[0]) is bool(said)


def test_whoever_is_not_named_exactly_is_not_erased(raw_target, someone):
    with pytest.raises(Stop, match="no contact with that id"):
        erased(raw_target, "nobody@example.com")
    with pytest.raises(Stop, match="no contact is named"):
        erased(raw_target, " ")  # an empty variable of a script, which would name whoever has an empty address
    with pytest.raises(Stop, match="add --yes"):
        forget(raw_target, someone.id, confirmation(is_certain=False), QUIET, None, "")
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
    asked = []
    with pytest.raises(Stop, match="Nothing was erased"):
        forget(raw_target, someone.id, asked.append, QUIET, None, "")
    assert f"Erase contact {someone.id} and 1 merged into it ({other}) from " in asked[0]
    erased(raw_target, someone.id)
    assert scalar(raw_target, f"SELECT count(*) FROM contacts WHERE id IN ('{other}', '{someone.id}')") == 0
    with pytest.raises(Stop, match=f"released by:\n  intercom-elt forget {someone.id} --undo --database"):
        release_person(raw_target, other)
    with pytest.raises(Stop, match="No contact nobody was forgotten"):
        release_person(raw_target, "nobody")
