"""Privileges that others have on tables and views of PostgreSQL: kept where one of these is made anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.postgres.catalog import columns_of
from transforms.runner.warehouse.quoting import identifier

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


def restore_grants(client: SqlClientBase[Any], relation: str, before: Sequence[Grant]) -> None:
    """Give PostgreSQL's new relation exactly the privileges kept from the one before."""
    columns, now = columns_of(client, relation), grants(client, relation)
    for grant in now:
        if grant not in before:
            client.execute_sql(grant.revoke_sql(relation))
    for grant in before:
        if grant not in now and (grant.column is None or grant.column in columns):
            client.execute_sql(grant.grant_sql(relation))
