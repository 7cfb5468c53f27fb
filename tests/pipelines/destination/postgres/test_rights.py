"""What a role of PostgreSQL may not do is said before anything is read, with what an administrator runs."""

import subprocess
from contextlib import closing
from pathlib import Path

import duckdb
import psycopg2
import psycopg2.errors
import pytest

from pipelines.destination.failures.failure import explained
from pipelines.destination.postgres.rights import OF_RUNS
from pipelines.journal.audit_log_table import AUDIT_RESULTS
from pipelines.journal.run_log_tables import SYNC_RESOURCES, SYNC_RUNS
from tests.support.databases.postgres import running_postgres, server_folder, unprivileged_user

CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"
POSTGRES = ("--destination", "postgres")
TAGS = ("sync", "tags", "--no-transform", *POSTGRES)


@pytest.fixture(scope="module")
def postgres():
    with running_postgres() as url:
        yield url


@pytest.fixture
def loader(postgres, monkeypatch):
    """Return a role that may do nothing but connect, and what an administrator runs."""
    admin = psycopg2.connect(postgres)
    admin.autocommit = True
    execute = admin.cursor().execute
    execute("CREATE ROLE loader LOGIN")
    execute("CREATE DATABASE company")
    execute("REVOKE ALL ON DATABASE company FROM public; GRANT CONNECT ON DATABASE company TO loader")
    company = psycopg2.connect(postgres.rpartition("/")[0] + "/company")
    company.autocommit = True
    monkeypatch.setenv(CREDENTIALS, postgres.replace("tester:trusted", "loader:x").rpartition("/")[0] + "/company")
    yield company.cursor().execute
    company.close()
    execute("DROP DATABASE company WITH (FORCE)")
    execute("DROP ROLE loader")
    admin.close()


# What keeps rows from the role without an error, and what an administrator runs.
HIDING = {
    "ALTER TABLE intercom_raw.tags ENABLE ROW LEVEL SECURITY; ALTER TABLE intercom_raw.tags FORCE ROW LEVEL SECURITY;"
    "CREATE POLICY \"mine {only}\" ON intercom_raw.tags USING (id > '5')": (
        'ALTER TABLE "intercom_raw"."tags" NO FORCE ROW LEVEL SECURITY;'
    ),
    'CREATE RULE "stay here" AS ON DELETE TO intercom_raw.tags DO INSTEAD NOTHING': (
        'DROP RULE "stay here" ON "intercom_raw"."tags";'
    ),
    "CREATE TABLE public.archived () INHERITS (intercom_raw.tags)": (
        'ALTER TABLE public.archived NO INHERIT "intercom_raw"."tags";'
    ),
    'CREATE UNIQUE INDEX ON intercom_raw.tags (id); CREATE TABLE intercom_raw.notes (of varchar CONSTRAINT "of a tag" '
    "REFERENCES intercom_raw.tags (id) ON DELETE SET NULL)": (
        'ALTER TABLE intercom_raw.notes DROP CONSTRAINT "of a tag";'
    ),
    "CREATE FUNCTION public.chosen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id > '5' THEN RETURN NULL; "
    "END IF; RETURN NEW; END $$;"
    "CREATE TRIGGER few BEFORE INSERT ON intercom_raw.tags FOR EACH ROW EXECUTE FUNCTION public.chosen()": (
        'DROP TRIGGER few ON "intercom_raw"."tags";'
    ),
    "CREATE FUNCTION public.kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
    "CREATE TRIGGER kept BEFORE DELETE ON intercom_raw.tags FOR EACH ROW EXECUTE FUNCTION public.kept()": (
        'DROP TRIGGER kept ON "intercom_raw"."tags";'
    ),
}
# What others may put on a table.
HARMLESS = """
CREATE FUNCTION public.told() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF TG_OP = 'INSERT' THEN RETURN NEW; END IF; /* never
    RETURN NULL */ RETURN coalesce(OLD, NEW); -- nor RETURN NULL here
    END $$;
CREATE TRIGGER told BEFORE INSERT OR DELETE ON intercom_raw.tags FOR EACH ROW EXECUTE FUNCTION public.told();
CREATE TRIGGER later AFTER INSERT ON intercom_raw.tags FOR EACH ROW EXECUTE FUNCTION public.chosen();
CREATE TRIGGER other BEFORE UPDATE ON intercom_raw.tags FOR EACH ROW EXECUTE FUNCTION public.chosen();
CREATE TABLE public.others (of varchar REFERENCES intercom_raw.tags (id) DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX ON intercom_raw.sync_runs (run_id);
CREATE TABLE public.alerts (of varchar REFERENCES intercom_raw.sync_runs (run_id) ON DELETE CASCADE);
"""
OF_A_MART = """
CREATE TABLE intercom.dim_contacts (contact_id text PRIMARY KEY); ALTER TABLE intercom.dim_contacts OWNER TO loader;
CREATE TABLE public.crm (of text CONSTRAINT of_a_mart REFERENCES intercom.dim_contacts ON DELETE CASCADE)
"""


def test_a_role_without_rights_is_told_what_an_administrator_runs(invoke, loader):
    code, output, errors = invoke("sync", "tags", "--destination", "postgres")
    assert code == 64
    assert "schema intercom_raw is missing, and role loader may not create it in database company" in errors
    code, output, errors = invoke("doctor", "--destination", "postgres")
    assert code == 64
    said = " ".join(output.split())
    for schema in ("intercom_raw", "intercom_raw_staging", "intercom_staging", "intercom"):
        statement = f'CREATE SCHEMA "{schema}" AUTHORIZATION "loader";'
        assert statement in said
        loader(statement)
    assert invoke("doctor", "--destination", "postgres")[0] == 0
    assert invoke("sync", "tags", "--destination", "postgres", "--no-transform")[0] == 0
    for added, statement in HIDING.items():
        loader(added)
        code, _, errors = invoke("sync", "tags", "--destination", "postgres", "--no-transform")
        assert (code, statement in errors, "without a policy" in errors) == (64, True, False), errors
        assert statement in " ".join(invoke("doctor", "--destination", "postgres")[1].split())
        loader(statement)
    loader(HARMLESS)
    assert invoke("sync", "tags", "--destination", "postgres", "--no-transform")[0] == 0
    loader(OF_A_MART)
    code, _, errors = invoke("transform", "--destination", "postgres")
    assert (code, "ALTER TABLE public.crm DROP CONSTRAINT of_a_mart;" in errors) == (64, True), errors
    loader("DROP TABLE intercom.dim_contacts CASCADE")
    for schema in ("intercom_raw", "intercom_raw_staging", "intercom_staging", "intercom"):
        for kind in ("TABLE theirs AS SELECT 1 AS n", "VIEW theirs_too AS SELECT 1 AS n"):
            loader(f"CREATE {kind.replace('theirs', f'{schema}.theirs')}")
    loader(next(iter(HIDING)).replace("intercom_raw.tags", "intercom_raw.theirs").replace("id >", "n::text >"))
    for name in ("team", "stg_conversations"):  # of ours, but in another schema
        loader(f"CREATE TABLE intercom.{name} AS SELECT 1 AS n; ALTER TABLE intercom.{name} OWNER TO tester")
    for arguments in (TAGS, ("doctor", *POSTGRES)):
        code, output, errors = invoke(*arguments)
        assert code == 0, ("what others have in our schemas is theirs", output, errors)
    loader("ALTER TABLE intercom_raw.tags OWNER TO tester")
    assert "intercom_raw.tags belongs to role tester" in " ".join(
        invoke("doctor", "--destination", "postgres")[1].split()
    )


def test_what_a_build_lacks_is_told_with_what_an_administrator_runs(invoke, loader):
    loader("CREATE SCHEMA intercom_raw AUTHORIZATION loader; CREATE SCHEMA intercom_raw_staging AUTHORIZATION loader")
    for arguments in (("sync", "tags", *POSTGRES), ("transform", *POSTGRES)):
        code, output, errors = invoke(*arguments)
        said = " ".join((output + errors).split())
        assert (code, 'CREATE SCHEMA "intercom_staging" AUTHORIZATION "loader";' in said) == (64, True), said


def test_the_tables_of_the_run_log_are_among_ours():
    assert {SYNC_RUNS.name, SYNC_RESOURCES.name, AUDIT_RESULTS.name} == {*OF_RUNS}


# What an administrator did -> what doctor and a run say, and the statement that ends it.
TAKEN = {
    "REVOKE INSERT ON intercom_raw.tags FROM loader": (
        "role loader has no INSERT on intercom_raw.tags.",
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "intercom_raw" TO "loader";',
    ),
    "REVOKE SELECT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA intercom_raw FROM loader": (
        "role loader has no SELECT, UPDATE, DELETE on intercom_raw._dlt_loads.",
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "intercom_raw" TO "loader";',
    ),
    "REVOKE DELETE ON intercom_raw_staging.tags FROM loader": (
        "role loader has no DELETE on intercom_raw_staging.tags.",
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "intercom_raw_staging" TO "loader";',
    ),
    "REVOKE USAGE ON SCHEMA intercom_raw FROM loader": (
        "role loader may not create tables in schema intercom_raw.",
        'GRANT USAGE, CREATE ON SCHEMA "intercom_raw" TO "loader";',
    ),
    "ALTER TABLE intercom_raw.tags OWNER TO tester": (
        "intercom_raw.tags belongs to role tester",
        'GRANT "tester" TO "loader";',
    ),
    "ALTER ROLE loader SET default_transaction_read_only = on": (
        "role loader may only read",
        'BEGIN READ WRITE; ALTER ROLE "loader" SET default_transaction_read_only = off; COMMIT;',
    ),
    "ALTER DATABASE company SET default_transaction_read_only = on; ALTER ROLE loader RESET ALL": (
        "role loader may only read",
        'BEGIN READ WRITE; ALTER DATABASE "company" SET default_transaction_read_only = off; COMMIT;',
    ),
    "ALTER DATABASE company RESET ALL; ALTER ROLE loader IN DATABASE company SET default_transaction_read_only = on": (
        "role loader may only read",
        'BEGIN READ WRITE; ALTER ROLE "loader" IN DATABASE "company" SET default_transaction_read_only = off; COMMIT;',
    ),
    "ALTER ROLE loader IN DATABASE company RESET ALL; ALTER ROLE ALL SET default_transaction_read_only = on": (
        "role loader may only read",
        "BEGIN READ WRITE; ALTER ROLE ALL SET default_transaction_read_only = off; COMMIT;",
    ),
}


@pytest.fixture
def encoded(postgres, monkeypatch):
    """Make a database in an encoding, let commands load into it, and return its URL."""

    def make(encoding):
        admin = psycopg2.connect(postgres)
        admin.autocommit = True
        admin.cursor().execute(f"CREATE DATABASE old_{encoding} ENCODING '{encoding}' TEMPLATE template0")
        admin.close()
        url = f"{postgres.rpartition('/')[0]}/old_{encoding.lower()}"
        monkeypatch.setenv(CREDENTIALS, url)
        return url

    return make


def tags_in(url):
    with psycopg2.connect(f"{url}?client_encoding=UTF8") as database:
        cursor = database.cursor()
        cursor.execute("SELECT id, name FROM intercom_raw.tags")
        found = dict(cursor.fetchall())
    database.close()
    return found


def test_whatever_others_have_set_texts_arrive_as_they_were(invoke, loader, encoded, postgres, simulator, monkeypatch):
    loader("GRANT CREATE ON DATABASE company TO loader; ALTER ROLE loader SET client_encoding = 'LATIN1'")
    loader("ALTER ROLE loader SET standard_conforming_strings = off; ALTER ROLE loader SET quote_all_identifiers = on")
    loader("ALTER ROLE loader SET extra_float_digits = 0")
    monkeypatch.setenv("PGCLIENTENCODING", "SQL_ASCII")
    written = {str(tag["id"]): tag["name"] for tag in simulator.truth()["tags"]}
    assert [invoke(*TAGS)[0] for _ in range(2)] == [0, 0]
    assert "ends in \\ " in invoke("query", "SELECT 'ends in \\ ' AS name, 'it''s' AS other", *POSTGRES)[1]
    sum_of_two = invoke("query", "SELECT 0.1::float8 + 0.2::float8 AS n", "--format", "csv", *POSTGRES)[1]
    assert sum_of_two == f"n\n{0.1 + 0.2}\n"
    assert tags_in(f"{postgres.rpartition('/')[0]}/company") == written
    url = encoded("SQL_ASCII")
    assert invoke(*TAGS)[0] == 0
    assert tags_in(url) == written


def test_a_database_that_has_no_place_for_every_text_is_refused(invoke, encoded):
    encoded("LATIN1")
    for arguments in (TAGS, ("doctor", *POSTGRES)):
        code, output, errors = invoke(*arguments)
        said = " ".join((output + errors).split())
        assert (code, "has the encoding LATIN1" in said) == (64, True), said
        assert "CREATE DATABASE … ENCODING 'UTF8'" in said


def test_what_was_taken_from_a_role_is_said_by_doctor_and_by_the_run(invoke, loader, postgres):
    loader("CREATE SCHEMA intercom_raw AUTHORIZATION loader; CREATE SCHEMA intercom_raw_staging AUTHORIZATION loader")
    loader("CREATE SCHEMA intercom_staging AUTHORIZATION loader; CREATE SCHEMA intercom AUTHORIZATION loader")
    assert invoke(*TAGS)[0] == 0
    for taken, (what, statement) in TAKEN.items():
        loader(taken)
        for arguments in (TAGS, ("transform", *POSTGRES)):
            code, _, errors = invoke(*arguments)
            assert (code, what in errors, statement in errors) == (64, True, True), errors
        code, output, _ = invoke("doctor", *POSTGRES)
        said = " ".join(output.split())
        assert (code, what in said, statement in said) == (64, True, True), said
        with closing(psycopg2.connect(postgres.rpartition("/")[0] + "/company")) as newly:
            newly.autocommit = True
            newly.cursor().execute(statement)
        assert invoke("doctor", *POSTGRES)[0] == 0, statement
    assert invoke(*TAGS)[0] == 0


def test_time_limits_of_the_server_are_shown_and_short_ones_fail(invoke, loader):
    loader("GRANT CREATE ON DATABASE company TO loader; ALTER ROLE loader SET statement_timeout = '20min'")
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, "cuts off what takes 1200 seconds (statement_timeout)" in output) == (0, True)
    loader("ALTER ROLE loader SET idle_in_transaction_session_timeout = '20min'")
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, "cuts off whoever is silent in a transaction for 1200 s" in " ".join(output.split())) == (0, True)
    loader("ALTER ROLE loader SET statement_timeout = '5s'")
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, "ALTER ROLE … SET statement_timeout = 0;" in " ".join(output.split())) == (1, True), (
        "as a run that meets it"
    )
    loader("ALTER ROLE loader SET statement_timeout = '1ms'")
    code, _, errors = invoke(*TAGS)
    assert (code, "let the role have more time" in errors) == (1, True)


def test_connections_that_are_not_to_be_had_are_called_that(invoke, loader):
    for limit, changes, (code, advice) in (
        ("CONNECTION LIMIT 0", "CONNECTION LIMIT -1", (1, "let the role have more of them")),
        ("NOLOGIN", "LOGIN", (64, "Check the settings of the destination")),
    ):
        loader(f"ALTER ROLE loader {limit}")
        for arguments in (TAGS, ("query", "SELECT 1", *POSTGRES), ("status", *POSTGRES)):
            ended = invoke(*arguments)
            assert (ended[0], advice in ended[2]) == (code, True), ended
            assert "can be reached" not in ended[2]
        ended = invoke("doctor", *POSTGRES)
        assert (ended[0], advice in " ".join(ended[1].split())) == (code, True), ended
        loader(f"ALTER ROLE loader {changes}")


def test_a_standby_is_called_a_standby(invoke, monkeypatch):
    with running_postgres() as url:
        monkeypatch.setenv(CREDENTIALS, url)
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            cluster = Path(cursor.fetchone()[0])
        connection.close()
        (cluster / "standby.signal").touch()
        user = unprivileged_user()
        subprocess.run(
            [server_folder() / "pg_ctl", "-D", cluster, "-w", "-m", "fast", "restart"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=cluster,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
        )
        code, _, errors = invoke(*TAGS)
        assert (code, "is a standby (in recovery)" in errors) == (64, True), errors
        code, output, _ = invoke("doctor", *POSTGRES)
        assert (code, "connect to the primary server" in " ".join(output.split())) == (64, True)
        assert invoke("query", "SELECT 1", *POSTGRES)[0] == 0, "which is what a standby is for"


@pytest.mark.parametrize(
    ("error", "code", "advice"),
    [
        (psycopg2.OperationalError("FATAL:  sorry, too many clients already"), 1, "let the role have more of them"),
        (psycopg2.OperationalError("FATAL:  remaining connection slots are reserved"), 1, "Close connections"),
        (psycopg2.OperationalError("FATAL:  the database system is starting up"), 1, "can be reached from here"),
        (psycopg2.OperationalError('FATAL:  database "x" is not currently accepting connections'), 1, "is running"),
        (psycopg2.errors.DiskFull('could not extend file "base/1/2": No space left on device'), 1, "Free space"),
        (psycopg2.errors.QueryCanceled("canceling statement due to statement timeout"), 1, "more time"),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), 1, "Free space"),
    ],
)
def test_what_a_server_lacks_is_told_with_what_to_do(error, code, advice):
    said = explained(error)
    assert (said[0], advice in said[1]) == (code, True), said
