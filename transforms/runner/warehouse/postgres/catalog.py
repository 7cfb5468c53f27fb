"""What PostgreSQL's catalog says of a table or view: whether it is there, its columns, and the views that read it."""

from collections.abc import Collection
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.inventory.relations import Location

COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), attgenerated <> '' FROM pg_attribute
    WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
IS_THERE = "SELECT relkind::text FROM pg_class WHERE oid = to_regclass(%s)"
READERS = """
    SELECT DISTINCT n.nspname, v.relname, coalesce(a.attname, '') FROM pg_depend AS d
    INNER JOIN pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
    INNER JOIN pg_class AS v ON v.oid = r.ev_class
    INNER JOIN pg_namespace AS n ON n.oid = v.relnamespace
    LEFT JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(%s) AND v.oid <> d.refobjid ORDER BY 1, 2
"""
COMMENTS = """
    SELECT coalesce(a.attname, ''), d.description FROM pg_description AS d
    LEFT JOIN pg_attribute AS a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
    WHERE d.classoid = 'pg_class'::regclass AND d.objoid = to_regclass(%s)
"""


def is_there(client: SqlClientBase[Any], relation: str) -> bool:
    """Return True if there is a table or view of this name in PostgreSQL, on which there may be something to keep."""
    return bool(client.execute_sql(IS_THERE, relation))


def columns_of(client: SqlClientBase[Any], relation: str) -> dict[str, str]:
    """Return name -> type of the columns of a table or view in PostgreSQL, without those that the database computes."""
    return {
        str(name): str(kind)
        for name, kind, is_generated in client.execute_sql(COLUMNS, relation) or ()
        if not is_generated
    }


def comments_of(client: SqlClientBase[Any], relation: str) -> dict[str, str]:
    """Return column -> comment of a table or view in PostgreSQL; '' has the comment on the whole."""
    return {str(column): str(text) for column, text in client.execute_sql(COMMENTS, relation) or ()}


def readers(client: SqlClientBase[Any], relation: str, columns: Collection[str] | None = None) -> list[Location]:
    """Return views that PostgreSQL has to keep: they read the relation, or these columns of it, and depend on them."""
    found = client.execute_sql(READERS, relation) or ()
    return list(
        dict.fromkeys((str(dataset), str(name)) for dataset, name, of in found if columns is None or of in columns)
    )
