"""PostgreSQL's advisory lock, held by a connection for as long as a run lasts."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.locks.holder import Holder, Occupied
from pipelines.destination.target import errors_of
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from transforms.runner.warehouse.connection import NEVER_TOO_IDLE

HOLDER = """
    SELECT application_name FROM pg_locks INNER JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32 | objid::bigint) = %s
"""
OURS = f"{HOLDER} AND pid = pg_backend_pid()"
# Keep a connection that is silent during a long read, and close that of a machine that is gone.
SETTINGS = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
    NEVER_TOO_IDLE,
)
LONGEST_NAME = 63  # bytes of a name in PostgreSQL


class AdvisoryLock:
    """PostgreSQL's advisory lock of one raw dataset, freed when the connection ends, however the run did."""

    def __init__(self, client: SqlClientBase[Any]) -> None:
        self._client = client
        digest = hashlib.sha256(f"intercom-elt {client.dataset_name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], signed=True)

    @contextmanager
    def held(self) -> Iterator["AdvisoryLock"]:
        """Hold PostgreSQL's advisory lock for the block, or raise Occupied."""
        for statement in SETTINGS:
            self._client.execute_sql(statement)
        self._client.execute_sql("SELECT set_config('application_name', %s, false)", str(Holder())[:LONGEST_NAME])
        if not self._rows("SELECT pg_try_advisory_lock(%s)", self._key)[0][0]:
            held_by = self._rows(HOLDER, self._key)
            raise Occupied(str(held_by[0][0]) if held_by else "another connection")
        try:
            yield self
        finally:
            # PostgreSQL notices a closed connection late, and the next run may start at once.
            with suppress(DatabaseException, errors_of(self._client)):
                self._client.execute_sql("SELECT pg_advisory_unlock(%s)", self._key)

    def confirm(self) -> None:
        """Raise Stop if the connection with the advisory lock was cut off: another run may have begun since."""
        try:
            is_held = bool(self._rows(OURS, self._key))
        except (DatabaseException, errors_of(self._client)):
            is_held = False
        if not is_held:
            raise Stop(LOST, ExitCode.FAILED)

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return list(self._client.execute_sql(sql, *values) or [])


LOST = (
    "The connection that keeps other runs away from the database was cut off, so this run ends here. What was loaded "
    "is kept; run again. (A pooler in transaction mode cannot hold it: connect to PostgreSQL itself.)"
)
