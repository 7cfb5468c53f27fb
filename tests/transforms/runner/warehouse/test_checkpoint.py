"""What a build has written goes into DuckDB's file while its checks are run, not after them."""

import pytest

from transforms.runner.warehouse.datasets import Datasets
from transforms.runner.warehouse.warehouse import Warehouse


@pytest.fixture
def client(house_for_others):
    with house_for_others.client as client:
        client.execute_sql("create table numbers as select n from range(10) as numbers (n)")
        yield client


@pytest.fixture
def log(tmp_path):
    return tmp_path / "support.duckdb.wal"


def test_a_checkpoint_leaves_nothing_to_be_written_at_the_end(client, log):
    assert log.stat().st_size > 0
    Warehouse(client, "duckdb", Datasets(), {}).checkpoint()
    assert not log.exists() or log.stat().st_size == 0


def test_a_file_that_others_write_to_is_written_when_it_is_closed(client, log):
    with client.native_connection.cursor() as other:
        other.execute("begin; create table others (n int)")
        Warehouse(client, "duckdb", Datasets(), {}).checkpoint()
        other.execute("commit")
    assert log.stat().st_size > 0
    assert client.execute_sql("select count(*) from numbers, others") == [(0,)]


def test_nothing_is_lost_of_what_another_connection_is_writing(client, log):
    with client.native_connection.cursor() as other:
        other.execute("begin; insert into numbers values (10)")
        Warehouse(client, "duckdb", Datasets(), {}).checkpoint()
        other.execute("commit")
    assert log.stat().st_size > 0
    assert client.execute_sql("select count(*) from numbers") == [(11,)]
