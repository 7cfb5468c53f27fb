"""A build leaves alone what others have: privileges, indexes, views, tables of their own, and their patience."""

import threading

import psycopg2
import pytest
import stamina

from tests.transforms.runner.warehouse.kept import NOON, PRIVILEGES, built
from transforms.runner.warehouse.postgres.lock_waiting import LONGEST_WAIT, Blocked
from transforms.runner.warehouse.postgres.privileges import grants

pytestmark = pytest.mark.end_to_end
NOT_OURS = "was not built by intercom-elt"
NONE = 0.0  # seconds of patience: no lock is asked for again


@pytest.fixture
def models(tmp_path):
    def write(columns):
        texts = {
            "staging/stg_n": f"select created_at - {NOON} as n, 1 as one from raw.conversations",
            "intermediate/int_n": "select n from stg_n",
            "marts/fct_n": f"select n, {columns} from int_n",
            "marts/dim_n": "select max(n) as n from fct_n",
        }
        for name, sql in texts.items():
            file = tmp_path / "models" / f"{name}.sql"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"-- One row per number.\n{sql}\n")
        return tmp_path / "models"

    return write


def test_privileges_stay_also_when_columns_change(postgres_house, models, analyst):
    postgres_house.raw.conversation("1", NOON + 41)
    assert built(postgres_house, models("n as a")) == {}
    for statement in (
        "grant select on intercom.fct_n, intercom_staging.stg_n to analyst",
        "grant select (n), update (n) on intercom.dim_n to analyst with grant option",
        "grant select (one) on intercom_staging.stg_n to analyst",
        "grant select on intercom.fct_n to public",
        "alter default privileges in schema intercom_staging grant select, insert on tables to analyst",
    ):
        postgres_house.execute(statement)
    before = postgres_house.execute(PRIVILEGES)
    assert len(before) == 6
    folder = models("n as b, 'x' as c")  # the table gets other columns, and the view those that cannot replace the old
    (folder / "staging" / "stg_n.sql").write_text(
        f"-- One row.\nselect 2 as one, created_at - {NOON} as n from raw.conversations\n"
    )
    assert built(postgres_house, folder) == {}
    assert postgres_house.execute("select b, c from intercom.fct_n") == [(41, "x")]
    assert postgres_house.execute("select * from intercom_staging.stg_n") == [(2, 41)]
    ours = [row for row in postgres_house.execute(PRIVILEGES) if row[0] not in {"model_runs", "built_models"}]
    assert ours == before


def test_indexes_stay_and_are_filled(anywhere, models):
    anywhere.raw.conversation("1", NOON + 41)
    assert built(anywhere, models("n as a")) == {}
    anywhere.execute("create unique index my_own on intercom.fct_n (n)")
    anywhere.raw.conversation("2", NOON + 42)
    anywhere.execute(f"insert into intercom_raw.conversations (id, created_at) values ('2', {NOON + 42})")
    assert built(anywhere, models("n + 1 as a")) == {}
    assert anywhere.execute("select n, a from intercom.fct_n order by n") == [(41, 42), (42, 43)]
    catalog = {"duckdb": "duckdb_indexes() where index_name", "postgres": "pg_indexes where indexname"}
    assert anywhere.execute(f"select count(*) from {catalog[anywhere.dialect]} = 'my_own'") == [(1,)]
    anywhere.execute(f"insert into intercom_raw.conversations (id, created_at) values ('3', {NOON + 42})")
    failed = built(anywhere, models("n + 1 as a"))
    assert "my_own" in failed["fct_n"] or "unique" in failed["fct_n"]
    assert "42" not in failed["fct_n"], "no row is quoted"
    assert anywhere.execute("select count(*) from intercom.fct_n") == [(2,)], "the former rows stay"


@pytest.mark.parametrize(
    ("kind", "name"), [("table", "intercom.fct_n"), ("view", "intercom.fct_n"), ("table", "intercom_staging.stg_n")]
)
def test_a_table_or_view_of_others_under_our_name_is_named_and_stays(anywhere, models, kind, name):
    for schema in ("intercom", "intercom_staging"):
        anywhere.execute(f"create schema if not exists {schema}")
    anywhere.execute(f"create {kind} {name} as select 'precious' as mine")
    failed = built(anywhere, models("n as a"))
    assert f"the {kind} {name} {NOT_OURS}" in failed[name.partition(".")[2]]
    assert anywhere.execute(f"select mine from {name}") == [("precious",)]


def test_a_column_of_others_is_named_and_keeps_its_values(anywhere, models):
    anywhere.raw.conversation("1", NOON + 41)
    assert built(anywhere, models("n as a")) == {}
    anywhere.execute("alter table intercom.fct_n add column reviewed_by varchar")
    anywhere.execute("update intercom.fct_n set reviewed_by = 'Ada'")
    assert "has the column reviewed_by" in built(anywhere, models("n as a"))["fct_n"]
    assert anywhere.execute("select reviewed_by from intercom.fct_n") == [("Ada",)]


def test_what_an_earlier_version_has_built_is_known_without_whose_it_was(anywhere, models):
    anywhere.raw.conversation("1", NOON + 41)
    assert built(anywhere, models("n as a")) == {}
    anywhere.execute("alter table intercom_staging.built_models drop column is_own")
    for _ in range(2):
        assert built(anywhere, models("n as a")) == {}
        assert anywhere.execute("select distinct is_own from intercom_staging.built_models") == [(False,)]


@pytest.fixture
def reader(postgres, postgres_house):
    """Yield what begins a transaction of a reader, who then does nothing more."""
    connections = []

    def read(sql):
        connection = psycopg2.connect(postgres, application_name="a dashboard")
        connections.append(connection)
        connection.cursor().execute(sql)
        return connection

    yield read
    for connection in connections:
        connection.close()


@pytest.fixture
def retries():
    """The list of what was asked for again."""
    made = []
    stamina.instrumentation.set_on_retry_hooks([made.append])
    yield made
    stamina.instrumentation.set_on_retry_hooks(None)


def test_an_idle_reader_holds_up_no_build_and_a_build_no_reader(postgres_house, models, reader):
    postgres_house.raw.conversation("1", NOON + 41)
    folder = models("n as a")
    assert built(postgres_house, folder) == {}
    reader("select * from intercom.fct_n, intercom_staging.stg_n, intercom.dim_n, intercom_staging.int_n")
    assert built(postgres_house, folder) == {}


def test_a_change_of_columns_waits_for_a_reader_and_holds_up_no_other(postgres_house, models, reader):
    postgres_house.raw.conversation("1", NOON + 41)
    assert built(postgres_house, models("n as a")) == {}
    idle = reader("select * from intercom.fct_n")
    ended = threading.Event()
    slowest = []

    def look():
        while not ended.is_set():
            other = reader("set statement_timeout = '5s'; select clock_timestamp()")
            cursor = other.cursor()
            cursor.execute("select clock_timestamp() - now(), count(*) from intercom.fct_n group by 1")
            slowest.append(cursor.fetchone()[0].total_seconds())
            other.close()
            if len(slowest) == 5:
                idle.close()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        assert built(postgres_house, models("n as a, 1 as more")) == {}
    finally:
        ended.set()
        looking.join()
    assert max(slowest) < 4, f"each waited for little more than {LONGEST_WAIT}"
    assert postgres_house.execute("select more from intercom.fct_n") == [(1,)]


def test_a_vacuum_of_a_table_holds_up_no_build_of_it(postgres_house, models, reader):
    """Nor does CREATE INDEX CONCURRENTLY, which holds the same lock. Autovacuum comes after each build of many rows."""
    postgres_house.raw.conversation("1", NOON + 41)
    assert built(postgres_house, models("n as a")) == {}
    reader("lock table intercom.fct_n in share update exclusive mode")
    postgres_house.execute(f"insert into intercom_raw.conversations (id, created_at) values ('2', {NOON + 42})")
    assert built(postgres_house, models("n as a"), lock_patience_seconds=0.1) == {}
    assert postgres_house.execute("select a from intercom.fct_n order by 1") == [(41,), (42,)]


def test_comments_follow_the_models(postgres_house, models):
    """Only new ones are made: each would wait for a VACUUM."""
    said = "select description from pg_description where objoid = 'intercom.fct_n'::regclass order by objsubid"
    folder = models("n as a")
    file = folder / "marts" / "fct_n.sql"
    for grain, meaning in (("a", "b"), ("a", "it's b"), ("a's", "it's b")):
        file.write_text(f"-- One row per {grain}.\nselect\n    n -- {meaning}\nfrom int_n\n")
        assert built(postgres_house, folder) == {}
        assert postgres_house.execute(said) == [(f"One row per {grain}.",), (meaning,)]


def test_who_stays_in_the_way_is_named(postgres_house, models, reader):
    assert built(postgres_house, models("n as a")) == {}
    holder = reader("select * from intercom.fct_n")
    failed = built(postgres_house, models("n as a, 1 as more"), lock_patience_seconds=1.0)
    who = f"intercom.fct_n is held by connection {holder.info.backend_pid} of tester (a dashboard), idle in transaction"
    assert who in failed["fct_n"]
    assert "pg_terminate_backend" in failed["fct_n"]
    holder.cursor().execute("PREPARE TRANSACTION 'of nobody'")  # a connection has let it go, and nobody has ended it
    failed = built(postgres_house, models("n as a, 1 as more"), lock_patience_seconds=NONE)
    postgres_house.execute("ROLLBACK PREPARED 'of nobody'")
    assert "intercom.fct_n is held by the prepared transaction of nobody since" in failed["fct_n"]


def test_who_holds_what_a_model_reads_is_named_with_it(postgres_house, models, reader):
    """Such as somebody's VACUUM FULL: fct_n itself nobody holds."""
    assert built(postgres_house, models("n as a")) == {}
    holder = reader("lock table intercom_staging.int_n in access exclusive mode")
    failed = built(postgres_house, models("n as a"), select="fct_n", lock_patience_seconds=NONE)
    who = f"intercom_staging.int_n by connection {holder.info.backend_pid} of tester (a dashboard), idle in transaction"
    assert failed.keys() == {"fct_n"}
    assert "intercom.fct_n may need what others hold: " + who in failed["fct_n"]
    assert "pg_terminate_backend" in failed["fct_n"]


def test_who_holds_a_table_of_another_schema_that_a_model_reads_is_named(postgres_house, models, reader):
    """As own models may read one: that somebody has let it go by now would be wrong in each build."""
    postgres_house.execute("create schema crm; create table crm.accounts as select 7 as n")
    folder = models("n as a")
    (folder / "marts" / "fct_accounts.sql").write_text("-- One row per account.\nselect n from crm.accounts\n")
    holder = reader("lock table crm.accounts in access exclusive mode")
    failed = built(postgres_house, folder, select="fct_accounts", lock_patience_seconds=NONE)
    assert f"crm.accounts by connection {holder.info.backend_pid} of tester" in failed["fct_accounts"]


def test_who_holds_what_a_check_reads_is_named(postgres_house, models, reader, retries):
    """Running again helps, as it does for a model: the exit code follows from what was raised."""
    folder = models("n as a") / "checks"
    folder.mkdir()
    for name in ("dim_n_is_the_last", "dim_n_is_there"):
        sql = "select int_n.n from int_n inner join dim_n on int_n.n > dim_n.n"
        (folder / f"{name}.sql").write_text(f"-- error: It is.\n{sql}\n")
    assert built(postgres_house, models("n as a")) == {}
    holder = reader("lock table intercom_staging.int_n in access exclusive mode")
    retries_by = {}
    report = postgres_house.build(
        "dim_n",
        folder=models("n as a"),
        lock_patience_seconds=1.0,
        patience_seconds=60.0,  # one check after the other
        on_result=lambda result: retries_by.update({result.name: len(retries)}),
    )
    first, second = report.failed_checks()
    assert isinstance(first.cause, Blocked)
    assert f"intercom_staging.int_n by connection {holder.info.backend_pid} of tester" in first.error
    assert isinstance(second.cause, Blocked)
    assert retries_by[second.name] == retries_by[first.name] > 0, "a build has patience for one of them alone"


@pytest.mark.parametrize("table", ["intercom_raw.data_attributes", "intercom_staging.built_models"])
def test_who_holds_what_a_build_reads_first_is_named(postgres_house, models, reader, table):
    assert built(postgres_house, models("n as a")) == {}
    holder = reader(f"lock table {table} in access exclusive mode")
    with pytest.raises(Blocked, match=f"{table} by connection {holder.info.backend_pid} of tester"):
        built(postgres_house, models("n as a"), lock_patience_seconds=NONE)


def test_who_holds_what_the_calendar_begins_with_is_named(postgres_house, models, reader):
    assert built(postgres_house, models("n as a")) == {}
    holder = reader("lock table intercom_raw.ticket_parts in access exclusive mode")
    failed = built(postgres_house, models("n as a"), lock_patience_seconds=NONE)
    assert f"intercom_raw.ticket_parts by connection {holder.info.backend_pid}" in failed["calendar_days"]


def test_privileges_are_read_as_they_were_given(postgres_house, analyst):
    with postgres_house.pipeline.sql_client() as client:
        client.execute_sql(
            'create schema if not exists intercom; create table intercom."odd ""name" (n int, "m x" int)'
        )
        name = 'intercom."odd ""name"'
        client.execute_sql(f'grant insert ("m x") on {name} to analyst; grant delete on {name} to public')
        given = {(one.grant_sql("t"), one.revoke_sql("t")) for one in grants(client, name)}
    assert given == {
        ('GRANT INSERT ("m x") ON t TO "analyst"', 'REVOKE INSERT ("m x") ON t FROM "analyst"'),
        ("GRANT DELETE ON t TO PUBLIC", "REVOKE DELETE ON t FROM PUBLIC"),
    }
