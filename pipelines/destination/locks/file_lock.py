"""A lock in a file next to the data, for every process on the same volume."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.destination.failures.failure import is_of_path
from pipelines.destination.file_owner import give_to_owner_of
from pipelines.destination.locks.holder import Holder, Occupied
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

ENDING = ".lock"
OWNER_ONLY, WITH_GROUP, WITHOUT_GROUP = 0o600, 0o666, 0o606


class LocalLock:
    """The lock in one file. The kernel frees it when its holder dies, so a killed run leaves nothing to clean up."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = data.with_name(data.name + ENDING)

    @contextmanager
    def held(self) -> Iterator["LocalLock"]:
        """Hold the lock in the file, or raise Occupied; whoever may write the data may lock it."""
        lock = FileLock(self._file, mode=OWNER_ONLY)
        try:
            lock.acquire(blocking=False)
            self._share()
            self._file.write_text(str(Holder()), encoding="utf-8")
        except Timeout as error:
            raise Occupied(self.last_holder()) from error
        except OSError as error:
            if not is_of_path(error):  # a full disk, for instance
                raise
            raise self._unwritten(error) from error
        try:
            yield self
        finally:
            if self._data.exists():
                self._share()
            else:
                self._file.unlink(missing_ok=True)
            lock.release()

    def _share(self) -> None:
        """Let everybody who may write the data lock it: the first run has made the lock's file before them."""
        with suppress(OSError):  # there is no data yet, or the lock is another user's, who has done so
            has_its_group = give_to_owner_of(self._data, self._file)
            shared = WITH_GROUP if has_its_group else WITHOUT_GROUP
            self._file.chmod((self._data.stat().st_mode & shared) | OWNER_ONLY)

    def _unwritten(self, error: OSError) -> Stop:
        message = f"{self._file} cannot be written ({error.strerror}), which keeps a second run away from the data."
        if isinstance(error, PermissionError):
            advice = "Run as the user who owns the folder"
        elif os.path.lexists(self._file) and error.errno != errno.EROFS:
            advice = "Remove it"
        else:
            advice = "Choose a --database beside which files can be written"
        return Stop(f"{message} {advice}.", ExitCode.WRONG_USE)

    def confirm(self) -> None:
        """Nothing to do: the kernel never releases a living process's lock on a file."""

    def last_holder(self) -> str:
        """Return who wrote into the lock's file last: its holder, if it has one."""
        try:
            return self._file.read_text(encoding="utf-8").strip() or "a process that has just begun"
        except OSError:
            return "a process of another user"


def run_of_process(data: Path, process: str) -> str | None:
    """Return who holds the lock beside the data if it is the process of this number, which has the data open.

    The lock is not touched. Its file may be of an earlier run; that of another process is no sign of one now.
    """
    found = LocalLock(data.resolve()).last_holder()
    return found if found.startswith(f"process {process} ") else None
