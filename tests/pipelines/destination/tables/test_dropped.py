"""What somebody dropped is made anew and read in full; what somebody added is named, and nothing of it is lost."""

import duckdb
import psycopg2
import pytest

from pipelines.commands.query import run_query
from pipelines.commands.sync import SyncOptions, sync
from pipelines.destination.target import Target
from pipelines.forget.forget import confirmation, forget
from pipelines.journal.display import Display
from pipelines.run.selection import Selection
from pipelines.stop import ExitCode, Stop
from tests.support.postgres import running_postgres
from tests.support.workspace import configuration

CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"
READ = ("contacts", "tags")  # as little as shows it: each load costs most of a second
NAMES = ("contacts", "contact_tags", "tags")


class Place:
    """A database of either kind, with statements of somebody else on it."""

    def __init__(self, target, connect):
        self.target = target
        self._connect = connect

    def execute(self, sql):
        connection = self._connect()
        try:
            connection.cursor().execute(sql)
            connection.commit()
        finally:
            connection.close()

    def rows(self, sql):
        return [tuple(row) for row in run_query(self.target, sql)[1]]

    def counts(self):
        return {name: self.rows(f"SELECT count(*) FROM intercom_raw.{name}")[0][0] for name in NAMES}


@pytest.fixture(scope="module")
def postgres():
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["duckdb", "postgres"])
def place(request, tmp_path, monkeypatch):
    if request.param == "duckdb":
        database = tmp_path / "dropped.duckdb"
        yield Place(Target(database=database), lambda: duckdb.connect(str(database)))
        return
    url = request.getfixturevalue("postgres")
    monkeypatch.setenv(CREDENTIALS, url)
    place = Place(Target("postgres"), lambda: psycopg2.connect(url))
    yield place
    place.execute("DROP SCHEMA IF EXISTS intercom_raw CASCADE; DROP SCHEMA IF EXISTS intercom_raw_staging CASCADE")


def read(simulator, place, display=None, *, full_refresh=False):
    options = SyncOptions(Selection(READ), transform=False, full_refresh=full_refresh)
    return sync(configuration(simulator), place.target, options, display or Display(is_quiet=True))


def test_transform_asks_for_a_sync_where_raw_tables_are_missing(simulator, invoke, place):
    where = ["--destination", place.target.destination, "--database", place.target.database]

    def transform(*arguments):
        code, output, errors = invoke("transform", *where, *arguments)
        assert (output, errors.count("\n")) == ("", 1)
        return code, errors

    place.execute("CREATE SCHEMA intercom_raw")  # and nothing in it
    code, errors = transform()
    assert code == 64
    assert "holds no raw tables yet; load them with: intercom-elt sync" in errors
    read(simulator, place)
    place.execute("DROP TABLE intercom_raw.tags; DROP TABLE intercom_raw.help_centers")
    code, errors = transform()
    assert code == 64
    assert "intercom_raw has no help_centers, tags; intercom-elt sync makes what is missing" in errors
    assert place.rows("SELECT 1 FROM information_schema.tables WHERE table_schema = 'intercom'") == []
    assert transform("--select", "stg_tags")[0] == 64
    assert invoke("transform", *where, "--select", "stg_teams", "--quiet")[0] == 0, "which reads neither"


def test_what_was_dropped_comes_back_whole(simulator, place, capsys):
    assert read(simulator, place).status == "complete"
    before = place.counts()
    assert all(before.values())
    place.execute("DROP TABLE intercom_raw.contact_tags")
    place.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN email")
    place.execute("DROP TABLE intercom_raw_staging.contacts")
    outcome = read(simulator, place, Display())
    assert (outcome.status, outcome.error) == ("complete", None)
    said = capsys.readouterr().err
    assert "intercom_raw.contact_tags had been dropped and is made anew; read in full: contacts" in said
    assert "intercom_raw.contacts.email had been dropped" in said
    assert place.counts() == before
    assert place.rows("SELECT count(email) > 0 FROM intercom_raw.contacts") == [(True,)]
    place.execute("DROP TABLE intercom_raw.tags")
    place.execute("DROP TABLE intercom_raw._dlt_loads")
    assert read(simulator, place, full_refresh=True).status == "complete"
    assert place.counts() == before
    place.execute("DROP TABLE intercom_raw._dlt_pipeline_state")  # all that dlt knows of how far it has come
    assert read(simulator, place).status == "complete"
    assert place.counts() == before


def test_without_the_table_of_the_forgotten_nothing_is_loaded(simulator, place):
    read(simulator, place)
    place.execute("DROP TABLE intercom_raw.forgotten_records")
    with pytest.raises(Stop, match=r"forgotten_records was dropped.*backup") as stopped:
        read(simulator, place)
    assert stopped.value.code is ExitCode.WRONG_USE
    contact_id = str(place.rows("SELECT min(id) FROM intercom_raw.contacts")[0][0])
    place.execute("DROP TABLE intercom_raw.contact_tags")
    forget(place.target, contact_id, confirmation(is_certain=True), Display(is_quiet=True), None, None)
    assert place.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]
    assert place.rows(f"SELECT count(*) FROM intercom_raw.forgotten_records WHERE id = '{contact_id}'") == [(1,)]
    assert read(simulator, place, full_refresh=True).status == "complete"
    assert place.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]


@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
def test_a_table_of_others_with_the_name_of_ours_is_named_and_stays(simulator, place, kind):
    place.execute("CREATE SCHEMA IF NOT EXISTS intercom_raw")
    place.execute(f"CREATE {kind} intercom_raw.contacts AS SELECT 'mine' AS id, 7 AS number")
    with pytest.raises(Stop, match=r"intercom_raw.contacts was not made by intercom-elt.*Rename it") as stopped:
        read(simulator, place)
    assert stopped.value.code is ExitCode.WRONG_USE
    assert place.rows("SELECT * FROM intercom_raw.contacts") == [("mine", 7)]


def test_a_column_of_others_or_of_another_type_is_named_before_it_loses_anything(simulator, place):
    read(simulator, place)
    place.execute("ALTER TABLE intercom_raw.contacts ADD COLUMN vip VARCHAR")
    assert read(simulator, place).status == "complete", "an empty one has nothing to lose"
    place.execute("UPDATE intercom_raw.contacts SET vip = 'yes'")
    with pytest.raises(Stop, match=r"intercom_raw.contacts has the column vip"):
        read(simulator, place)
    assert place.rows("SELECT DISTINCT vip FROM intercom_raw.contacts") == [("yes",)]
    place.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN vip")
    place.execute("ALTER TABLE intercom_raw.contacts ALTER COLUMN created_at TYPE VARCHAR")
    with pytest.raises(Stop, match=r"contacts.created_at was made as bigint and is text now") as stopped:
        read(simulator, place)
    assert stopped.value.code is ExitCode.WRONG_USE
    before = place.counts()
    place.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN created_at")
    assert read(simulator, place).status == "complete"
    assert place.counts() == before
    assert place.rows("SELECT count(*) FROM intercom_raw.contacts WHERE created_at IS NULL") == [(0,)]


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
def test_what_others_put_on_a_table_is_named_without_rows_and_nothing_is_lost(
    simulator, postgres, monkeypatch, obstacle
):
    monkeypatch.setenv(CREDENTIALS, postgres)
    place = Place(Target("postgres", dataset="obstacle"), lambda: psycopg2.connect(postgres))
    read(simulator, place)
    statement, name = (text.replace("intercom_raw", "obstacle_raw") for text in OBSTACLES[obstacle])
    try:
        if obstacle == "unique index":  # such as there is only before the second row comes
            place.execute("DELETE FROM obstacle_raw.contacts")
        if obstacle == "not null":
            place.execute("UPDATE obstacle_raw.contacts SET phone = ''")
        place.execute(statement)
        before = place.rows("SELECT count(*) FROM obstacle_raw.contacts")
        outcome = read(simulator, place, full_refresh=True)
        assert outcome.status == "failed"
        assert name in outcome.error
        assert "drop it there" in outcome.error
        assert "@" not in outcome.error
        assert place.rows("SELECT count(*) FROM obstacle_raw.contacts") == before
    finally:
        place.execute("DROP SCHEMA obstacle_raw CASCADE; DROP SCHEMA obstacle_raw_staging CASCADE")


def test_query_reads_only_and_finds_marts_by_bare_name(invoke, postgres, monkeypatch, tmp_path):
    monkeypatch.setenv(CREDENTIALS, postgres)
    with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA asked; CREATE TABLE asked.fct_answers AS SELECT 7 AS n")
        cursor.execute("CREATE SCHEMA asked_raw; CREATE TABLE asked_raw.fct_answers AS SELECT 8 AS n")
    asked = ("--destination", "postgres", "--dataset", "asked", "--format", "csv")
    tmp_path.chmod(0o777)  # the server is another user
    assert invoke("query", "SELECT n FROM fct_answers;", *asked)[:2] == (0, "n\n7\n")
    for sql in (
        "DELETE FROM asked.fct_answers",
        "WITH gone AS (DELETE FROM asked.fct_answers RETURNING n) SELECT * FROM gone",
        "COMMIT; DELETE FROM asked.fct_answers",
        "SET transaction_read_only = off; DELETE FROM asked.fct_answers",
        "DO $$ BEGIN DELETE FROM asked.fct_answers; END $$",
        "CREATE TABLE asked.more AS SELECT 1",
        "; ;",
        f"COPY (SELECT 1) TO '{(writable := tmp_path / 'written')}'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "EXPLAIN ANALYZE DELETE FROM asked.fct_answers",
    ):
        code, output, errors = invoke("query", sql, *asked)
        assert (code, output) == (64, ""), errors
        assert invoke("query", "SELECT n FROM asked.fct_answers", *asked)[1] == "n\n7\n", sql
    assert not writable.exists()
    for sql in (
        "TABLE asked.fct_answers",
        "(VALUES (7))",
        "/* a word */ WITH x AS (SELECT 7 AS n) SELECT n FROM x",
        "SHOW work_mem",
    ):
        assert invoke("query", sql, *asked)[0] == 0, sql
