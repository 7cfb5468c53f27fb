"""A file that only its owner can read, written whole or not at all."""

import os
from pathlib import Path

from pipelines.destination.failures.failure import is_of_place
from pipelines.stop import ExitCode, Stop


def write_privately(file: Path, text: str) -> int:
    """Write the text where only its owner can read it, whole or not at all; return its bytes."""
    partial = file.with_name(f"{file.name}.{os.getpid()}.writing")
    content = text.encode("utf-8", "replace")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123 - a descriptor
            opened.write(content)
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if not is_of_place(error):  # a full disk, for instance
            error.filename = str(file)
            raise
        raise Stop(f"{file} cannot be written: {error.strerror}.", ExitCode.WRONG_USE) from error
    return len(content)
