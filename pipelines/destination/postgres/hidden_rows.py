"""What others have put on a table of PostgreSQL by which rows are hidden, kept out or deleted without an error."""

from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.quoting import identifier

# A table's name, what is wrong, and the statement that helps; {} is the table. Everybody's rows are meant: those of
# ours would be loaded twice, be lost, or not be erased, and those of others go when we replace ours. Comments of a
# function do not return NULL; one that handles UPDATE alone has nothing to do here.
FOUND = """
    WITH ours AS (
        SELECT c.oid, relname, c.relname::text <> ALL (%s) AS is_replaced
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relname::text = ANY (%s) AND c.relkind IN ('r', 'p')
    ),
    everything AS (
        SELECT c.oid, c.relispartition, n.nspname || '.' || c.relname AS name,
            quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted
        FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    ),
    functions AS (SELECT oid, proname, regexp_replace(prosrc, '--[^\n]*|/[*].*?[*]/', '', 'g') AS body FROM pg_proc)
    SELECT relname, 'row-level security (' || coalesce((SELECT string_agg(polname, ', ') FROM pg_policy
        WHERE polrelid = ours.oid), 'without a policy') || ') hides rows of {} from role ' || current_user,
        'ALTER TABLE {} NO FORCE ROW LEVEL SECURITY'
    FROM ours WHERE row_security_active(ours.oid)
    UNION ALL
    SELECT relname, 'the rule ' || r.rulename || ' of {} takes the place of what is written to it',
        'DROP RULE ' || quote_ident(r.rulename) || ' ON {}'
    FROM ours INNER JOIN pg_rewrite AS r ON ours.oid = r.ev_class
    WHERE r.is_instead AND r.ev_type <> '1'
    UNION ALL
    SELECT relname, 'the trigger ' || t.tgname || ' of {} keeps rows out, or in, without an error: its function '
        || f.proname || ' returns NULL',
        'DROP TRIGGER ' || quote_ident(t.tgname) || ' ON {}'
    FROM ours INNER JOIN pg_trigger AS t ON ours.oid = t.tgrelid INNER JOIN functions AS f ON f.oid = t.tgfoid
    WHERE is_replaced AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
        AND t.tgtype & 3 = 3 AND t.tgtype & 12 <> 0 -- before each row that is inserted or deleted
        AND (f.body ~* '\\mreturn\\s+null\\M'
            OR (t.tgtype & 8 = 8 AND f.body ~* '\\mreturn\\s+new\\M' AND f.body !~* '\\mreturn\\M[^;]*\\mold\\M'))
    UNION ALL
    SELECT relname, 'the foreign key ' || k.conname || ' of ' || other.name || ' refers to {}, and changes '
        || other.name || ' whenever rows of it are deleted, as each load and build does',
        'ALTER TABLE ' || other.quoted || ' DROP CONSTRAINT ' || quote_ident(k.conname)
    FROM ours INNER JOIN pg_constraint AS k ON ours.oid = k.confrelid
    INNER JOIN everything AS other ON other.oid = k.conrelid
    WHERE is_replaced AND k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd') AND k.conparentid = 0
    UNION ALL
    SELECT relname, other.name || ' inherits from {}, and what is deleted there is deleted here, too',
        'ALTER TABLE ' || other.quoted || ' NO INHERIT {}'
    FROM ours INNER JOIN pg_inherits AS i ON ours.oid = i.inhparent
    INNER JOIN everything AS other ON other.oid = i.inhrelid
    WHERE is_replaced AND NOT other.relispartition
    ORDER BY 1, 2 LIMIT 1
"""


def hiding(client: SqlClientBase[Any], dataset: str, names: list[str], only_added_to: list[str]) -> str | None:
    """Return what hides, keeps out or deletes rows of these tables, and what an administrator runs; None if nothing.

    `only_added_to`: those of them of which no row is ever replaced or deleted.
    """
    for table, what, statement in client.execute_sql(FOUND, only_added_to, dataset, names) or ():
        full_name = f"{identifier(dataset)}.{identifier(table)}"
        said = what.replace("{}", f"{dataset}.{table}")
        return f"{said}. An administrator runs: {statement.replace('{}', full_name)};"
    return None
