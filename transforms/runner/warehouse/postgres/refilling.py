"""Gives a table or view of PostgreSQL its new rows or query in place, so that what others have put on it stays.

A table is refilled, which no reader notices, and gets new columns there. Only a view whose columns change in a way that
PostgreSQL cannot apply is made anew. A column cannot be dropped while a view reads it: our own views read nothing until
they are rebuilt.
"""

from collections.abc import Mapping
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.postgres.catalog import columns_of
from transforms.runner.warehouse.quoting import identifier, string_literal

DEFINITIONS = "SELECT pg_get_viewdef(to_regclass(%s)) = pg_get_viewdef(to_regclass(%s))"


def refill_sql(client: SqlClientBase[Any], table: str, building: str) -> list[str]:
    """Return statements that keep PostgreSQL's table and give it columns and rows of the new one, which is dropped.

    Rows are deleted rather than truncated: readers meanwhile see the old ones, and do not wait.
    """
    new, old = columns_of(client, building), columns_of(client, table)
    return [
        f"DELETE FROM {table}",  # noqa: S608 - our own tables
        *_alter_sql(table, old, new),
        f"INSERT INTO {table} ({_list(new)}) SELECT {_list(new)} FROM {building}",  # noqa: S608 - our own tables
        f"DROP TABLE {building}",
    ]


def lost_columns(client: SqlClientBase[Any], table: str, building: str) -> set[str]:
    """Return the columns of the table to be kept that the new one lacks, or has with another type."""
    new, old = columns_of(client, building), columns_of(client, table)
    return {name for name in old if new.get(name) != old[name]}


def _alter_sql(table: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    changes = [f"DROP COLUMN {identifier(name)}" for name in old if name not in new]
    changes += [f"ADD COLUMN {identifier(name)} {kind}" for name, kind in new.items() if name not in old]
    changes += [
        f"ALTER COLUMN {identifier(name)} TYPE {kind} USING NULL"
        for name, kind in new.items()
        if name in old and old[name] != kind
    ]
    return [f"ALTER TABLE {table} {', '.join(changes)}"] if changes else []


def _list(columns: Mapping[str, str]) -> str:
    return ", ".join(map(identifier, columns))


def placeholder_view_sql(client: SqlClientBase[Any], view: str) -> str:
    """Return the statement that keeps a view of ours in PostgreSQL, reading nothing until it is built, and saying so.

    It has the columns that it had: what others have put on it stays.
    """
    columns = ", ".join(
        f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in columns_of(client, view).items()
    )
    advice = "run intercom-elt transform"
    fact = string_literal(f"{view} reads what has other columns now, and was not built since: {advice}")
    # Only a reader of the view evaluates this.
    return f"CREATE OR REPLACE VIEW {view} AS SELECT {columns} WHERE CAST(CAST({fact} AS TEXT) AS INTEGER) = 1"


def is_same_view(client: SqlClientBase[Any], view: str, building: str) -> bool:
    """Return True if PostgreSQL has parsed the same query for two views, so that the old one can be kept."""
    return bool((client.execute_sql(DEFINITIONS, view, building) or [[False]])[0][0])


def has_first_columns_of(client: SqlClientBase[Any], view: str, building: str) -> bool:
    """Return True if a new view can replace the kept one: it has the same columns first, and maybe more after them."""
    old, new = list(columns_of(client, view).items()), list(columns_of(client, building).items())
    return new[: len(old)] == old
