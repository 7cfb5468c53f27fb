"""One run at a time on one database, from whichever machine, user or folder: the lock is where the data is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.destination.locks.advisory import AdvisoryLock
from pipelines.destination.locks.file import LocalLock
from pipelines.destination.locks.heartbeat import RowLock
from pipelines.destination.locks.holder import Lock, Occupied
from pipelines.destination.target import Target
from pipelines.destination.working_folder import leave
from pipelines.stop import ExitCode, Stop
from transforms.runner.dialect import sql_dialect

# Files rather than a database: rows cannot be deleted, and the lock is one of this machine.
WITHOUT_ROWS = ("filesystem", "athena", "dummy")
CATALOG_FILES = ("duckdb", "sqlite")


@contextmanager
def only_run(target: Target) -> Iterator[Lock]:
    """Hold the target's lock, or raise Stop naming who holds it; dlt's working folder is gone when the block ends."""
    target.check_place()
    try:
        with _lock(target) as held:
            try:
                yield held
            finally:
                leave(target.folder)
    except Occupied as error:
        message = f"Another run is going on for {target}: {error}. Wait until it has ended."
        raise Stop(message, ExitCode.FAILED) from error


def _place(target: Target) -> Path:
    place = target.folder.parent
    place.mkdir(parents=True, exist_ok=True)
    return place


def _catalog_file(target: Target) -> Path | None:
    """Return the file that a DuckLake has for its catalog: a second connection cannot write to it, not even a lock."""
    if target.destination != "ducklake":
        return None
    catalog = target.sql_client().credentials.catalog
    return Path(catalog.database).resolve() if catalog.drivername in CATALOG_FILES else None


@contextmanager
def _lock(target: Target) -> Iterator[Lock]:
    if target.is_duckdb:
        with LocalLock(target.database.resolve()).held() as held:
            yield held
    elif (catalog := _catalog_file(target)) is not None:
        with LocalLock(catalog).held() as held:
            yield held
    elif target.destination in WITHOUT_ROWS:
        with LocalLock(_place(target) / f"{target.destination}-{target.datasets.raw}").held() as held:
            yield held
    else:
        with target.opened() as client:
            is_postgres = target.destination == "postgres"
            lock = AdvisoryLock(client) if is_postgres else RowLock(client, sql_dialect(target.destination))
            with lock.held() as held:
                yield held
