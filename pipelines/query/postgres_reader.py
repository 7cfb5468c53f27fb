"""Reads PostgreSQL: every query of one snapshot, in PostgreSQL's own words, row by row, and Ctrl-C ends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from select import select
from threading import current_thread, main_thread
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from pipelines.query.allowed_statements import check_one_question, gives_rows
from pipelines.query.duckdb_values import Values
from pipelines.query.postgres_cursor import PostgresCursor
from pipelines.query.postgres_values import give_postgres_text
from pipelines.query.reader import WarehouseReader, held_by_python
from transforms.runner.warehouse.datasets import Datasets


class PostgresReader(WarehouseReader):
    """The reader of PostgreSQL, in a transaction that is `reading_only`."""

    def __init__(self, client: SqlClientBase[Any], datasets: Datasets) -> None:
        super().__init__(client, "postgres", datasets)

    @contextmanager
    def cursor(self, sql: str, values: Values = "python") -> Iterator[Any]:
        """Open PostgreSQL's answer, in its own words unless it is for Python."""
        check_one_question(sql, self._dialect)
        give_postgres_text(self._client.native_connection, import_module("psycopg2.extensions"), values)
        if values != "python" and gives_rows(sql):
            with held_by_python():
                opened = PostgresCursor(self._client, sql)
            yield opened
        else:  # for Python all rows are taken at once, which PostgreSQL finds on all its cores
            with self._answered(sql) as cursor:
                yield cursor


@contextmanager
def reading_only(client: SqlClientBase[Any], datasets: Datasets) -> Iterator[None]:
    """Open a transaction of PostgreSQL that is read-only, gives every query one snapshot, and has the search path.

    Nothing is set for the session: a pooler would hand it on to the next one who is lent the connection.
    """
    path = ", ".join(f'"{name}"' for name in (datasets.marts, datasets.staging, datasets.raw, "public"))
    with _interruptible(), client.begin_transaction():
        client.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        client.execute_sql("SELECT set_config('search_path', %s, true)", path)
        yield


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end a query of psycopg2, which otherwise waits for its end; loads cannot be done in such a block.

    That is set for the whole process, and Ctrl-C reaches the main thread alone: queries of others leave it as it is.
    """
    if current_thread() is not main_thread():
        yield
        return
    extensions = import_module("psycopg2.extensions")
    before = extensions.get_wait_callback()
    extensions.set_wait_callback(_wait_for_postgres)
    try:
        yield
    finally:
        extensions.set_wait_callback(before)


def _wait_for_postgres(connection: Any) -> None:
    """Wait as psycopg2's own callback does, but let Ctrl-C end the query in the server, and the command, too."""
    extensions = import_module("psycopg2.extensions")
    try:
        while (state := connection.poll()) != extensions.POLL_OK:
            place = [connection.fileno()]
            select(place if state == extensions.POLL_READ else [], place if state == extensions.POLL_WRITE else [], [])
    except KeyboardInterrupt:
        connection.cancel()
        raise
