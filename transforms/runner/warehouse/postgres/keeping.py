"""Keeps what others have put on tables and views of PostgreSQL: privileges, indexes, triggers, views that read them.

A table is filled in place, which no reader notices, and gets new columns there. Only a view whose columns change in a
way that PostgreSQL cannot apply is made anew, and gets its privileges back. A column cannot be dropped while a view
reads it: our own views read nothing until they are rebuilt.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.quoting import identifier, string_literal
from transforms.runner.warehouse.relations import Location

COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), attgenerated <> '' FROM pg_attribute
    WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
IS_THERE = "SELECT relkind::text FROM pg_class WHERE oid = to_regclass(%s)"
DEFINITIONS = "SELECT pg_get_viewdef(to_regclass(%s)) = pg_get_viewdef(to_regclass(%s))"
# Column is null for privileges on the whole; grantee '' is PUBLIC.
GRANTS = """
    SELECT NULL AS column_name, coalesce(r.rolname, '') AS grantee, e.privilege_type, e.is_grantable
    FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS e LEFT JOIN pg_roles AS r ON r.oid = e.grantee
    WHERE c.oid = to_regclass(%s) AND e.grantee <> c.relowner
    UNION ALL
    SELECT a.attname, coalesce(r.rolname, ''), e.privilege_type, e.is_grantable
    FROM pg_attribute AS a CROSS JOIN LATERAL aclexplode(a.attacl) AS e LEFT JOIN pg_roles AS r ON r.oid = e.grantee
    WHERE a.attrelid = to_regclass(%s) AND NOT a.attisdropped
"""
READERS = """
    SELECT DISTINCT n.nspname, v.relname, coalesce(a.attname, '') FROM pg_depend AS d
    INNER JOIN pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
    INNER JOIN pg_class AS v ON v.oid = r.ev_class
    INNER JOIN pg_namespace AS n ON n.oid = v.relnamespace
    LEFT JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(%s) AND v.oid <> d.refobjid ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Grant:
    """A privilege to keep in PostgreSQL, on a table or view, or on one column of it."""

    column: str | None
    grantee: str
    privilege: str
    is_grantable: bool

    def grant_sql(self, relation: str) -> str:
        """Return PostgreSQL's statement that grants the kept privilege."""
        option = " WITH GRANT OPTION" if self.is_grantable else ""
        return f"GRANT {self._what} ON {relation} TO {self._whom}{option}"

    def revoke_sql(self, relation: str) -> str:
        """Return PostgreSQL's statement that revokes the privilege."""
        return f"REVOKE {self._what} ON {relation} FROM {self._whom}"

    @property
    def _what(self) -> str:
        return self.privilege if self.column is None else f"{self.privilege} ({identifier(self.column)})"

    @property
    def _whom(self) -> str:
        return identifier(self.grantee) if self.grantee else "PUBLIC"


def grants(client: SqlClientBase[Any], relation: str) -> list[Grant]:
    """Return the privileges to keep in PostgreSQL: those that somebody other than the owner has."""
    return [Grant(*row) for row in client.execute_sql(GRANTS, relation, relation) or ()]


def readers(client: SqlClientBase[Any], relation: str, columns: Collection[str] | None = None) -> list[Location]:
    """Return views that PostgreSQL has to keep: they read the relation, or these columns of it, and depend on them."""
    found = client.execute_sql(READERS, relation) or ()
    return list(
        dict.fromkeys((str(dataset), str(name)) for dataset, name, of in found if columns is None or of in columns)
    )


def placeholder_view_sql(client: SqlClientBase[Any], view: str) -> str:
    """Return the statement that keeps a view of ours in PostgreSQL, reading nothing until it is built, and saying so.

    It has the columns that it had: what others have put on it stays.
    """
    columns = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in _columns(client, view).items())
    advice = "run intercom-elt transform"
    fact = string_literal(f"{view} reads what has other columns now, and was not built since: {advice}")
    # Only a reader of the view evaluates this.
    return f"CREATE OR REPLACE VIEW {view} AS SELECT {columns} WHERE CAST(CAST({fact} AS TEXT) AS INTEGER) = 1"


def lost_columns(client: SqlClientBase[Any], table: str, building: str) -> set[str]:
    """Return the columns of the table to be kept that the new one lacks, or has with another type."""
    new, old = _columns(client, building), _columns(client, table)
    return {name for name in old if new.get(name) != old[name]}


def refill_sql(client: SqlClientBase[Any], table: str, building: str) -> list[str]:
    """Return statements that keep PostgreSQL's table and give it columns and rows of the new one, which is dropped.

    Rows are deleted rather than truncated: readers meanwhile see the old ones, and do not wait.
    """
    new, old = _columns(client, building), _columns(client, table)
    return [
        f"DELETE FROM {table}",  # noqa: S608 - our own tables
        *_alter_sql(table, old, new),
        f"INSERT INTO {table} ({_list(new)}) SELECT {_list(new)} FROM {building}",  # noqa: S608 - our own tables
        f"DROP TABLE {building}",
    ]


def is_there(client: SqlClientBase[Any], relation: str) -> bool:
    """Return True if there is a table or view of this name in PostgreSQL, on which there may be something to keep."""
    return bool(client.execute_sql(IS_THERE, relation))


def is_same_view(client: SqlClientBase[Any], view: str, building: str) -> bool:
    """Return True if PostgreSQL has parsed the same query for two views, so that the old one can be kept."""
    return bool((client.execute_sql(DEFINITIONS, view, building) or [[False]])[0][0])


def has_first_columns_of(client: SqlClientBase[Any], view: str, building: str) -> bool:
    """Return True if a new view can replace the kept one: it has the same columns first, and maybe more after them."""
    old, new = list(_columns(client, view).items()), list(_columns(client, building).items())
    return new[: len(old)] == old


def restore_grants(client: SqlClientBase[Any], relation: str, before: Sequence[Grant]) -> None:
    """Give PostgreSQL's new relation exactly the privileges kept from the one before."""
    columns, now = _columns(client, relation), grants(client, relation)
    for grant in now:
        if grant not in before:
            client.execute_sql(grant.revoke_sql(relation))
    for grant in before:
        if grant not in now and (grant.column is None or grant.column in columns):
            client.execute_sql(grant.grant_sql(relation))


def _alter_sql(table: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    changes = [f"DROP COLUMN {identifier(name)}" for name in old if name not in new]
    changes += [f"ADD COLUMN {identifier(name)} {kind}" for name, kind in new.items() if name not in old]
    changes += [
        f"ALTER COLUMN {identifier(name)} TYPE {kind} USING NULL"
        for name, kind in new.items()
        if name in old and old[name] != kind
    ]
    return [f"ALTER TABLE {table} {', '.join(changes)}"] if changes else []


def _columns(client: SqlClientBase[Any], relation: str) -> dict[str, str]:
    """Return name -> type of a PostgreSQL table to be kept, without columns that the database computes."""
    return {
        str(name): str(kind)
        for name, kind, is_generated in client.execute_sql(COLUMNS, relation) or ()
        if not is_generated
    }


def _list(columns: Mapping[str, str]) -> str:
    return ", ".join(map(identifier, columns))
