"""The connection of a build: statements one by one or together, with the settings and the patience PostgreSQL needs."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cached_property
from typing import Any

from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.dialects.dialect_names import POSTGRES
from transforms.runner.warehouse.postgres.lock_waiting import LONGEST_WAIT, PATIENCE_SECONDS, attempts, naming_holders
from transforms.runner.warehouse.values import Row

# PostgreSQL's 4 MB let it sort and hash on disk. A higher setting is kept.
ENOUGH_MEMORY = """
    SELECT set_config('work_mem', '64MB', false)
    WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB')
"""
# A connection waits while another one builds, or while Intercom is read. PostgreSQL has the setting since version 14.
NEVER_TOO_IDLE = """
    SELECT set_config('idle_session_timeout', '0', false)
    WHERE current_setting('idle_session_timeout', true) IS NOT NULL
"""
# PostgreSQL's 100 let it sort 30,000 values of each column of each table, which is a tenth of a full build.
ENOUGH_STATISTICS = "30"

Statement = str | Callable[[], None]  # or what executes some
THE_BUILD = "the build"
Client = SqlClientBase[Any]


class Connection:
    """A build's connection: an open sql_client and its dialect; a thread may have a client of its own.

    On PostgreSQL, a lock that somebody holds is requested for `lock_patience_seconds`.
    """

    def __init__(
        self,
        client: Client,
        dialect: str,
        lock_patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.dialect = dialect
        self._client = client
        self._lock_patience_seconds = lock_patience_seconds
        self._of_thread = threading.local()

    @property
    def client(self) -> Client:
        """The connection's client for this thread."""
        return getattr(self._of_thread, "client", self._client)

    @contextmanager
    def through(self, client: Client) -> Iterator[None]:
        """Let this thread of the connection use another client for the block."""
        self._of_thread.client = client
        try:
            yield
        finally:
            del self._of_thread.client

    @cached_property
    def kind_of_duckdb(self) -> str:
        """What DuckDB's SQL runs on: `duckdb` (a file), `ducklake`, …; '' if it is not DuckDB, or is in memory."""
        if self.dialect != "duckdb":
            return ""
        sql = "SELECT type FROM duckdb_databases() WHERE database_name = current_database() AND path IS NOT NULL"
        return "".join(str(kind) for (kind,) in self.rows(sql))

    @contextmanager
    def sharing_cores(self, lanes: int) -> Iterator[None]:
        """Limit the connection's DuckDB threads for the block: with those of the lanes they match the cores.

        Small statements run faster in one thread than in two that share out the work.
        """
        threads = int(self.rows("SELECT current_setting('threads')")[0][0]) if self.kind_of_duckdb else 1
        if threads == 1:
            yield
            return
        self.execute(f"SET threads = {max(threads - lanes + 1, 1)}")
        try:
            yield
        finally:
            with suppress(DatabaseException):  # of a connection that is lost
                self.execute(f"SET threads = {threads}")

    @property
    def has_transactions(self) -> bool:
        """True if several statements can become visible together; Snowflake commits with each that makes a table."""
        return self.dialect != "snowflake" and self.client.capabilities.supports_ddl_transactions

    def rows(self, sql: str, *params: object) -> list[Row]:
        """Return the rows that a query on the connection, in the destination's dialect, gives."""
        try:
            return list(self.client.execute_sql(sql, *params) or [])
        except DatabaseException:
            self.set_up()
            raise

    def execute(self, statement: str) -> None:
        """Run one statement on the connection, without reading a result."""
        self.rows(statement)

    def patient_rows(self, sql: str, name: str = THE_BUILD, *, is_patient: bool = True) -> list[Row]:
        """Return the rows that a query outside of transactions gives; `name` is what needs them.

        On PostgreSQL, a lock that is not granted quickly is requested again a little later, if `is_patient`.
        """
        found: list[Row] = []
        for attempt in self._attempts() if is_patient else (nullcontext(),):
            with attempt, naming_holders(self.client, "", name):
                found = self.rows(sql)
        return found

    def _attempts(self) -> Iterable[AbstractContextManager[object]]:
        return attempts(self._lock_patience_seconds) if self.dialect == POSTGRES else (nullcontext(),)

    def together(self, dataset: str, name: str, *statements: Statement) -> None:
        """Run statements on the connection for a table or view in one transaction, if the warehouse has any.

        On PostgreSQL, a lock that is not granted quickly is requested again a little later.
        """
        for attempt in self._attempts():
            transaction = self.client.begin_transaction() if self.has_transactions else nullcontext()
            with attempt, naming_holders(self.client, dataset, name), transaction:
                self.run(*statements)

    def run(self, *statements: Statement) -> None:
        """Run statements on the connection, one after the other."""
        for statement in statements:
            if callable(statement):
                statement()
            else:
                self.execute(statement)

    def set_up(self) -> None:
        """Let PostgreSQL plan for large tables, and wait for locks only briefly; dlt resets this after an error."""
        if self.dialect == POSTGRES:
            settings = {"enable_nestloop": "off", "jit": "off", "lock_timeout": f"'{LONGEST_WAIT}'"}
            settings |= {"default_statistics_target": ENOUGH_STATISTICS}
            # What one connection of the build has committed, the others are to see.
            settings |= {"default_transaction_isolation": "'read committed'"}
            # A crash may undo the last transactions, but never one without all that follow it.
            settings |= {"synchronous_commit": "off"}
            self.client.execute_sql("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
            self.client.execute_sql(ENOUGH_MEMORY)
            self.client.execute_sql(NEVER_TOO_IDLE)
