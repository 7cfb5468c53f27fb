"""Seconds of a full and of incremental builds with 190,000 conversations and 1.3 million parts."""

import shutil
import time

import duckdb
import pytest
import sqlglot

from tests.benchmarks.large_workspace import CONVERSATIONS, LAST_DAY, STATISTICS, Size, statements
from tests.support.warehouse.house import House, duckdb_house, house_of_postgres
from tests.support.warehouse.raw_tables import RAW_TABLES

HOUR = 3600
RELOADED = CONVERSATIONS // 200  # by one sync: half a percent
RELOADS = {
    "incremental, spread over two years": f"cast(id as integer) % {CONVERSATIONS // RELOADED} = 7",
    "incremental, the newest": f"cast(id as integer) >= {CONVERSATIONS - RELOADED}",
}


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    """The raw tables in a DuckDB file, which has nothing else."""
    folder = tmp_path_factory.mktemp("large")
    house = duckdb_house(folder, "made")
    house.is_loaded = True
    with duckdb.connect(str(folder / "made.duckdb")) as connection:
        for statement in statements("intercom_raw", Size()):
            connection.execute(statement)
    assert house.build("+int_conversation_statistics", now_epoch=LAST_DAY).failed_models == []
    with duckdb.connect(str(folder / "large.duckdb")) as connection:
        connection.execute(f"attach '{folder / 'made.duckdb'}' as made; use made")
        connection.execute(STATISTICS)
        connection.execute("create schema large.intercom_raw")
        for table in RAW_TABLES:
            connection.execute(f"create table large.intercom_raw.{table} as from made.intercom_raw.{table}")
    (folder / "made.duckdb").unlink()
    return folder / "large.duckdb"


@pytest.fixture
def measured(capsys):
    """Build in full, then after syncs of half a percent of the conversations, which is quicker; print the seconds."""

    def measure(house: House):
        house.is_loaded = True
        full_seconds, said = _build(house, "full", full=True)
        figures = [said]
        for name, reloaded in RELOADS.items():
            house.execute(f"update intercom_raw.conversations set _dlt_load_id = '{name}' where {reloaded}")
            seconds, said = _build(house, name, now_epoch=LAST_DAY + HOUR)
            figures.append(said)
            assert seconds < full_seconds, figures
        with capsys.disabled():
            for said in figures:
                print(f"\n{house.dialect}: {said}", end="")  # noqa: T201 - a benchmark is there to be read

    return measure


def _build(house, name, **options):
    started, started_cpu = time.monotonic(), time.process_time()
    report = house.build(**{"now_epoch": LAST_DAY, **options})
    seconds, cpu_seconds = time.monotonic() - started, time.process_time() - started_cpu  # of PostgreSQL's server: not
    assert report.failed_models == []
    rows = {result.name: result.count_rows for result in report.models}
    slowest = sorted(report.models, key=lambda result: -result.seconds)[:6]
    return seconds, (
        f"{name}: {seconds:.1f} s ({cpu_seconds:.1f} s of processor time), "
        f"of it models {sum(result.seconds for result in report.models):.1f} s and checks "
        f"{sum(result.seconds for result in report.checks):.1f} s; {rows['int_events']:,} events, "
        f"{rows['changed_conversations']:,} conversations built; slowest: "
        + ", ".join(f"{result.name} {result.seconds:.1f}" for result in slowest)
    )


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_models_of_a_large_workspace_on_duckdb(tmp_path, large_file, measured):
    shutil.copy(large_file, tmp_path / "large.duckdb")
    measured(duckdb_house(tmp_path, "large"))


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_models_of_a_large_workspace_on_postgres(tmp_path, postgres, large_file, measured):
    house = house_of_postgres(postgres, tmp_path)
    with duckdb.connect(str(large_file), read_only=True) as connection, house.pipeline.sql_client() as client:
        client.create_dataset()
        for table, kinds in RAW_TABLES.items():
            file = tmp_path / f"{table}.csv"
            declared = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
            create = f"create table intercom_raw.{table} ({declared})"
            client.execute_sql(sqlglot.transpile(create, read="duckdb", write="postgres")[0])
            connection.execute(f"copy intercom_raw.{table} to '{file}' (header false)")
            with file.open() as rows, client.native_connection.cursor() as cursor:
                cursor.copy_expert(f"copy intercom_raw.{table} from stdin with (format csv)", rows)
            file.unlink()
        client.execute_sql("analyze")
    measured(house)
