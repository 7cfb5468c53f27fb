"""Writing output files that the user names: completely or not at all, and never over a database."""

import os
from pathlib import Path

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
    """Write a private file, readable by its owner only, completely or not at all; return the number of bytes.

    A link is followed. A device or a pipe is written to, not replaced, and so is the target of /dev/stdout.
    """
    check_output(file)
    content = text.encode("utf-8", "replace")
    try:
        if str(file).startswith(OF_THE_PROCESS) or (file.exists() and not file.is_file()):
            with file.open("ab") as opened:
                opened.write(content)
        else:
            _replace(file.resolve(), content)
    except OSError as error:
        if not is_of_path(error):  # a full disk, for instance
            error.filename = str(file)
            raise
        raise Stop(f"{file} cannot be written: {error.strerror}.", ExitCode.WRONG_USE) from error
    return len(content)


def _replace(file: Path, content: bytes) -> None:
    partial = file.with_name(f"{file.name}.{os.getpid()}.writing")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123 - a descriptor
            opened.write(content)
        partial.replace(file)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
