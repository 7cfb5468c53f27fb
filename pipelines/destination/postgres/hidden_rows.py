"""What others have put on a table of PostgreSQL by which rows are hidden, kept out or deleted without an error."""

from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.quoting import identifier

# A table's name, what is wrong, and the statement that helps; {} is the table. Everybody's rows are meant: those of
# ours would be loaded twice, be lost, or not be erased, and those of others go when we replace ours.
FOUND = """
    WITH ours AS (
        SELECT c.oid, relname FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relname::text = ANY (%s) AND c.relkind IN ('r', 'p')
    )
    SELECT relname, 'row-level security (' || coalesce((SELECT string_agg(polname, ', ') FROM pg_policy
        WHERE polrelid = oid), 'without a policy') || ') hides rows of {} from role ' || current_user,
        'ALTER TABLE {} NO FORCE ROW LEVEL SECURITY'
    FROM ours WHERE row_security_active(oid)
    UNION ALL
    SELECT relname, 'the rule ' || r.rulename || ' of {} takes the place of what is written to it',
        'DROP RULE ' || quote_ident(r.rulename) || ' ON {}'
    FROM ours INNER JOIN pg_rewrite AS r ON ours.oid = r.ev_class
    WHERE r.is_instead AND r.ev_type <> '1'
    UNION ALL
    SELECT relname, 'the trigger ' || t.tgname || ' of {} keeps rows out, or in, without an error: its function '
        || p.proname || ' returns NULL',
        'DROP TRIGGER ' || quote_ident(t.tgname) || ' ON {}'
    FROM ours INNER JOIN pg_trigger AS t ON ours.oid = t.tgrelid INNER JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 3 = 3 -- before each row
        AND (p.prosrc ~* '\\mreturn\\s+null\\M'
            OR (t.tgtype & 8 = 8 AND p.prosrc ~* '\\mreturn\\s+new\\M' AND p.prosrc !~* '\\mreturn\\s+old\\M'))
    UNION ALL
    SELECT relname, 'the foreign key ' || k.conname || ' of ' || k.conrelid::regclass || ' refers to {}, and changes '
        || k.conrelid::regclass || ' whenever rows of it are deleted, as each load and build does',
        'ALTER TABLE ' || k.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(k.conname)
    FROM ours INNER JOIN pg_constraint AS k ON ours.oid = k.confrelid
    WHERE k.contype = 'f' AND k.confdeltype IN ('c', 'n', 'd') AND k.conparentid = 0
    UNION ALL
    SELECT ours.relname, i.inhrelid::regclass || ' inherits from {}, and what is deleted there is deleted here, too',
        'ALTER TABLE ' || i.inhrelid::regclass || ' NO INHERIT {}'
    FROM ours INNER JOIN pg_inherits AS i ON ours.oid = i.inhparent INNER JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE NOT c.relispartition
    ORDER BY 1, 2 LIMIT 1
"""


def hiding(client: SqlClientBase[Any], dataset: str, names: list[str]) -> str | None:
    """Return what hides, keeps out or deletes rows of these tables, and what an administrator runs; None if nothing."""
    for table, what, statement in client.execute_sql(FOUND, dataset, names) or ():
        full_name = f"{identifier(dataset)}.{identifier(table)}"
        said = what.replace("{}", f"{dataset}.{table}")
        return f"{said}. An administrator runs: {statement.replace('{}', full_name)};"
    return None
