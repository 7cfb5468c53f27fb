"""What a role of PostgreSQL lacks, with the statement by which an administrator gives it."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.postgres.dlt_options import ENCODING
from pipelines.destination.postgres.hidden_rows import hiding
from pipelines.destination.postgres.publications import unidentified
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom import TABLES
from transforms.runner.build_plan import names_by_dataset
from transforms.runner.warehouse.quoting import identifier

OF_RUNS = ("sync_runs", "sync_resources", "audit_results")
OF_DLT = ("_dlt_loads", "_dlt_pipeline_state", "_dlt_version")
ONLY_ADDED_TO = {*OF_RUNS, *OF_DLT}  # no row of them is changed or deleted, so anybody may publish them as they are

MAY_CREATE_SCHEMAS = "SELECT current_user, current_database(), has_database_privilege(current_database(), 'CREATE')"
MAY_CREATE_IN = """
    SELECT has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE')
    FROM pg_namespace WHERE nspname = %s
"""
OF_OTHERS = """
    SELECT relname, pg_get_userbyid(relowner) FROM pg_class INNER JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE nspname = %s AND relname::text = ANY (%s) AND relkind IN ('r', 'p', 'v', 'm')
        AND NOT pg_has_role(relowner, 'USAGE')
    ORDER BY relname LIMIT 1
"""
# Its owner has them all, unless somebody has taken one away.
NOT_GRANTED = """
    SELECT c.relname, string_agg(privilege, ', ' ORDER BY position)
    FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN unnest(string_to_array(%s, ', ')) WITH ORDINALITY AS needed (privilege, position)
    WHERE n.nspname = %s AND c.relname::text = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm')
        AND NOT has_table_privilege(c.oid, privilege) AND (privilege = 'SELECT' OR c.relkind IN ('r', 'p'))
    GROUP BY c.relname ORDER BY c.relname LIMIT 1
"""
NEEDED = "SELECT, INSERT, UPDATE, DELETE"
ANY_TEXT = (ENCODING, "SQL_ASCII")  # which keeps the bytes that it gets: a server set up without a locale has it
READ_ONLY = "default_transaction_read_only"
ELSEWHERE = {  # as pg_settings calls where a setting comes from
    "client": "The credentials (options), or PGOPTIONS of the environment, say so",
    "command line": "The command that starts the server says so",
}
WRITABLE = """
    SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on', source,
        current_setting('server_encoding')
    FROM pg_settings WHERE name = 'default_transaction_read_only'
"""
LIMITS = """
    SELECT name, setting::bigint FROM pg_settings WHERE setting <> '0' AND name IN
        ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout') ORDER BY 1
"""
SHORTEST_LIMIT_MILLISECONDS = 60_000  # one statement of a large build or load takes minutes


def lacking(
    client: SqlClientBase[Any], target: Target, built: Mapping[str, Collection[str]] = MappingProxyType({})
) -> list[str]:
    """Return the rights that a role of PostgreSQL lacks to load, a line each, and to build models in further schemas.

    `built`: these schemas, each with the names of those tables and views of ours in it that count. What else is there
    belongs to others, and what they may do with it is theirs to say.
    """
    loaded = [*TABLES, *OF_RUNS, *OF_DLT]
    schemas = (target.datasets.raw, f"{target.datasets.raw}_staging", target.datasets.staging, target.datasets.marts)
    needed = {target.datasets.raw: loaded, f"{target.datasets.raw}_staging": loaded, **built}
    role, database, may_create = (client.execute_sql(MAY_CREATE_SCHEMAS) or [])[0]
    found = list(_never_written(client, role, database))
    for dataset, names in () if found else needed.items():
        usable = client.execute_sql(MAY_CREATE_IN, dataset)
        if not usable:
            if not may_create:
                found.append(
                    f"schema {dataset} is missing, and role {role} may not create it in database {database}. An "
                    f"administrator runs: CREATE SCHEMA {identifier(dataset)} AUTHORIZATION {identifier(role)};"
                )
        elif not usable[0][0]:
            found.append(
                f"role {role} may not create tables in schema {dataset}. An administrator runs: "
                f"GRANT USAGE, CREATE ON SCHEMA {identifier(dataset)} TO {identifier(role)};"
            )
        elif line := next(_of_tables(client, dataset, list(names), role), None):
            found.append(line)
        elif published := unidentified(client, dataset, [name for name in names if name not in ONLY_ADDED_TO], schemas):
            found.append(f"{published[0]}. The owner of the tables, or an administrator, runs: {published[1]}")
    return found


def cut_off(client: SqlClientBase[Any]) -> list[tuple[str, int]]:
    """Return the limits of time that PostgreSQL sets for the role, beside its rights: name and milliseconds."""
    return [(str(name), int(limit)) for name, limit in client.execute_sql(LIMITS) or ()]


def _allowed_to_write(source: str, role: str, database: str) -> str:
    """Return what lets a role write by the rights of PostgreSQL; `source`: what has made it read-only."""
    if source in ELSEWHERE:
        return f"{ELSEWHERE[source]}: take it out there"
    of_role, of_database = f"ROLE {identifier(role)}", f"DATABASE {identifier(database)}"
    whose = {"user": of_role, "database": of_database, "global": "ROLE ALL"}
    whose["database user"] = f"{of_role} IN {of_database}"
    if source not in whose:
        return f"An administrator runs: ALTER SYSTEM SET {READ_ONLY} = off; SELECT pg_reload_conf();"
    # The administrator may be among those who only read.
    return f"An administrator runs: BEGIN READ WRITE; ALTER {whose[source]} SET {READ_ONLY} = off; COMMIT;"


def _never_written(client: SqlClientBase[Any], role: str, database: str) -> Iterator[str]:
    """Yield why nobody, or at least this role by its rights in PostgreSQL, can write to the database."""
    is_standby, is_read_only, source, encoding = (client.execute_sql(WRITABLE) or [])[0]
    if is_standby:
        yield "the server is a standby (in recovery), and nobody can write to it: connect to the primary server"
    elif is_read_only:
        remedy = _allowed_to_write(source, role, database)
        yield f"role {role} may only read ({READ_ONLY} is on). {remedy}"
    elif encoding not in ANY_TEXT:
        yield (
            f"database {database} has the encoding {encoding}, in which not every text of Intercom's can be written, "
            f"and that of a database never changes. An administrator runs: CREATE DATABASE … ENCODING '{ENCODING}' "
            "TEMPLATE template0; then name it in the credentials"
        )


def _of_tables(client: SqlClientBase[Any], dataset: str, names: list[str], role: str) -> Iterator[str]:
    """Yield which rights on existing tables and views with these names the role lacks, the worst first."""
    if others := client.execute_sql(OF_OTHERS, dataset, names):
        table, owner = others[0]
        yield (
            f"{dataset}.{table} belongs to role {owner}, and only its owner may change it. An administrator runs: "
            f"GRANT {identifier(owner)} TO {identifier(role)};"
        )
    yield from _not_granted(client, dataset, names, role)
    if hidden := hiding(client, dataset, names, [*ONLY_ADDED_TO]):
        yield hidden


def _not_granted(client: SqlClientBase[Any], dataset: str, names: list[str], role: str) -> Iterator[str]:
    for table, privileges in client.execute_sql(NOT_GRANTED, NEEDED, dataset, names) or ():
        statement = f"GRANT {NEEDED} ON ALL TABLES IN SCHEMA {identifier(dataset)} TO {identifier(role)};"
        yield f"role {role} has no {privileges} on {dataset}.{table}. An administrator runs: {statement}"


def check_rights(target: Target, *, with_models: bool = False) -> None:
    """Raise Stop for what a whole run, or a build of models, would fail at in PostgreSQL for lack of rights.

    A run asks without models before it reads, and with them before it builds, when its rows are loaded. A single table
    of a model that belongs to another role is no reason: that model fails, and the others are built.
    """
    if target.destination != "postgres":
        return
    built = names_by_dataset(target.datasets) if with_models else {}
    with target.opened() as client:
        missing = lacking(client, target, dict.fromkeys(built, ()))
        hidden = (hiding(client, dataset, [*names], []) for dataset, names in built.items())
        if wrong := next(filter(None, chain(missing, hidden)), None):
            raise Stop(f"{target} cannot be written to: {wrong}", ExitCode.WRONG_USE)
