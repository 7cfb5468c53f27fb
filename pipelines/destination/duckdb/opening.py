"""Opening a DuckDB file, or saying why it cannot be opened and what to do."""

import shlex
from pathlib import Path

import duckdb

from pipelines.destination.duckdb.database_file import not_duckdb
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop


def connect(database: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or raise Stop with what is wrong with it."""
    if read_only and not database.exists():
        raise missing(database)
    if database.exists() and (wrong := not_duckdb(database)):
        raise Stop(f"{database} {wrong}. It was left as it is.", ExitCode.WRONG_USE)
    try:
        return duckdb.connect(str(database), read_only=read_only)
    except duckdb.Error as error:
        raise _unopened(database, str(error)) from error


def missing(database: Path) -> Stop:
    """Return the error that there is no DuckDB file to open, with the command that makes one."""
    message = (
        f"There is no database {database}; load one with: intercom-elt sync --database {shlex.quote(str(database))}"
    )
    return Stop(message, ExitCode.WRONG_USE)


_OF_DAMAGE = ("corrupt", "checksum", "wal file", "replay", "serializ", "internal error", "enough bytes")


def _unopened(database: Path, reason: str) -> Stop:
    """Return the error for a DuckDB file that cannot be opened, from DuckDB's reason."""
    if "Conflicting lock is held" in reason or "being used by another process" in reason:
        holder = reason.partition("held in ")[2].partition(". ")[0] or "another program"
        return Stop(f"{database} is in use by {holder}; close it there and run again.", ExitCode.FAILED)
    if "version number" in reason or "newer version" in reason:
        message = (
            f"{database} was written by another version of DuckDB ({_first_line(reason)}). It was left as it is: "
            "open it with that version, or load into another database."
        )
        return Stop(message, ExitCode.WRONG_USE)
    if "Permission denied" in reason:
        message = f"{database} may not be read and written by this user ({_first_line(reason)}). "
        advice = "Run as the user who owns it, let its owner allow this one to write it, or choose another --database."
        return Stop(message + advice, ExitCode.WRONG_USE)
    if any(word in reason.lower() for word in _OF_DAMAGE):
        advice = "Bring it back from a backup, or move it away and load everything anew; it was left unchanged."
        return Stop(f"{database} is damaged ({_first_line(reason)}). {advice}", ExitCode.WRONG_USE)
    return Stop(f"{database} cannot be opened: {_first_line(reason)}", ExitCode.WRONG_USE)


def _first_line(reason: str) -> str:
    return reason.strip().splitlines()[0].rstrip(".") if reason.strip() else "no reason given"
