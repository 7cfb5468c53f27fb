"""The database to read when a command is given none: the default one, or the only one in the folder."""

from pathlib import Path

import duckdb

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.target import DEFAULT_DATABASE, Target
from pipelines.exit_code import ExitCode
from pipelines.invocation import OPTIONS
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.stop import Stop


def default_target(destination: str, database: Path | None, dataset: str, display: Display) -> Target:
    """Return the target to read when none is named: the default one, or the only database in the folder.

    If no database was named and the default one is missing, it is the only other one in the folder, which `display`
    names. Raises Stop with their names if there are several.
    """
    target = Target(destination, database or DEFAULT_DATABASE, dataset)
    if database is not None or not target.is_duckdb or target.database.exists():
        return target
    found = [file for file in sorted(Path().glob("*.duckdb")) if _is_of_a_run(file, target.datasets.raw)]
    if len(found) > 1:
        names = ", ".join(map(str, found))
        raise Stop(f"There is no database {target}; choose one with --database: {names}", ExitCode.WRONG_USE)
    if found:
        display.say(WARNING, message=f"Reading {found[0]}, the only database here.")
        target = Target(destination, found[0], dataset)
        OPTIONS.set(target.options)
    return target


def _is_of_a_run(file: Path, raw: str) -> bool:
    """Return True if a file may be the default target: a run made it, or it is in use and cannot be opened."""
    sql = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = ? AND table_name = 'sync_runs'"
    try:
        with connect(file, read_only=True, is_ours=False) as connection:
            return connection.execute(sql, (raw,)).fetchone() == (1,)
    except Stop as stop:
        return stop.code == ExitCode.FAILED
    except duckdb.Error:
        return False
