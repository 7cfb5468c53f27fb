"""Replacing the file of an earlier demo, and no other file."""

from collections.abc import Collection

import duckdb

from pipelines.destination.duckdb.opening import connect
from pipelines.destination.tables.catalog import is_of_dlt
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from transforms.runner.build_plan import names_by_dataset
from transforms.runner.warehouse.inventory.built_models import BUILT_MODELS
from transforms.runner.warehouse.table_swap import BUILDING

RELATIONS = """
    SELECT schema_name, table_name FROM duckdb_tables()
    UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal
    ORDER BY ALL
"""


def remove_demo(target: Target, id_code: str, raw_tables: Collection[str]) -> None:
    """Delete the DuckDB file of an earlier demo, or raise Stop if it is anything else.

    A demo's file holds the simulated workspace with this id code in these raw tables, what builds have made of it, and
    nothing that anybody has added.
    """
    if not target.database.exists():
        return
    with connect(target.database, read_only=True) as connection:
        what = _what_else(connection, target, id_code, raw_tables)
    if what:
        message = f"{target.database} holds {what}, and demo would delete it. Choose another --database, or remove it."
        raise Stop(message, ExitCode.WRONG_USE)
    target.database.unlink()
    target.database.with_name(target.database.name + ".wal").unlink(missing_ok=True)


def _what_else(
    connection: duckdb.DuckDBPyConnection, target: Target, id_code: str, raw_tables: Collection[str]
) -> str | None:
    raw, staging = target.datasets.raw, target.datasets.staging
    found = connection.execute(RELATIONS).fetchall()
    recorded = _column(connection, f"{staging}.{BUILT_MODELS}.name") if (staging, BUILT_MODELS) in found else []
    # Also of a build that was killed: what is built is recorded at its end.
    built = {dataset: names.union(recorded) for dataset, names in names_by_dataset(target.datasets).items()}
    others = [
        f"{dataset}.{name}"
        for dataset, name in found
        if not (dataset in {raw, f"{raw}_staging"} and (name in raw_tables or is_of_dlt(name)))
        and name.removesuffix(BUILDING) not in built.get(dataset, ())
    ]
    if others:
        return others[0]
    if not found:
        return None
    if (raw, "workspace") not in found:
        return "no demo"
    held = _column(connection, f"{raw}.workspace.id_code")
    return None if held in ([], [id_code]) else f"workspace {held[0]}"


def _column(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    table, _, name = column.rpartition(".")
    return [value for (value,) in connection.execute(f"SELECT {name} FROM {table}").fetchall()]  # noqa: S608 - our own names
