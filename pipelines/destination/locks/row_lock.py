"""A lock for databases without locks of their own: rows that the holder writes, and that expire."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.locks.holder import Holder, Occupied
from pipelines.destination.locks.row_lock_statements import LockTable
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

TABLE = "run_locks"
BEAT_SECONDS = 30.0
EXPIRES_SECONDS = 300
LOST = "Another run has begun, because this one was silent for too long. What was loaded is kept."
UNKNOWN = "The database does not say whether it still keeps other runs away ({}). What was loaded is kept; run again."


class RowLock:
    """The lock in rows of one raw dataset's table `run_locks`: whoever has a young row there is at work.

    A row is written before the others are looked at. Two runs that begin in the same moment may both give up, but never
    both go on.
    """

    def __init__(
        self,
        client: SqlClientBase[Any],
        dialect: str,
        beat_seconds: float = BEAT_SECONDS,
        expires: int = EXPIRES_SECONDS,
    ) -> None:
        self._client = client
        self._beat_seconds = beat_seconds
        self._table = LockTable(client.make_qualified_table_name(TABLE), dialect, expires)
        self._token = uuid4().hex
        self._holder = str(Holder())
        self._alone = threading.Lock()  # the connection is used by the heartbeat and by whoever asks

    @contextmanager
    def held(self) -> Iterator["RowLock"]:
        """Hold the lock by a row, or raise Occupied; a killed run's is free after `expires` seconds."""
        if not self._client.has_dataset():
            self._client.create_dataset()
        self._run(self._table.created())
        self._run(self._table.begun(self._token, self._holder))
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(ended,), daemon=True)
        try:
            if found := self._run(self._table.others(self._token)):
                raise Occupied(str(found[0][0]))
            self._run(self._table.taken_over(self._token))
            beating.start()
            yield self
        finally:
            ended.set()
            if beating.is_alive():
                beating.join()
            with suppress(Exception):  # the lock expires by itself, and the run's work is done
                self._run(self._table.released(self._token))

    def confirm(self) -> None:
        """Raise Stop if the lock's rows are gone, because another run has presumed this one dead."""
        try:
            is_held = bool(self._run(self._table.held(self._token)))
        except Exception as error:
            raise Stop(UNKNOWN.format(type(error).__name__), ExitCode.FAILED) from error
        if not is_held:
            raise Stop(LOST, ExitCode.FAILED)

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(self._beat_seconds):
            # A beat that fails is made up for by the next one. Some drivers' errors are none of dlt's.
            with suppress(Exception):
                self._run(self._table.beaten(self._token, self._holder))

    def _run(self, sql: str) -> list[Any]:
        with self._alone:
            return list(self._client.execute_sql(sql) or [])
