"""A cursor in PostgreSQL's server: its driver would take a whole answer into memory before the first row is seen."""

from collections.abc import Sequence
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
