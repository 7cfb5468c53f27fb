"""Whether the disks that a run writes to have room: a file system without any lets itself be opened all the same."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from dlt.common.configuration.providers.toml import TomlProviderReadException

from pipelines.destination.failures.failure import is_of_path
from pipelines.destination.target import Target
from pipelines.destination.working_folder import working_root

LEAST_BYTES = 1_000_000  # no load writes less


def lacking_room(target: Target) -> Iterator[OSError]:
    """Yield the failure to write to each folder of the target, and to dlt's, whose disk (or quota) has no room.

    What else is wrong with a folder shows where it is used.
    """
    folders = []
    with suppress(TomlProviderReadException):  # told as what is wrong with all settings
        folders.append(working_root())
    if target.is_duckdb:
        folders.append(Path(os.path.realpath(target.database)).parent)  # also of a link that leads to itself
    for folder in folders:
        try:
            _write(folder)
        except OSError as error:
            if not is_of_path(error):
                error.filename = str(folder)
                yield error


def _write(folder: Path) -> None:
    """Write a file to the disk of a folder that may not be there yet; it has no name, and is gone at once."""
    present = next(each for each in (folder, *folder.parents) if each.is_dir())
    with TemporaryFile(dir=present) as file:
        file.write(bytes(LEAST_BYTES))
