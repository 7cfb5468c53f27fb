"""dlt's working folder: one for every process, private, and removed at the end of the run."""

import hashlib
import os
import shutil
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import uuid4

import dlt
from filelock import FileLock, Timeout

from pipelines.destination.failures.failure import is_of_path
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

NAME = "intercom-elt"
OWNER_ONLY = 0o700
_held: dict[Path, FileLock] = {}


def working_folder(key: str) -> Path:
    """Return dlt's working folder in this process for what `key` names."""
    return working_root() / f"{_digest(key)}-{_process()}"


def kept_file(key: str, name: str) -> Path:
    """Return the file beside the working folders that a process leaves for the next one, for what `key` names."""
    return working_root() / f"{_digest(key)}.{name}"


def _digest(key: str) -> str:
    return hashlib.sha256(os.fsencode(key)).hexdigest()[:16]


def working_root() -> Path:
    """Return the parent of this user's working folders, which must be private."""
    folder = Path(dlt.current.run_context().data_dir)
    usual = folder / NAME
    is_others = hasattr(os, "geteuid") and usual.exists() and usual.stat().st_uid != os.geteuid()
    return folder / f"{NAME}-{os.geteuid()}" if is_others else usual


def occupy(folder: Path) -> None:
    """Create dlt's working folder, and remove those of runs that were killed, because they may hold loaded rows.

    The kernel frees a lock when its holder dies, whichever container or user that was.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # another user's, with the mode of that user's umask
            folder.parent.chmod(OWNER_ONLY)
        shutil.rmtree(folder, ignore_errors=True)
        if folder not in _held:
            _held[folder] = FileLock(_lock_of(folder), mode=0o600)
            _held[folder].acquire(timeout=5)  # another process may just be looking if its holder is dead
        folder.mkdir(mode=OWNER_ONLY)
    except OSError as error:
        if not is_of_path(error):  # a full disk, for instance
            raise
        message = (
            f"dlt cannot work in {folder.parent} ({error.strerror}); set DLT_DATA_DIR to a folder that it may use."
        )
        raise Stop(message, ExitCode.WRONG_USE) from error
    _remove_abandoned(folder.parent)


def leave(folder: Path) -> None:
    """Remove dlt's working folder, with every load package in it."""
    shutil.rmtree(folder, ignore_errors=True)
    if lock := _held.pop(folder, None):
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def _remove_abandoned(parent: Path) -> None:
    for file in parent.glob("*.lock"):
        folder = file.with_suffix("")
        if folder in _held:
            continue
        with suppress(OSError, Timeout), FileLock(file, blocking=False):
            shutil.rmtree(folder, ignore_errors=True)
            file.unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


@cache
def _process() -> str:
    return f"{os.getpid()}-{uuid4().hex[:8]}"
