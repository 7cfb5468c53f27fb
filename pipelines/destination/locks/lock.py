"""One run at a time on one database, from whichever machine, user or folder: the lock lies with the data."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.locks.advisory_lock import AdvisoryLock
from pipelines.destination.locks.file_lock import LocalLock
from pipelines.destination.locks.holder import ANOTHER_RUN, Lock, Occupied
from pipelines.destination.locks.row_lock import RowLock
from pipelines.destination.postgres.pooler import refuse_pooler
from pipelines.destination.target import Target
from pipelines.destination.working_folder import leave
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from transforms.runner.dialects.dialect_names import sql_dialect

CATALOG_FILES = ("duckdb", "sqlite")


@contextmanager
def only_run(target: Target) -> Iterator[Lock]:
    """Hold the target's lock, or raise Stop naming who holds it; dlt's working folder is gone when the block ends."""
    target.check_path()
    try:
        with _lock(target) as held:
            try:
                yield held
            finally:
                leave(target.folder)
    except Occupied as error:
        raise Stop(ANOTHER_RUN.format(target, error), ExitCode.FAILED) from error


@contextmanager
def no_run_disturbed(target: Target) -> Iterator[None]:
    """Let the block open the database under a DuckDB file's lock; raises Stop if a run is using that.

    Only one process can open such a file: opening it in the middle of a run would make that run fail.
    """
    with only_run(target) if target.is_duckdb and target.database.exists() else nullcontext():
        yield


def is_of_a_run(stop: Stop) -> bool:
    """Return True if an error says that another run holds the lock of the target."""
    return isinstance(stop.__cause__, Occupied)


def file_beside(target: Target) -> Path | None:
    """Return the data file next to which a target's lock lies in a file, or None if the lock is in the database.

    A second connection cannot write to a DuckLake's catalog that is a file, not even a lock.
    """
    if target.is_duckdb:
        return target.database.resolve()
    if target.destination == "ducklake":
        catalog = target.sql_client().credentials.catalog
        return Path(catalog.database).resolve() if catalog.drivername in CATALOG_FILES else None
    return None


def lock_in(client: SqlClientBase[Any], destination: str) -> AdvisoryLock | RowLock:
    """Return the target's lock that is in the database itself, in rows or an advisory one."""
    return AdvisoryLock(client) if destination == "postgres" else RowLock(client, sql_dialect(destination))


@contextmanager
def _lock(target: Target) -> Iterator[Lock]:
    if (file := file_beside(target)) is not None:
        with LocalLock(file).held() as held:
            yield held
    else:
        with target.opened() as client:
            if target.destination == "postgres":
                refuse_pooler(client, target)
            with lock_in(client, target.destination).held() as held:
                yield held
