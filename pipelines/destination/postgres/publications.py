"""Tables of ours that somebody publishes for logical replication: PostgreSQL refuses to delete a row it cannot name."""

from collections.abc import Collection
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.quoting import string_literal

# A replica identity is a primary key, which no table of ours has, an index that somebody chose, or the whole row.
WITHOUT_IDENTITY = """
    FROM pg_publication_tables AS t INNER JOIN pg_publication AS p ON p.pubname = t.pubname
    INNER JOIN pg_namespace AS n ON n.nspname = t.schemaname
    INNER JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.tablename
    WHERE (p.pubdelete OR p.pubupdate) AND c.relkind = 'r' AND c.relreplident <> 'f' AND NOT EXISTS (
        SELECT 1 FROM pg_index AS i WHERE i.indrelid = c.oid
            AND (i.indisreplident OR (c.relreplident = 'd' AND i.indisprimary))
    )
"""
UNIDENTIFIED = f"""
    SELECT t.schemaname, t.tablename, string_agg(DISTINCT t.pubname, ', ' ORDER BY t.pubname), current_user
    {WITHOUT_IDENTITY} AND t.schemaname = %s AND t.tablename::text = ANY (%s)
    GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1
"""
# Whoever runs it: only what the loading role can own. An analyst's table in there is the analyst's to decide about.
IDENTIFY = (
    "DO $$ DECLARE t text; BEGIN FOR t IN SELECT DISTINCT format('%I.%I', t.schemaname, t.tablename) "
    f"{' '.join(WITHOUT_IDENTITY.split())} AND t.schemaname IN ({{schemas}}) "
    "AND pg_has_role({role}, c.relowner, 'USAGE') "
    "LOOP EXECUTE 'ALTER TABLE ' || t || ' REPLICA IDENTITY FULL'; END LOOP; END $$;"
)


def unidentified(
    client: SqlClientBase[Any], dataset: str, names: list[str], datasets: Collection[str]
) -> tuple[str, str] | None:
    """Return why rows of one of these tables cannot be deleted, because it is published; None if all can be.

    The second text is a statement that ends it for all tables of ours in `datasets`, as a publication mostly has more
    than one.
    """
    found = client.execute_sql(UNIDENTIFIED, dataset, names)
    if not found:
        return None
    ((schema, table, publications, role),) = found
    return (
        f"{schema}.{table} is published ({publications}) without a replica identity, and PostgreSQL deletes no row of "
        "it then",
        IDENTIFY.format(schemas=", ".join(map(string_literal, datasets)), role=string_literal(role)),
    )
