"""Rewriting a DuckDB file, so that deleted and changed values are nowhere in its bytes."""

import shutil
import stat
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.file_owner import give_to_owner_of
from transforms.runner.warehouse.quoting import identifier, string_literal

COPY = ".rewriting"  # ends the name of the new file while it is written


def rewrite(database: Path) -> str | None:
    """Rewrite a DuckDB file as a copy of its content; readers have the old file until the copy is complete.

    DuckDB frees the blocks of deleted rows, but leaves their content until something overwrites it. Needs as much disk
    as the file itself; a copy that a killed run left behind is overwritten. Returns what to do if some people can no
    longer read the file, or None.
    """
    database = database.resolve()  # a link is kept; the file that it leads to is replaced
    partial = database.with_name(database.name + COPY)
    _remove(partial)
    try:
        with connect(database, read_only=False) as connection:
            lost = _write(connection, database, partial)
            partial.replace(database)
    except BaseException:
        _remove(partial)  # a full disk would stay full
        raise
    _wal(database).unlink(missing_ok=True)
    return lost


def _write(connection: duckdb.DuckDBPyConnection, database: Path, partial: Path) -> str | None:
    connection.execute("CHECKPOINT")
    held = str((connection.execute("SELECT current_database()").fetchone() or [""])[0])
    connection.execute(f"ATTACH {string_literal(str(partial))} AS {identifier(held + COPY)}")
    lost = _open_as(database, partial)
    _copy(connection, held, held + COPY)
    missing = _count_rows(connection, held) - _count_rows(connection, held + COPY)
    connection.execute(f"CHECKPOINT {identifier(held + COPY)}")
    connection.execute(f"DETACH {identifier(held + COPY)}")
    if missing:
        raise duckdb.IOException(f"the copy of {database} lacks {missing} rows; the file was left as it is")
    return lost


def _open_as(database: Path, partial: Path) -> str | None:
    """Give the rewritten file the original's owner, group and mode, or owner-only access if the group cannot be set.

    The mode follows, so that nobody else's group is let in meanwhile.
    """
    if not give_to_owner_of(database, partial):
        partial.chmod(database.stat().st_mode & stat.S_IRWXU)
        return f"{database} is its owner's only now: this user is not in its group. Share it with the group again."
    shutil.copymode(database, partial)
    return None


def _copy(connection: duckdb.DuckDBPyConnection, held: str, copy: str) -> None:
    """Copy everything when rewriting; tables that foreign keys refer to come first, unlike in DuckDB's own copies."""
    sql = """
        SELECT schema_name, table_name, referenced_table FROM duckdb_constraints()
        WHERE constraint_type = 'FOREIGN KEY' AND database_name = ?
    """
    referring = [
        ((schema, table), (schema, other)) for schema, table, other in connection.execute(sql, (held,)).fetchall()
    ]
    if not referring:
        connection.execute(f"COPY FROM DATABASE {identifier(held)} TO {identifier(copy)}")
        return
    connection.execute(f"COPY FROM DATABASE {identifier(held)} TO {identifier(copy)} (SCHEMA)")
    order = TopologicalSorter({name_of_table: set[tuple[str, str]]() for name_of_table in _tables(connection, held)})
    for table, other in referring:
        if table != other:
            order.add(table, other)
    for name_of_table in order.static_order():
        old, new = (".".join(map(identifier, (database, *name_of_table))) for database in (held, copy))
        connection.execute(f"INSERT INTO {new} SELECT * FROM {old}")  # noqa: S608 - from the catalog


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    sql = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ?"
    return connection.execute(sql, (database,)).fetchall()


def _count_rows(connection: duckdb.DuckDBPyConnection, database: str) -> int:
    names = (".".join(map(identifier, (database, *name_of_table))) for name_of_table in _tables(connection, database))
    counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in names]  # noqa: S608 - from the catalog
    return sum(count[0] for count in counts if count is not None)


def _remove(file: Path) -> None:
    for left in (file, _wal(file)):
        left.unlink(missing_ok=True)


def _wal(file: Path) -> Path:
    return file.with_name(file.name + ".wal")
