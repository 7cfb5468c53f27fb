"""A lock where the database has none: a row that its holder renews, and that counts for nothing once it is old."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from pipelines.destination.locks.holder import Holder, Occupied
from pipelines.stop import ExitCode, Stop
from transforms.runner.dialect import sql_type

TABLE = "run_locks"
BEAT_SECONDS = 30.0
EXPIRES_SECONDS = 300
CLOCKS = {  # unix seconds, where sqlglot knows no word for them
    "bigquery": "UNIX_SECONDS(CURRENT_TIMESTAMP())",
    "tsql": "DATEDIFF_BIG(second, '1970-01-01', SYSUTCDATETIME())",
}


class RowLock:
    """The lock of one raw dataset, in its table `run_locks`: whoever has a young row there is at work.

    A row is written before the others are looked at. Of two that begin in the same moment both may have to give up,
    but never do both go on. Ages are taken by the database's own clock.
    """

    def __init__(
        self,
        client: SqlClientBase[Any],
        dialect: str,
        beat_seconds: float = BEAT_SECONDS,
        expires: int = EXPIRES_SECONDS,
    ) -> None:
        self._client = client
        self._dialect = dialect
        self._beat_seconds = beat_seconds
        self._expires = expires
        self._table = client.make_qualified_table_name(TABLE)
        self._token = uuid4().hex
        self._now = CLOCKS.get(dialect) or exp.TimeToUnix(this=exp.CurrentTimestamp()).sql(dialect=dialect)
        self._alone = threading.Lock()  # the connection is used by the heartbeat and by whoever asks

    @contextmanager
    def held(self) -> Iterator["RowLock"]:
        """Hold the lock, or raise Occupied; a killed run's lock is free after `expires` seconds."""
        self._create()
        holder = exp.Literal.string(str(Holder())).sql(dialect=self._dialect)
        self._run(f"INSERT INTO {self._table} SELECT '{self._token}', {holder}, {self._now}")
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(ended,), daemon=True)
        try:
            others = f"token <> '{self._token}' AND beat_at > {self._now} - {self._expires}"
            if found := self._run(f"SELECT holder FROM {self._table} WHERE {others}"):  # noqa: S608 - our own table
                raise Occupied(str(found[0][0]))
            self._run(f"DELETE FROM {self._table} WHERE token <> '{self._token}'")  # noqa: S608 - our own table
            beating.start()
            yield self
        finally:
            ended.set()
            if beating.is_alive():
                beating.join()
            with suppress(DatabaseException):  # it expires then
                self._run(f"DELETE FROM {self._table} WHERE token = '{self._token}'")  # noqa: S608 - our own table

    def confirm(self) -> None:
        """Raise Stop where the row is gone: another run took this one for dead."""
        if not self._run(f"SELECT 1 FROM {self._table} WHERE token = '{self._token}'"):  # noqa: S608 - our own table
            message = "Another run has begun, because this one was silent for too long. What was loaded is kept."
            raise Stop(message, ExitCode.FAILED)

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(self._beat_seconds):
            with suppress(DatabaseException):  # a beat that fails is made up for by the next one
                self._run(f"UPDATE {self._table} SET beat_at = {self._now} WHERE token = '{self._token}'")  # noqa: S608 - our own table

    def _create(self) -> None:
        if not self._client.has_dataset():
            self._client.create_dataset()
        text, whole = (sql_type(kind, self._dialect) for kind in ("varchar", "bigint"))
        columns = f"token {text}, holder {text}, beat_at {whole}"
        self._run(f"CREATE TABLE IF NOT EXISTS {self._table} ({columns})")

    def _run(self, sql: str) -> list[Any]:
        with self._alone:
            return list(self._client.execute_sql(sql) or [])
