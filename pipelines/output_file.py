"""Writing output files that the user names: completely or not at all, and never over a database."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from pipelines.destination.duckdb.database_file import is_duckdb
from pipelines.destination.failures.failure import is_of_path
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

OF_THE_PROCESS = ("/dev/std", "/dev/fd/", "/proc/")  # which lead to what it has open


def check_output(file: Path) -> None:
    """Raise Stop for an output file that must not be overwritten, because it may be a database."""
    if file.is_file() and is_duckdb(file):
        raise Stop(f"{file} is a DuckDB database; choose another --output.", ExitCode.WRONG_USE)


def write_privately(file: Path, text: str) -> int:
    """Write a private file, readable by its owner only, completely or not at all; return the number of bytes."""
    check_output(file)
    content = text.encode("utf-8", "replace")
    try:
        with replacing(file, mode=0o600) as place, place.open("ab") as opened:
            opened.write(content)
    except OSError as error:
        if not is_of_path(error):  # a full disk, for instance
            error.filename = str(file)
            raise
        raise Stop(f"{file} cannot be written: {error.strerror}.", ExitCode.WRONG_USE) from error
    return len(content)


def is_written_through(file: Path) -> bool:
    """Return True of an output file that is none: a device, a pipe, or what the process has open."""
    return str(file).startswith(OF_THE_PROCESS) or (file.exists() and not file.is_file())


@contextmanager
def replacing(file: Path, mode: int | None = None) -> Iterator[Path]:
    """Yield the empty file to write instead of an output file, whose place it takes once the block has ended well.

    A link is followed. A device or a pipe is written to, not replaced, and so is the target of /dev/stdout. The file's
    mode is kept unless one is given.
    """
    if is_written_through(file):
        yield file
        return
    whole = file.resolve()
    partial = _empty_file_beside(whole, mode)
    try:
        yield partial
        _take_place_of(whole, partial)
    except OSError as error:
        if error.filename == str(partial):
            error.filename = str(file)
        raise
    finally:
        partial.unlink(missing_ok=True)


def _empty_file_beside(whole: Path, mode: int | None) -> Path:
    """Make the file that is to take the place of the whole one, under a name that nothing has."""
    partial = whole.with_name(f".{token_hex(8)}.writing")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode))
    except OSError as error:
        error.filename = str(whole)
        raise
    if mode is None and whole.exists():
        partial.chmod(stat.S_IMODE(whole.stat().st_mode))
    return partial


def _take_place_of(whole: Path, partial: Path) -> None:
    try:
        partial.replace(whole)
    except OSError as error:
        if error.errno != errno.EBUSY:  # of a file that is mounted by itself, into a container for instance
            raise
        shutil.copyfile(partial, whole)
