"""Waiting for others on PostgreSQL: briefly each time, so that nobody waits behind us, and not for ever."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import stamina
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

# Whoever wants to read meanwhile waits behind us. Autovacuum gives way to whoever has waited for a second.
LONGEST_WAIT = "1200ms"
PATIENCE_SECONDS = 30.0
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code for a lock_timeout that has passed
HOLDERS = """
    SELECT DISTINCT n.nspname || '.' || c.relname, a.pid, a.usename, a.backend_type, a.application_name, a.state,
        coalesce(a.xact_start, p.prepared)::timestamptz(0)::text, p.gid
    FROM pg_locks AS l
    LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
    LEFT JOIN pg_locks AS own ON l.pid IS NULL AND own.pid IS NULL AND own.virtualtransaction = l.virtualtransaction
        AND own.locktype = 'transactionid'
    LEFT JOIN pg_prepared_xacts AS p ON p.transaction = own.transactionid
    INNER JOIN pg_class AS c ON c.oid = l.relation
    INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
        AND coalesce(a.pid::text, p.gid) IS NOT NULL
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND {which}
    ORDER BY 1, 2
"""
OF_TABLE = HOLDERS.format(which="n.nspname = %s AND c.relname = %s")
# Whoever reads waits for such alone, in whichever schema: own models read others', too.
HELD_ALONE = HOLDERS.format(which="n.nspname !~ '^pg_' AND c.relkind <> 'i' AND l.mode = 'AccessExclusiveLock'")
TO_END = "End it there, or with: SELECT pg_terminate_backend(PID)"


class Blocked(Exception):
    """A lock that was not granted; the message says who holds it."""


def is_lock_timeout(error: BaseException | None) -> bool:
    """Return True if the error comes from a lock that was not granted."""
    while error is not None:
        if getattr(error, "pgcode", None) == LOCK_NOT_AVAILABLE:
            return True
        wrapped = getattr(error, "dbapi_exception", None)
        error = wrapped if isinstance(wrapped, BaseException) else error.__cause__ or error.__context__
    return False


def attempts(seconds: float) -> Iterator[stamina.Attempt]:
    """Yield attempts at something that waits for a lock; the last one raises.

    The seconds count from the first refusal: what takes longer than them before it needs the lock is tried again, too.
    """
    refusals: list[float] = []

    def is_worth_another(error: Exception) -> bool:
        if not is_lock_timeout(error):
            return False
        refusals.append(time.monotonic())
        return refusals[-1] - refusals[0] < seconds

    yield from stamina.retry_context(
        on=is_worth_another, attempts=None, timeout=None, wait_initial=0.2, wait_max=3.0, wait_jitter=0.2
    )


@contextmanager
def naming_holders(client: SqlClientBase[Any], dataset: str, name: str) -> Iterator[None]:
    """Name the holders when a lock on a table or view was not granted, or on one that it may be made of.

    A check is in no dataset.
    """
    try:
        yield
    except DatabaseException as error:
        if not is_lock_timeout(error):
            raise
        raise Blocked(_what_is_held(client, dataset, name)) from error


def _what_is_held(client: SqlClientBase[Any], dataset: str, name: str) -> str:
    """Return which lock was waited for, and who holds it, as a person would look for them."""
    full_name = f"{dataset}.{name}" if dataset else name
    if found := client.execute_sql(OF_TABLE, dataset, name):
        return f"{full_name} is held by {'; '.join(_holder(*row) for _, *row in found)}{_to_end(found)}"
    if found := client.execute_sql(HELD_ALONE):
        held = "; ".join(f"{table} by {_holder(*row)}" for table, *row in found)
        return f"{full_name} may need what others hold: {held}{_to_end(found)}"
    return f"{full_name}, or what it reads, was held by a connection that has let it go by now; run again"


def _to_end(found: Sequence[Sequence[Any]]) -> str:
    return f". {TO_END}" if any(pid is not None for _, pid, *_ in found) else ""


def _holder(
    pid: int | None, user: str | None, kind: str | None, application: str, state: str, since: str, prepared: str | None
) -> str:
    if pid is None:
        return f"the prepared transaction {prepared} since {since}, which ROLLBACK PREPARED or COMMIT PREPARED ends"
    return (
        (f"connection {pid} of {user}" if user else f"PostgreSQL's {kind or 'autovacuum'}, process {pid}")
        + (f" ({application})" if application else "")
        + (f", {state}" if state else "")
        + (f" since {since}" if since else "")
    )
