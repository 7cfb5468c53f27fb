"""Replacing the file of an earlier demo, and no other file."""

from dataclasses import astuple

import duckdb

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop


def remove_demo(target: Target, id_code: str) -> None:
    """Delete the DuckDB file of an earlier demo, or raise Stop if it is anything else.

    A demo's file holds the simulated workspace with this id code, and nothing that anybody has added.
    """
    if not target.database.exists():
        return
    with connect(target.database, read_only=True) as connection:
        what = _what_else(connection, target, id_code)
    if what:
        message = f"{target.database} holds {what}, and demo would delete it. Choose another --database, or remove it."
        raise Stop(message, ExitCode.WRONG_USE)
    target.database.unlink()
    target.database.with_name(target.database.name + ".wal").unlink(missing_ok=True)


def _what_else(connection: duckdb.DuckDBPyConnection, target: Target, id_code: str) -> str | None:
    raw = target.datasets.raw
    found = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() UNION ALL "
        "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    others = [
        f"{dataset}.{name}" for dataset, name in found if dataset not in {*astuple(target.datasets), f"{raw}_staging"}
    ]
    if others:
        return others[0]
    if not found:
        return None
    if (raw, "workspace") not in found:
        return "no demo"
    held = [row[0] for row in connection.execute(f"SELECT id_code FROM {raw}.workspace").fetchall()]  # noqa: S608 - our own table
    return None if held in ([], [id_code]) else f"workspace {held[0]}"
