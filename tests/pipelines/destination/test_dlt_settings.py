"""The settings of a destination are looked up once, and those that a person has written count."""

import duckdb
import pytest

from pipelines.destination.target import Target

WRITTEN = {
    "DESTINATION__DUCKDB__CREATE_INDEXES": "true",
    "INTERCOM__DESTINATION__DUCKDB__INFO_TABLES_QUERY_THRESHOLD": "7",  # for this pipeline alone
    "DESTINATION__DUCKDB__CREDENTIALS__GLOBAL_CONFIG": '{"threads": 1}',
    "DESTINATION__DUCKDB__CREDENTIALS__DATABASE": "/nowhere/else.duckdb",  # --database says where
}


@pytest.fixture
def target(tmp_path):
    target = Target(database=tmp_path / "settings.duckdb")
    duckdb.connect(str(target.database)).close()
    return target


def configured(destination):
    return destination.configuration(destination.spec(), accept_partial=True)


def test_what_is_written_counts_and_is_looked_up_once(target, monkeypatch):
    for name, value in WRITTEN.items():
        monkeypatch.setenv(name, value)
    destination = target.pipeline().destination
    for name in WRITTEN:
        monkeypatch.delenv(name)
    found = configured(destination)
    assert (found.create_indexes, found.info_tables_query_threshold) == (True, 7)
    assert found.credentials.database == str(target.database)
    assert found.replace_strategy == "insert-from-staging"
    assert destination.capabilities().preferred_loader_file_format == "parquet"


def test_connections_are_opened_with_what_is_written(target, monkeypatch):
    for name, value in WRITTEN.items():
        monkeypatch.setenv(name, value)
    pipeline = target.pipeline()
    with pipeline.sql_client() as client, pipeline.sql_client() as other:
        for each in (client, other):
            assert each.execute_sql("SELECT current_setting('threads')") == [(1,)]
    with duckdb.connect(str(target.database)) as connection:  # all of them were closed
        assert connection.execute("SELECT current_setting('threads') = 1").fetchone() == (duckdb_uses_one_thread(),)


def duckdb_uses_one_thread():
    return duckdb.execute("SELECT current_setting('threads') = 1").fetchone()[0]
