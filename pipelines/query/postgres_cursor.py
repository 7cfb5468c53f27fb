"""A cursor in PostgreSQL's server: its driver would take a whole answer into memory before the first row is seen."""

from collections.abc import Sequence
from importlib import import_module
from select import select
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

NAME = "intercom_elt_query"
FIRST_ROWS = 10_000


class PostgresCursor:
    """The server's cursor for a query, in the transaction that is open; errors are those of the client.

    PostgreSQL uses one core for such a query. The first rows are fetched at once: what is wrong with a query mostly
    shows before any of it is written.
    """

    def __init__(self, client: SqlClientBase[Any], sql: str) -> None:
        self._client = client
        # It is read to its end: the server is not to choose what gives a first row soonest.
        client.execute_sql("SELECT set_config('cursor_tuple_fraction', '1', true)")
        query = sql.lstrip("; \t\n")
        client.execute_sql(f"DECLARE {NAME} NO SCROLL CURSOR FOR\n{query}")  # an error shows a line of the query's own
        self.description, self._first = self._fetched(FIRST_ROWS)

    def fetchmany(self, count: int) -> Sequence[tuple[Any, ...]]:
        """Return the next rows at the cursor, at least one while there are any."""
        if self._first:
            first, self._first = self._first, []
            return first
        return self._fetched(count)[1]

    def _fetched(self, count: int) -> tuple[Any, Sequence[tuple[Any, ...]]]:
        with self._client.execute_query(f"FETCH FORWARD {count} FROM {NAME}") as result:
            return result.description, result.fetchall()


def wait_for_postgres(connection: Any) -> None:
    """Wait as psycopg2's own callback does, but let Ctrl-C end the query in the server, and the command, too."""
    extensions = import_module("psycopg2.extensions")
    try:
        while (state := connection.poll()) != extensions.POLL_OK:
            place = [connection.fileno()]
            select(place if state == extensions.POLL_READ else [], place if state == extensions.POLL_WRITE else [], [])
    except KeyboardInterrupt:
        connection.cancel()
        raise
