"""One run at a time on one target."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from pipelines.destination.target import Target
from pipelines.stop import ExitCode, Stop


@contextmanager
def only_run(target: Target) -> Iterator[None]:
    """Hold the target's lock, or raise Stop naming the process that holds it.

    The kernel releases the lock when its holder dies, so a killed run leaves nothing to clean up.
    """
    folder = target.folder.parent
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / f"{target.folder.name}.pid"
    lock = FileLock(folder / f"{target.folder.name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        pid = holder.read_text().strip() if holder.exists() else "unknown"
        message = f"Another run is going on for {target} (process {pid}); wait until it has ended."
        raise Stop(message, ExitCode.FAILED) from error
    try:
        holder.write_text(str(os.getpid()))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
