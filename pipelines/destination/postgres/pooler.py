"""A pooler between us and PostgreSQL that lends a connection for one transaction: no lock can be held through it."""

from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

SERVER = "SELECT pg_backend_pid()"
LOOKS = 3  # another client of the pooler may have been lent the connection meanwhile


def refuse_pooler(client: SqlClientBase[Any], target: Target) -> None:
    """Raise Stop if the client's connection is lent to others, too: nothing of it is ours but one transaction.

    Whoever answers names the connection of the server when it is opened. A pooler names one of its own. In session mode
    it keeps the server's for us nevertheless; in transaction mode a second client is lent the one that we do not use.
    """
    if client.native_connection.info.backend_pid == _server(client):
        return
    with target.opened() as other:
        if any(_server(other) == _server(client) for _ in range(LOOKS)):
            raise Stop(POOLED.format(target), ExitCode.WRONG_USE)


def _server(client: SqlClientBase[Any]) -> int:
    ((number,),) = client.execute_sql(SERVER) or ()
    return int(number)


POOLED = (
    "{} is reached through a pooler in transaction mode, which cannot hold the lock that keeps other runs away. Let "
    "the credentials lead to PostgreSQL itself, or to the port at which the pooler is in session mode."
)
