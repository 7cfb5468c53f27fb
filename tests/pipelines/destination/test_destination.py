"""A destination that fails: one clear line, nothing lost, and the next run completes."""

import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import psycopg2
import pytest

from tests.ground_truth.comparison import differences, tables_of
from tests.support.workspace import load, rows

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
POSTGRES = ("--destination", "postgres", "--no-transform")
CREDENTIALS = "DESTINATION__POSTGRES__CREDENTIALS"
READ = ("tags", "companies", "contacts", "conversations", "ticket_types", "tickets")  # of every way to load
TABLES = tables_of(*READ)


def database_of(command):
    return command.folder / "intercom_data.duckdb"


def run_on_a_full_disk(command, largest_file_bytes):
    """Sync with a limit on the size of every file, which fails as a full disk does, for one; return code and output."""
    full = command.start("sync", *READ, "--no-transform")
    resource.prlimit(full.pid, resource.RLIMIT_FSIZE, (largest_file_bytes, largest_file_bytes))
    output, errors = full.communicate(timeout=120)
    return full.returncode, output + errors


@pytest.mark.usefixtures("empty_tables")
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits the files of another process")
@pytest.mark.parametrize("largest_file_bytes", [500_000, 20_000])
def test_a_full_disk_is_told_in_a_line_and_the_next_run_completes(command, simulator, largest_file_bytes):
    """The first one stops the database while it merges rows, the second one already the files that dlt works with."""
    command.settings["DLT_DATA_DIR"] = str(command.folder / "dlt")
    code, said = run_on_a_full_disk(command, largest_file_bytes)
    assert code == 1, said
    assert "Free space on the disk" in " ".join(said.split())
    assert "Traceback" not in said
    assert differences(simulator, database_of(command), tables=TABLES) != [], "whichever tables came before it was full"
    assert command.run("sync", *READ, "--no-transform")[0] == 0
    assert differences(simulator, database_of(command), tables=TABLES) == []


@pytest.mark.usefixtures("empty_tables")
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits the files of another process")
def test_a_disk_without_room_for_the_file_itself_loses_nothing(command, simulator):
    """The write-ahead log takes all rows then, and the file takes them over once there is room."""
    code, said = run_on_a_full_disk(command, 2_000_000)
    assert code == 0, said
    assert differences(simulator, database_of(command), tables=TABLES) == []


@pytest.mark.parametrize(("resource_name", "table"), [("tags", "tags"), ("contacts", "contact_tags")])
def test_new_rows_that_cannot_be_inserted_leave_the_old_ones_in_place(tmp_path, simulator, resource_name, table):
    """A list that is replaced as a whole, and one that is merged: DuckDB would commit the deletion by itself."""
    database = tmp_path / "kept.duckdb"
    assert load(simulator, database, resource_name).exit_code == 0
    with duckdb.connect(str(database)) as connection:
        one = f"SELECT rowid FROM intercom_raw.{table} LIMIT 1"
        connection.execute(f"DELETE FROM intercom_raw.{table} WHERE rowid NOT IN ({one})")
        connection.execute(f"CREATE UNIQUE INDEX only_one ON intercom_raw.{table} ((_dlt_load_id IS NULL))")
    assert load(simulator, database, resource_name, full_refresh=True).exit_code == 1
    assert rows(database, f"SELECT count(*) FROM intercom_raw.{table}") == [(1,)]
    with duckdb.connect(str(database)) as connection:
        connection.execute("DROP INDEX intercom_raw.only_one")
    assert load(simulator, database, resource_name, full_refresh=True).exit_code == 0
    assert rows(database, f"SELECT count(*) > 1 FROM intercom_raw.{table}") == [(True,)]


@pytest.mark.usefixtures("empty_tables")
def test_a_load_that_failed_is_traced_where_that_is_asked_for(invoke, tmp_path):
    with duckdb.connect(str(tmp_path / "intercom_data.duckdb")) as connection:
        connection.execute("CREATE UNIQUE INDEX only_one ON intercom_raw.tags ((_dlt_load_id IS NULL))")
    for asked, is_traced in (("--verbose", True), ("--log-format=text", False)):
        code, output, errors = invoke("sync", "tags", "--no-transform", asked)
        assert (code, "Traceback (most recent call last)" in errors) == (1, is_traced)
        assert "Loading failed: " in output


@pytest.mark.usefixtures("empty_tables")
def test_a_database_opened_while_a_run_goes_on_is_named_with_its_user(command, slow_simulator):
    command.point_at(slow_simulator)
    slow_simulator.clear_requests()
    first = command.start("sync", *READ, "--no-transform")
    slow_simulator.wait_for_requests(40)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database_of(command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        output, errors = first.communicate(timeout=120)
        holder.stdin.close()
    said = " ".join((output + errors).split())
    assert first.returncode == 1
    assert f"(PID {holder.pid}). Close it there. What was loaded before is kept; what was read since" in said
    assert "is not. Run again." in said
    assert "not loaded" in said
    assert "Traceback" not in said
    assert command.run("sync", *READ, "--no-transform")[0] == 0
    assert differences(slow_simulator, database_of(command), tables=TABLES) == []


@pytest.fixture
def administer(postgres_server):
    """Run a statement as the server's owner, beside everything that loads."""
    connection = psycopg2.connect(postgres_server)
    connection.autocommit = True

    def execute(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    yield execute
    connection.close()


def read(url, sql):
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def counts(url, datasets):
    """Return the rows of every table of some datasets, but for the run log and dlt's own."""
    tables = read(url, "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
    return {
        (dataset, table): read(url, f'SELECT count(*) FROM "{dataset}"."{table}"')[0][0]
        for dataset, table in tables
        if dataset in datasets
    }


def test_a_warehouse_that_goes_away_while_it_is_loaded_loses_nothing(command, simulator, postgres, administer):
    going = postgres.rpartition("/")[2]
    command.settings[CREDENTIALS] = postgres
    assert command.run("sync", "tags", *POSTGRES)[0] == 0
    run = command.start("sync", *READ, *POSTGRES)
    loading = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{going}' AND query LIKE '%conversation%'"
    while run.poll() is None and not administer(loading):
        time.sleep(0.005)
    administer(f"ALTER DATABASE {going} ALLOW_CONNECTIONS false")
    administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{going}'")
    output, errors = run.communicate(timeout=120)
    said = " ".join((output + errors).split())
    assert run.returncode == 1, said
    assert "Check that the destination is running" in said
    assert "Traceback" not in said
    code, output, errors = command.run("sync", *READ, *POSTGRES)
    assert (code, errors.count("\n")) == (1, 1), errors
    administer(f"ALTER DATABASE {going} ALLOW_CONNECTIONS true")
    assert command.run("sync", *READ, *POSTGRES)[0] == 0
    truth = simulator.truth()
    shown = [one["conversation_parts"]["conversation_parts"][-500:] for one in truth["conversations"]]  # the newest
    parts = [part for parts_of_one in shown for part in parts_of_one]
    for table, records in {**{name: truth[name] for name in READ}, "conversation_parts": parts}.items():
        loaded = read(postgres, f"SELECT id FROM intercom_raw.{table}")
        assert sorted(loaded) == sorted((str(record["id"]),) for record in records), table


def test_a_lock_that_is_let_go_in_time_only_delays_a_load(invoke, postgres, monkeypatch):
    monkeypatch.setenv(CREDENTIALS, postgres)
    held = ("sync", "tags", "--dataset", "held", "--quiet", *POSTGRES)
    assert invoke(*held)[0] == 0
    with psycopg2.connect(postgres) as holder, ThreadPoolExecutor(1) as pool:
        holder.cursor().execute("LOCK TABLE held_raw.tags IN SHARE MODE")  # as somebody who builds an index
        letting_go = pool.submit(_let_go_once_given_up, holder, postgres)
        code, _, errors = invoke(*held, "--full-refresh")  # they are not loaded again otherwise
        assert letting_go.result() == "given up", "the run had to try again"
        assert code == 0, errors
    assert read(postgres, "SELECT count(*), count(DISTINCT id) FROM held_raw.tags")[0] == (40, 40)
    assert read(postgres, "SELECT status FROM held_raw.sync_runs") == [("complete",)] * 2


def _let_go_once_given_up(holder, url):
    """End the holder's transaction when somebody has waited for its lock and waits no longer."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'held_raw.tags'::regclass"
    with psycopg2.connect(url) as watching:
        watching.autocommit = True
        for is_waited_for in (1, 0):
            while _count(watching, waiting) != is_waited_for:
                time.sleep(0.02)
    holder.rollback()
    return "given up"


def _count(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
