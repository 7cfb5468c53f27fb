"""A pooler in transaction mode cannot hold a lock: that is said before anything is read, and nothing is left in it."""

import contextlib

import psycopg2
import pytest

from tests.support.databases.pooler import pooled

POSTGRES = ("--destination", "postgres")


@pytest.fixture
def pooler(postgres, monkeypatch):
    """Return the URL of a database behind a pooler, where commands are led."""
    with pooled(postgres) as url:
        monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", url)
        yield url


def asked(url, sql):
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_run_through_a_pooler_in_transaction_mode_is_refused_before_it_reads(invoke, pooler, simulator):
    simulator.clear_requests()
    for arguments in (("sync", "tags"), ("transform",), ("sweep",), ("audit",)):
        code, _, errors = invoke(*arguments, *POSTGRES)
        assert (code, "through a pooler in transaction mode" in errors) == (64, True), errors
    assert simulator.requests() == []
    assert asked(pooler, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
    code, output, _ = invoke("doctor", *POSTGRES)
    assert (code, "through a pooler in transaction mode" in " ".join(output.split())) == (64, True)


def test_a_query_leaves_nothing_to_the_next_who_is_lent_the_connection(invoke, pooler):
    path = asked(pooler, "SHOW search_path")
    assert invoke("query", "SELECT 7 AS n", *POSTGRES, "--format", "csv")[:2] == (0, "n\n7\n")
    assert asked(pooler, "CREATE TABLE of_somebody AS SELECT 1 AS n") is None
    assert asked(pooler, "SHOW search_path") == path
