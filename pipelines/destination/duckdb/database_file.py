"""Whether a path can hold a DuckDB file, and whether it does, without opening it.

DuckDB itself would download an extension to read a SQLite file, and would wait for ever at a pipe.
"""

from pathlib import Path

MAGIC, MAGIC_AT = b"DUCK", 8  # as DuckDB's own "Storage Versions and Format" has it


def no_place_for(database: Path) -> str | None:
    """Return why no DuckDB database file can be created at this path, or None if it can."""
    folder = database.parent
    try:
        database.resolve(strict=False)
    except (RuntimeError, OSError) as error:  # a link that leads to itself
        return f"{database} leads nowhere ({error}); choose another --database."
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file; choose a folder for --database."
    if not folder.is_dir():
        return f"The folder {folder} does not exist; create it first."
    if database.is_dir():
        return f"{database} is a folder; name a file in it."
    if database.exists() and not database.is_file():
        return f"{database} is no ordinary file; choose another --database."
    return None


def not_duckdb(file: Path) -> str | None:
    """Return what a file is instead of a DuckDB database, in words that follow its name; None if it is one.

    A file that may not be read is left to DuckDB, which reports it.
    """
    begin = _beginning(file)
    if begin is None or _is_of_duckdb(begin):
        return None
    if not begin:
        return "is empty; remove it, or choose another --database"
    return "is not a DuckDB file; choose another --database"


def is_duckdb(file: Path) -> bool:
    """Return True if the file there is a DuckDB database."""
    return _is_of_duckdb(_beginning(file) or b"")


def _beginning(file: Path) -> bytes | None:
    """Return the first bytes of a database file, as many as it takes to know its kind; None if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(MAGIC_AT + len(MAGIC))
    except OSError:
        return None


def _is_of_duckdb(begin: bytes) -> bool:
    return begin[MAGIC_AT:] == MAGIC
