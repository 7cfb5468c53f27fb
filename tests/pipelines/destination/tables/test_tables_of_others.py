"""What somebody else made, added or changed where our tables are is named, and nothing of it is lost."""

import re

import duckdb
import pytest

from pipelines.destination.tables.changed_types import refuse_changed_types
from pipelines.destination.tables.foreign_tables import refuse_what_is_others
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from tests.support.databases.place import read

pytestmark = pytest.mark.end_to_end


@pytest.mark.parametrize("relation", ["TABLE", "VIEW"])
def test_a_table_of_others_with_the_name_of_ours_is_named_and_stays(simulator, place, relation):
    place.execute("CREATE SCHEMA IF NOT EXISTS intercom_raw")
    place.execute(f"CREATE {relation} intercom_raw.contacts AS SELECT 'mine' AS id, 7 AS number")
    with pytest.raises(Stop, match=r"intercom_raw.contacts was not made by intercom-elt.*Rename it") as stopped:
        read(simulator, place)
    assert stopped.value.code is ExitCode.WRONG_USE
    assert place.rows("SELECT * FROM intercom_raw.contacts") == [("mine", 7)]


def test_a_view_that_took_the_place_of_a_table_is_named_before_anything_is_loaded(simulator, loaded):
    before = loaded.counts()
    loaded.execute("ALTER TABLE intercom_raw.contact_tags RENAME TO kept")
    loaded.execute("CREATE VIEW intercom_raw.contact_tags AS SELECT * FROM intercom_raw.kept")
    with pytest.raises(Stop, match=r"intercom_raw.contact_tags is a view.*give the table its name back") as stopped:
        read(simulator, loaded)
    assert stopped.value.code is ExitCode.WRONG_USE
    loaded.execute("DROP VIEW intercom_raw.contact_tags")
    loaded.execute("ALTER TABLE intercom_raw.kept RENAME TO contact_tags")
    assert read(simulator, loaded).status == "complete"
    assert loaded.counts() == before


def test_a_column_of_others_or_of_another_type_is_named_before_it_loses_anything(simulator, loaded):
    loaded.execute("ALTER TABLE intercom_raw.contacts ADD COLUMN vip VARCHAR")
    assert read(simulator, loaded).status == "complete", "an empty one has nothing to lose"
    loaded.execute("UPDATE intercom_raw.contacts SET vip = 'yes'")
    with pytest.raises(Stop, match=r"intercom_raw.contacts has the column vip"):
        read(simulator, loaded)
    assert loaded.rows("SELECT DISTINCT vip FROM intercom_raw.contacts") == [("yes",)]
    loaded.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN vip")
    loaded.execute("""ALTER TABLE intercom_raw.contacts ADD COLUMN "Since" VARCHAR DEFAULT 'ever'""")
    assert read(simulator, loaded).status == "complete", "the database fills it again by itself"
    loaded.execute("""ALTER TABLE intercom_raw.contacts ALTER COLUMN "Since" DROP DEFAULT""")
    with pytest.raises(Stop, match=r"intercom_raw.contacts has the column Since"):
        read(simulator, loaded)
    loaded.execute("""ALTER TABLE intercom_raw.contacts DROP COLUMN "Since\"""")
    loaded.execute("ALTER TABLE intercom_raw.contacts RENAME COLUMN email TO e_mail")
    with pytest.raises(Stop, match=r"has the column e_mail.* If it is email, which the table lacks, rename it back"):
        read(simulator, loaded)
    loaded.execute("ALTER TABLE intercom_raw.contacts RENAME COLUMN e_mail TO email")
    assert read(simulator, loaded).status == "complete"
    loaded.execute("ALTER TABLE intercom_raw.contacts ALTER COLUMN created_at TYPE VARCHAR")
    with pytest.raises(Stop, match=r"contacts.created_at was made as bigint and is .*var.* now") as stopped:
        read(simulator, loaded)
    assert stopped.value.code is ExitCode.WRONG_USE
    before = loaded.counts()
    loaded.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN created_at")
    assert read(simulator, loaded).status == "complete"
    assert loaded.counts() == before
    assert loaded.rows("SELECT count(*) FROM intercom_raw.contacts WHERE created_at IS NULL") == [(0,)]


# Columns of contacts, and a type that holds fewer of their values, or others: what dlt reads back is the same.
SMALLER = {
    "duckdb": (("created_at", "integer"), ("custom_attributes", "varchar")),
    "postgres": (
        *(("created_at", "integer"), ("custom_attributes", "text")),
        *(("email", "character(80)"), ("email", "character varying(200)")),
    ),
}


def test_a_type_that_holds_less_is_named_before_it_loses_anything(loaded, kind):
    for column, smaller in SMALLER[kind]:
        loaded.execute(f"ALTER TABLE intercom_raw.contacts ALTER COLUMN {column} TYPE {smaller}")
        pipeline = loaded.target.pipeline()
        said = rf"{column} was made as .* and is {re.escape(smaller)} now\. Change it back\.$"
        with pipeline.sql_client() as client, pytest.raises(Stop, match=said):
            refuse_changed_types(client, Inspection.at(pipeline), loaded.target)
        made = {"created_at": "bigint", "custom_attributes": "json", "email": "varchar"}[column]
        using = f" USING {column}::json" if kind == "postgres" and made == "json" else ""
        loaded.execute(f"ALTER TABLE intercom_raw.contacts ALTER COLUMN {column} TYPE {made}{using}")
    with pipeline.sql_client() as client:
        refuse_changed_types(client, Inspection.at(pipeline), loaded.target)


@pytest.mark.parametrize("kind", ["postgres"])
def test_columns_that_the_database_fills_in_by_itself_stay(simulator, loaded):
    generated = "GENERATED ALWAYS AS (to_tsvector('simple', coalesce(name, ''))) STORED"
    loaded.execute(f"ALTER TABLE intercom_raw.contacts ADD COLUMN search tsvector {generated}")
    loaded.execute("ALTER TABLE intercom_raw.contacts ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY")
    outcome = read(simulator, loaded, full_refresh=True)
    assert (outcome.status, outcome.error) == ("complete", None)
    lost = "SELECT count(*), count(*) FILTER (WHERE search IS NULL OR number IS NULL) FROM intercom_raw.contacts"
    [(count, count_lost)] = loaded.rows(lost)
    assert (count > 0, count_lost) == (True, 0)


OBSTACLES = {
    "unique index": ("CREATE UNIQUE INDEX one_name ON intercom_raw.contacts (role)", "one_name"),
    "not null": ("ALTER TABLE intercom_raw.contacts ALTER COLUMN phone SET NOT NULL", "phone"),
    "foreign key": (
        "CREATE UNIQUE INDEX of_id ON intercom_raw.contacts (id);"
        "CREATE TABLE intercom_raw.crm (contact_id text REFERENCES intercom_raw.contacts (id));"
        "INSERT INTO intercom_raw.crm SELECT id FROM intercom_raw.contacts",
        "crm",
    ),
    "trigger": (
        "CREATE FUNCTION intercom_raw.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'hands off'; END $$;"
        "CREATE TRIGGER stays BEFORE DELETE ON intercom_raw.contacts FOR EACH ROW EXECUTE FUNCTION intercom_raw.no()",
        "hands off",
    ),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize("kind", ["postgres"])
def test_what_others_put_on_a_table_is_named_without_rows_and_nothing_is_lost(simulator, loaded, obstacle):
    statement, name = OBSTACLES[obstacle]
    if obstacle == "unique index":  # such as there is only before the second row comes
        loaded.execute("DELETE FROM intercom_raw.contacts")
    if obstacle == "not null":
        loaded.execute("UPDATE intercom_raw.contacts SET phone = ''")
    loaded.execute(statement)
    before = loaded.rows("SELECT count(*) FROM intercom_raw.contacts")
    outcome = read(simulator, loaded, full_refresh=True)
    assert outcome.status == "failed"
    assert name in outcome.error
    assert outcome.error.endswith("was added to the table by somebody else and rejects its rows: drop it")
    assert "@" not in outcome.error
    assert loaded.rows("SELECT count(*) FROM intercom_raw.contacts") == before


def test_a_run_log_that_the_first_releases_loaded_grows(tmp_path):
    """They loaded it by dlt, whose schema knows no column that came later."""
    then, now = {"run_id": {"data_type": "text"}}, {"count_unlisted": {"data_type": "bigint"}}
    target = Target(database=tmp_path / "intercom_data.duckdb")
    with duckdb.connect(target.database) as connection:
        connection.execute("CREATE SCHEMA intercom_raw")
        connection.execute("CREATE TABLE intercom_raw.sync_runs AS SELECT 'a' AS run_id, 5 AS count_unlisted")
    look = Inspection({"sync_runs": then}, {"sync_runs": then | now}, None, ())
    refuse_what_is_others(look, target.pipeline(), target)
