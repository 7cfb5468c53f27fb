"""A server that goes away for good is an error of the destination, whatever dlt and its driver raise."""

import pytest
from dlt.destinations.exceptions import DatabaseException

from pipelines.destination.failures.failure import explained
from pipelines.destination.failures.lost_connection import lost_connection_as_database_error
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from tests.support.databases.postgres import running_postgres


@pytest.fixture
def lost(monkeypatch):
    """Return an open connection to a server that has ended."""
    with running_postgres() as url:
        monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", url)
        client = Target("postgres").sql_client()
        client.open_connection()
        client.execute_sql("SELECT 1")
    return client


def test_a_server_that_went_away_in_a_transaction_is_named(lost):
    with pytest.raises(DatabaseException) as raised, lost_connection_as_database_error(), lost.begin_transaction():
        lost.execute_sql("SELECT 1")
    code, said = explained(raised.value)
    assert (code, "Check that the destination is running" in said, "\n" in said) == (ExitCode.FAILED, True, False)


def test_a_defect_stays_a_defect():
    with pytest.raises(ZeroDivisionError), lost_connection_as_database_error():
        raise ZeroDivisionError
