"""Others may replicate our tables: what PostgreSQL needs for that is said, and one statement brings it."""

import contextlib

import psycopg2
import pytest

POSTGRES = ("--destination", "postgres")
TAGS = ("sync", "tags", "--no-transform", *POSTGRES)


@pytest.fixture
def execute(postgres, monkeypatch):
    """Return what an administrator of the database, to which commands load, runs statements by."""
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    with contextlib.closing(psycopg2.connect(postgres)) as database:
        database.autocommit = True
        yield database.cursor().execute


def offered(text):
    """Return the statement that a message offers."""
    said = " ".join(text.split())
    return said[said.index("DO $$") : said.index("END $$;") + len("END $$;")]


def test_tables_that_somebody_publishes_are_named_before_anything_is_read(invoke, execute, simulator):
    assert invoke(*TAGS)[0] == 0
    execute("CREATE PUBLICATION everything FOR ALL TABLES")
    simulator.clear_requests()
    code, _, errors = invoke(*TAGS, "--full-refresh")
    assert (code, "is published (everything) without a replica identity" in errors) == (64, True), errors
    assert {request["path"] for request in simulator.requests()} <= {"/me"}
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, offered(output)) == (64, offered(errors))
    execute(offered(errors))
    assert invoke("doctor", *POSTGRES)[0] == 0
    assert invoke(*TAGS, "--full-refresh")[0] == 0


@pytest.fixture
def execute_as_loader(execute, postgres, monkeypatch):
    """Return what runs statements by the role to which commands load, which is nobody's administrator."""
    execute("CREATE ROLE loads LOGIN; CREATE ROLE analyst")
    try:
        with contextlib.closing(psycopg2.connect(postgres)) as admin, admin, admin.cursor() as cursor:
            cursor.execute(
                "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO loads', current_database()); END $$"
            )
        url = postgres.replace("tester:trusted", "loads:x")
        monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", url)
        with contextlib.closing(psycopg2.connect(url)) as database:
            database.autocommit = True
            yield database.cursor().execute
    finally:
        execute("DROP OWNED BY loads, analyst CASCADE; DROP ROLE loads, analyst")


IDENTITIES = """
    SELECT relname, relreplident FROM pg_class WHERE relnamespace = 'intercom_raw'::regnamespace
        AND relname IN ('tags', 'segments', 'of_analyst', 'teams') ORDER BY relname
"""


@pytest.mark.parametrize("runs_it", ["execute", "execute_as_loader"])
def test_the_statement_is_about_our_tables_alone_whoever_runs_it(invoke, execute, execute_as_loader, runs_it):
    assert invoke("sync", "tags", "teams", "--no-transform", *POSTGRES)[0] == 0
    execute("CREATE TABLE intercom_raw.of_analyst (id text); ALTER TABLE intercom_raw.of_analyst OWNER TO analyst")
    execute("CREATE UNIQUE INDEX by_id ON intercom_raw.teams (id)")
    execute("ALTER TABLE intercom_raw.teams REPLICA IDENTITY USING INDEX by_id")
    execute("CREATE PUBLICATION everything FOR ALL TABLES")
    code, output, _ = invoke("doctor", *POSTGRES)
    assert code == 64
    {"execute": execute, "execute_as_loader": execute_as_loader}[runs_it](offered(output))
    database = execute_as_loader.__self__
    database.execute(IDENTITIES)
    assert dict(database.fetchall()) == {"of_analyst": "d", "segments": "f", "tags": "f", "teams": "i"}
    assert invoke(*TAGS, "--full-refresh")[0] == 0


def test_a_table_that_is_published_as_soon_as_it_is_made_is_no_reason_to_run_again(invoke, execute):
    execute("CREATE PUBLICATION everything FOR ALL TABLES")
    code, output, _ = invoke(*TAGS)
    said = " ".join(output.split())
    advice = "Somebody publishes the table: intercom-elt doctor --destination postgres says what"
    assert (code, advice in said) == (64, True), said
    execute(offered(invoke("doctor", *POSTGRES)[1]))
    assert invoke(*TAGS)[0] == 0


@pytest.mark.parametrize(
    "publication",
    ["FOR ALL TABLES WITH (publish = 'insert')", "FOR TABLE intercom_raw.tags; ALTER TABLE intercom_raw.tags {}"],
)
def test_what_can_be_replicated_is_left_alone(invoke, execute, publication):
    assert invoke(*TAGS)[0] == 0
    index = "REPLICA IDENTITY USING INDEX by_id"
    execute("CREATE UNIQUE INDEX by_id ON intercom_raw.tags (id)")
    execute(f"CREATE PUBLICATION of_somebody {publication.format(index)}")
    assert invoke("doctor", *POSTGRES)[0] == 0
    assert invoke(*TAGS, "--full-refresh")[0] == 0


def test_what_is_only_added_to_may_be_published_as_it_is(invoke, execute):
    assert invoke(*TAGS)[0] == 0
    execute("CREATE PUBLICATION monitoring FOR TABLE intercom_raw.sync_runs, intercom_raw._dlt_loads")
    assert invoke("doctor", *POSTGRES)[0] == 0
    assert invoke(*TAGS, "--full-refresh")[0] == 0


def test_a_mart_that_is_published_names_what_it_lacks(invoke, execute):
    assert invoke("sync", "admins", *POSTGRES)[0] in {0, 2}
    execute("CREATE PUBLICATION of_somebody FOR TABLE intercom.dim_teammates")
    code, output, _ = invoke("transform", "--full", *POSTGRES)
    said = " ".join(output.split())
    assert (code, "model dim_teammates failed" in said, "set REPLICA IDENTITY using ALTER TABLE" in said) == (
        2,
        True,
        True,
    )
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, "intercom.dim_teammates is published (of_somebody)" in " ".join(output.split())) == (64, True)
    execute(offered(output))
    assert "model dim_teammates failed" not in invoke("transform", "--full", *POSTGRES)[1]
