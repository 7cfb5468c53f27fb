"""Connections that wait while Intercom is read, or another one builds, are not cut off for being idle."""

import psycopg2
import pytest

from pipelines.destination.locks.lock import only_run
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from transforms.runner.warehouse.connection import Connection

IDLE = "SELECT setting FROM pg_settings WHERE name = 'idle_session_timeout'"


@pytest.fixture
def target(postgres, monkeypatch):
    """A database whose administrator cuts off who says nothing for a minute."""
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    with psycopg2.connect(postgres) as database, database.cursor() as cursor:
        name = postgres.rpartition("/")[2]
        cursor.execute(f"ALTER DATABASE {name} SET idle_session_timeout = '1min'")
    database.close()
    return Target("postgres")


def limit_of(client):
    return client.execute_sql(IDLE)[0][0]


def test_who_waits_for_intercom_or_for_another_connection_is_not_cut_off(target):
    with target.opened() as client:
        assert limit_of(client) == "60000"
        Connection(client, "postgres").set_up()
        assert limit_of(client) == "0"
    with RawTables(target.pipeline()).opened() as raw, raw.client() as client:
        assert limit_of(client) == "0"
    with only_run(target) as lock:
        assert limit_of(lock._client) == "0"
