"""What somebody dropped is made anew and read in full; what somebody added is named, and nothing of it is lost."""

import shutil
from contextlib import contextmanager

import duckdb
import psycopg2
import pytest

from pipelines.commands.forget import confirmation
from pipelines.destination.tables.dropped_tables import make_anew
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.forget.forget import forget
from pipelines.journal.display import Display
from pipelines.query.reader import run_query
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from pipelines.stop import Stop
from sources.intercom import states_of
from tests.support.databases.postgres import own_database
from tests.support.workspace import configuration, database_without_rows

pytestmark = pytest.mark.end_to_end
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


@contextmanager
def postgres_place(url):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CREDENTIALS, url)
        yield Place(Target("postgres"), lambda: psycopg2.connect(url))


def duckdb_place(database):
    return Place(Target(database=database), lambda: duckdb.connect(str(database)))


@pytest.fixture(scope="module")
def loaded_duckdb(simulator, tmp_path_factory):
    database = tmp_path_factory.mktemp("loaded") / "loaded.duckdb"
    place = duckdb_place(shutil.copy(database_without_rows(), database))
    read(simulator, place)
    return place.target.database


@pytest.fixture(scope="module")
def loaded_postgres(simulator, postgres_server):
    """The URL of the database."""
    with own_database(postgres_server) as url:
        with postgres_place(url) as place:
            read(simulator, place)
        yield url


@pytest.fixture(params=["duckdb", "postgres"])
def kind(request):
    return request.param


@pytest.fixture
def place(kind, request, tmp_path):
    """An empty database of either kind."""
    if kind == "duckdb":
        yield duckdb_place(tmp_path / "dropped.duckdb")
        return
    with postgres_place(request.getfixturevalue("postgres")) as place:
        yield place


@pytest.fixture
def loaded(kind, request, tmp_path):
    """A database of either kind into which READ was loaded."""
    if kind == "duckdb":
        yield duckdb_place(shutil.copy(request.getfixturevalue("loaded_duckdb"), tmp_path / "dropped.duckdb"))
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("loaded_postgres")
    with own_database(server, template) as url, postgres_place(url) as place:
        yield place


def read(simulator, place, display=None, *names, full_refresh=False, **settings):
    options = SyncOptions(Selection(names or READ), transform=False, full_refresh=full_refresh)
    with place.target.held_open():
        return sync(configuration(simulator, **settings), place.target, options, display or Display(is_quiet=True))


def where(place):
    return ["--destination", place.target.destination, "--database", place.target.database]


def test_transform_asks_for_a_sync_where_no_raw_table_is(invoke, place):
    place.execute("CREATE SCHEMA intercom_raw")  # and nothing in it
    code, output, errors = invoke("transform", *where(place))
    assert (code, output, errors.count("\n")) == (64, "", 1)
    command = f"intercom-elt sync{place.target.options}"  # and not the one that loads intercom_data.duckdb
    assert f"holds no raw tables yet; load them with: {command}" in errors
    assert command != "intercom-elt sync"
    assert f"holds no run yet; load it with: {command}\n" in invoke("status", *where(place))[2]


def test_transform_asks_for_a_sync_where_raw_tables_are_missing(invoke, loaded):
    loaded.execute("DROP TABLE intercom_raw.tags; DROP TABLE intercom_raw.help_centers")
    code, output, errors = invoke("transform", *where(loaded))
    assert (code, output, errors.count("\n")) == (64, "", 1)
    assert "intercom_raw has no help_centers, tags; intercom-elt sync makes what is missing" in errors
    assert loaded.rows("SELECT 1 FROM information_schema.tables WHERE table_schema = 'intercom'") == []
    assert invoke("transform", *where(loaded), "--select", "stg_tags")[0] == 64
    assert invoke("transform", *where(loaded), "--select", "stg_teams", "--quiet")[0] == 0, "which reads neither"


def test_what_was_dropped_comes_back_whole(simulator, loaded, capsys):
    before = loaded.counts()
    assert all(before.values())
    loaded.execute("DROP TABLE intercom_raw.contact_tags")
    loaded.execute("DROP TABLE intercom_raw.deleted_records")
    loaded.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN email")
    loaded.execute("DROP TABLE intercom_raw_staging.contacts")
    outcome = read(simulator, loaded, Display())
    assert (outcome.status, outcome.error) == ("complete", None)
    said = capsys.readouterr().err
    assert "intercom_raw.contact_tags had been dropped and is made anew; read in full when next read: contacts" in said
    assert "intercom_raw.contacts.email had been dropped" in said
    assert "intercom_raw.deleted_records had been dropped" in said
    assert "intercom-elt sweep companies contacts conversations tickets" in said
    assert loaded.counts() == before
    assert loaded.rows("SELECT count(email) > 0 FROM intercom_raw.contacts") == [(True,)]
    loaded.execute("DROP TABLE intercom_raw.tags")
    loaded.execute("DROP TABLE intercom_raw._dlt_loads")
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    assert loaded.counts() == before
    loaded.execute("DROP TABLE intercom_raw._dlt_pipeline_state")  # all that dlt knows of how far it has come
    assert read(simulator, loaded).status == "complete"
    assert loaded.counts() == before


def test_what_was_emptied_comes_back_whole(simulator, loaded, capsys):
    """Whoever wants a table to be loaded anew empties it."""
    before = loaded.counts()
    loaded.execute("DELETE FROM intercom_raw.contacts")
    assert read(simulator, loaded, Display()).status == "complete"
    said = capsys.readouterr().err
    assert "intercom_raw.contacts had been emptied by somebody else; read in full when next read: contacts" in said
    assert loaded.counts() == before
    assert loaded.rows("SELECT count(*) FROM intercom_raw.companies") == [(0,)], "which were never read"
    read(simulator, loaded, Display())
    assert "emptied" not in capsys.readouterr().err


def test_what_stays_empty_because_nobody_reads_it_is_said_once_and_comes_back_when_read(simulator, loaded, capsys):
    """As often as somebody wants it anew."""
    assert read(simulator, loaded, None, "articles").status == "complete"
    articles = loaded.rows("SELECT count(*) FROM intercom_raw.articles")
    assert articles > [(0,)]
    emptied = "DELETE FROM", "emptied by somebody else"
    for lost, said in (emptied, ("DROP TABLE", "dropped and is made anew"), emptied):
        loaded.execute(f"{lost} intercom_raw.articles")
        read(simulator, loaded, Display())
        of_it = f"articles had been {said}; read in full when next read: articles"
        assert of_it in capsys.readouterr().err
        read(simulator, loaded, Display())
        assert "articles" not in capsys.readouterr().err
        assert read(simulator, loaded, Display(), "articles").status == "complete"
        assert "had been" not in capsys.readouterr().err
        assert loaded.rows("SELECT count(*) FROM intercom_raw.articles") == articles


def test_what_stays_empty_because_intercom_has_nothing_of_it_is_said_once(simulator, loaded, capsys):
    them = [visitor["user_id"] for visitor in simulator.truth()["visitors"]]
    assert read(simulator, loaded, None, "visitors", visitor_user_ids=them).status == "complete"
    loaded.execute("DELETE FROM intercom_raw.visitors")
    assert read(simulator, loaded, Display(), "visitors").status == "complete"
    assert "intercom_raw.visitors had been emptied" in capsys.readouterr().err
    progress = states_of(loaded.target.pipeline())["visitors"]["looked_up_at"]
    assert read(simulator, loaded, Display(), "visitors").status == "complete"
    assert "emptied" not in capsys.readouterr().err
    with loaded.target.held_open():
        pipeline = loaded.target.pipeline()
        assert make_anew(Inspection.at(pipeline), pipeline, loaded.target) == []
        assert states_of(pipeline)["visitors"]["looked_up_at"] >= progress, "which begins no more at nothing"


def test_without_the_table_of_the_forgotten_nothing_is_loaded_and_nobody_forgotten(simulator, loaded):
    contact_id = str(loaded.rows("SELECT min(id) FROM intercom_raw.contacts")[0][0])

    def forgotten():
        forget(loaded.target, contact_id, confirmation(is_certain=True), Display(is_quiet=True), None, None)

    loaded.execute("DROP TABLE intercom_raw.forgotten_records")
    for refused in (lambda: read(simulator, loaded), forgotten):  # a table made for one would lack all others
        with pytest.raises(Stop, match=r"forgotten_records was dropped.*backup") as stopped:
            refused()
        assert stopped.value.code is ExitCode.WRONG_USE
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(1,)]
    loaded.execute(str(stopped.value).partition("make it anew and empty: ")[2])  # by somebody who knows
    loaded.execute("DROP TABLE intercom_raw.contact_tags")
    forgotten()
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.forgotten_records WHERE id = '{contact_id}'") == [(1,)]
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]


def test_who_was_forgotten_stays_so_when_somebody_deletes_who_that_was(simulator, loaded, invoke):
    people = [name for (name,) in loaded.rows("SELECT id FROM intercom_raw.contacts ORDER BY id LIMIT 3")]

    def forgotten(given):
        forget(loaded.target, given, confirmation(is_certain=True), Display(is_quiet=True), None, None)

    for one in people:
        forgotten(one)
    loaded.execute("CREATE TABLE intercom_raw.kept AS SELECT * FROM intercom_raw.forgotten_records")
    for lost in ("DELETE FROM {}", f"DELETE FROM {{}} WHERE contact_id <> '{people[0]}'"):
        loaded.execute(lost.format("intercom_raw.forgotten_records"))
        with pytest.raises(Stop, match=rf"(?s)forgotten_records was emptied.*backup; .*forget {people[1]}") as stop:
            read(simulator, loaded, full_refresh=True)
        assert stop.value.code is ExitCode.WRONG_USE
        loaded.execute("DELETE FROM intercom_raw.forgotten_records")
        loaded.execute("INSERT INTO intercom_raw.forgotten_records SELECT * FROM intercom_raw.kept")
        assert read(simulator, loaded, full_refresh=True).status == "complete"
    loaded.execute("DELETE FROM intercom_raw.forgotten_records")
    forgotten(people[0])  # whose id is all that is known
    with pytest.raises(Stop, match=rf"(?s)people \(2\).*forget {people[1]}"):
        read(simulator, loaded, full_refresh=True)
    forgotten(people[1])
    code, output, _ = invoke("forget", people[2], "--undo", *where(loaded), "--config", ".")
    assert f"intercom-elt --config . sync --all --full-refresh{loaded.target.options}" in " ".join(output.split())
    assert (code, "0 records are held back no longer" in output) == (0, True), output
    assert invoke("forget", people[2], "--undo", *where(loaded))[0] == 64, "of whom nothing is kept any more"
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    of_them = f"id IN ('{people[0]}', '{people[1]}', '{people[2]}')"
    assert loaded.rows(f"SELECT id FROM intercom_raw.contacts WHERE {of_them}") == [(people[2],)]


def test_what_an_older_version_recorded_of_the_forgotten_is_missed_too(simulator, loaded):
    columns = "entity, id, contact_id, _dlt_load_id, _dlt_id"
    loaded.execute(f"INSERT INTO intercom_raw.forgotten_records ({columns}) VALUES ('contacts', 'a', 'a', '1', '1')")
    assert read(simulator, loaded).status == "complete"
    loaded.execute("DELETE FROM intercom_raw.forgotten_records")
    with pytest.raises(Stop, match=r"records of forgotten people \(1\)"):
        read(simulator, loaded)


@pytest.mark.parametrize("lost", ["DROP TABLE {}._dlt_pipeline_state", "DELETE FROM {}._dlt_version"])
def test_without_what_dlt_keeps_for_itself_the_forgotten_stay_so(simulator, loaded, lost):
    (contact_id,), (other_id,) = loaded.rows("SELECT id FROM intercom_raw.contacts ORDER BY id LIMIT 2")

    def forgotten(given):
        forget(loaded.target, given, confirmation(is_certain=True), Display(is_quiet=True), None, None)

    forgotten(contact_id)
    loaded.execute(lost.format("intercom_raw"))
    forgotten(other_id)
    loaded.execute("CREATE TABLE intercom_raw.kept AS SELECT * FROM intercom_raw.forgotten_records")
    loaded.execute("DROP TABLE intercom_raw.forgotten_records")
    with pytest.raises(Stop, match=r"forgotten_records was dropped.*backup"):
        read(simulator, loaded)
    loaded.execute("ALTER TABLE intercom_raw.kept RENAME TO forgotten_records")
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    them = f"id IN ('{contact_id}', '{other_id}')"
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE {them}") == [(0,)]
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.forgotten_records WHERE {them}") == [(2,)]


@pytest.mark.parametrize("relation", ["TABLE", "VIEW"])
def test_a_table_of_others_with_the_name_of_ours_is_named_and_stays(simulator, place, relation):
    place.execute("CREATE SCHEMA IF NOT EXISTS intercom_raw")
    place.execute(f"CREATE {relation} intercom_raw.contacts AS SELECT 'mine' AS id, 7 AS number")
    with pytest.raises(Stop, match=r"intercom_raw.contacts was not made by intercom-elt.*Rename it") as stopped:
        read(simulator, place)
    assert stopped.value.code is ExitCode.WRONG_USE
    assert place.rows("SELECT * FROM intercom_raw.contacts") == [("mine", 7)]


def test_a_column_of_others_or_of_another_type_is_named_before_it_loses_anything(simulator, loaded):
    loaded.execute("ALTER TABLE intercom_raw.contacts ADD COLUMN vip VARCHAR")
    assert read(simulator, loaded).status == "complete", "an empty one has nothing to lose"
    loaded.execute("UPDATE intercom_raw.contacts SET vip = 'yes'")
    with pytest.raises(Stop, match=r"intercom_raw.contacts has the column vip"):
        read(simulator, loaded)
    assert loaded.rows("SELECT DISTINCT vip FROM intercom_raw.contacts") == [("yes",)]
    loaded.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN vip")
    loaded.execute("ALTER TABLE intercom_raw.contacts RENAME COLUMN email TO e_mail")
    with pytest.raises(Stop, match=r"has the column e_mail.* If it is email, which the table lacks, rename it back"):
        read(simulator, loaded)
    loaded.execute("ALTER TABLE intercom_raw.contacts RENAME COLUMN e_mail TO email")
    assert read(simulator, loaded).status == "complete"
    loaded.execute("ALTER TABLE intercom_raw.contacts ALTER COLUMN created_at TYPE VARCHAR")
    with pytest.raises(Stop, match=r"contacts.created_at was made as bigint and is text now") as stopped:
        read(simulator, loaded)
    assert stopped.value.code is ExitCode.WRONG_USE
    before = loaded.counts()
    loaded.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN created_at")
    assert read(simulator, loaded).status == "complete"
    assert loaded.counts() == before
    assert loaded.rows("SELECT count(*) FROM intercom_raw.contacts WHERE created_at IS NULL") == [(0,)]


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
