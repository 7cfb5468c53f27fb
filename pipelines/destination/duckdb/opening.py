"""Opening a DuckDB file, or saying why it cannot be opened and what to do."""

import re
import shlex
from pathlib import Path

import duckdb

from pipelines.destination.duckdb.database_file import not_duckdb
from pipelines.destination.locks.holder import ANOTHER_RUN
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop


def connect(database: Path, *, read_only: bool, is_ours: bool = True) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or raise Stop with what is wrong with it.

    After a kill, DuckDB may have to write to a file before it can be read; `is_ours`: it may do so.
    """
    if read_only and not database.exists():
        raise missing(database)
    if database.exists() and (wrong := not_duckdb(database)):
        raise Stop(f"{database} {wrong}. It was left as it is.", ExitCode.WRONG_USE)
    try:
        return _opened(database, read_only=read_only, may_write=is_ours)
    except duckdb.Error as error:
        raise _unopened(database, error) from error


def _opened(database: Path, *, read_only: bool, may_write: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(database), read_only=read_only)
    except duckdb.IOException as error:
        if not (read_only and may_write and _is_to_be_written(str(error))):
            raise
    duckdb.connect(str(database)).close()
    return duckdb.connect(str(database), read_only=True)


def missing(database: Path) -> Stop:
    """Return the error that there is no DuckDB file to open, with the command that makes one."""
    message = (
        f"There is no database {database}; load one with: intercom-elt sync --database {shlex.quote(str(database))}"
    )
    return Stop(message, ExitCode.WRONG_USE)


_OF_DAMAGE = ("corrupt", "checksum", "wal file", "replay", "serializ", "internal error", "enough bytes")


def _not_now(database: Path, error: duckdb.Error) -> Stop | None:
    """Return the error for a DuckDB file that can be opened later as it is; None if something is wrong with it."""
    # With dlt, without which `status` begins sooner.
    from pipelines.destination.failures.failure import unavailable  # noqa: PLC0415 - as said
    from pipelines.destination.locks.file_lock import run_of_process  # noqa: PLC0415 - as said

    reason = str(error)
    if "Conflicting lock is held" in reason or "being used by another process" in reason:
        holder = reason.partition("held in ")[2].partition(". ")[0] or "another program"
        if (process := re.search(r"\(PID (\d+)\)", holder)) and (run := run_of_process(database, process[1])):
            return Stop(ANOTHER_RUN.format(database, run), ExitCode.FAILED)
        return Stop(f"{database} is in use by {holder}; close it there and run again.", ExitCode.FAILED)
    if "Out of Memory Error" in reason:
        message = f"{database} cannot be opened: {_first_line(reason)}. Let DuckDB have more memory, and run again."
        return Stop(message, ExitCode.FAILED)
    if found := unavailable(error):
        code, said = found
        return Stop(f"{said}. {code.next_step}", code)
    if _is_to_be_written(reason):
        message = f"{database} can be read when it has been opened for writing: the last program that did was killed."
        return Stop(message, ExitCode.FAILED)
    return None


def _is_to_be_written(reason: str) -> bool:
    """Return True if DuckDB would write to a file that it was to open to read: what a kill left in its log."""
    return "replaying WAL" in reason and "Bad file descriptor" in reason


def _unopened(database: Path, error: duckdb.Error) -> Stop:
    """Return the error for a DuckDB file that cannot be opened, from DuckDB's reason."""
    if stop := _not_now(database, error):
        return stop
    reason = str(error)
    if "version number" in reason or "newer version" in reason:
        message = (
            f"{database} was written by another version of DuckDB ({_first_line(reason)}). It was left as it is: "
            "open it with that version, or load into another database."
        )
        return Stop(message, ExitCode.WRONG_USE)
    if "Permission denied" in reason:
        message = f"{database} may not be read and written by this user ({_first_line(reason)}). "
        advice = "Run as its owner, let its owner allow this user to read and write it, or choose another --database."
        return Stop(message + advice, ExitCode.WRONG_USE)
    if any(word in reason.lower() for word in _OF_DAMAGE):
        advice = "Bring it back from a backup, or move it away and load everything anew; it was left unchanged."
        return Stop(f"{database} is damaged ({_first_line(reason)}). {advice}", ExitCode.WRONG_USE)
    return Stop(f"{database} cannot be opened: {_first_line(reason)}", ExitCode.WRONG_USE)


def _first_line(reason: str) -> str:
    return reason.strip().splitlines()[0].rstrip(".") if reason.strip() else "no reason given"
