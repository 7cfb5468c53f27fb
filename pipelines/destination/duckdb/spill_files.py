"""Files into which DuckDB has spilled what did not fit into memory, left behind by killed processes."""

from contextlib import suppress
from pathlib import Path

FOLDER = ".tmp"  # the ending of the folder's name, after the database's name
FILES = "duckdb_temp_*"


def remove_spilled(database: Path) -> None:
    """Delete DuckDB's spill files next to the database: they hold rows of people, and those of a killed process stay.

    Call only while holding the database open for writing: no other process can be using them then.
    """
    for file in {database, database.resolve()}:
        folder = file.with_name(file.name + FOLDER)
        with suppress(OSError):  # there is none, or it is somebody else's
            for spilled in folder.glob(FILES):
                spilled.unlink(missing_ok=True)
            folder.rmdir()
