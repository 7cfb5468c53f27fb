"""What PostgreSQL knows of the raw tables when it plans: it looks at those that have changed, before a build."""

from collections.abc import Iterable
from contextlib import suppress

from dlt.destinations.exceptions import DatabaseException

from transforms.runner.dialects.dialect_names import POSTGRES
from transforms.runner.model_graph.model import Model, raw_tables
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames

SEEN_TABLES = """
    SELECT relname, n_mod_since_analyze = 0 FROM pg_stat_user_tables
    WHERE schemaname = %s AND coalesce(last_analyze, last_autoanalyze) IS NOT NULL
"""  # PostgreSQL has looked at them: since they changed, or before
MOST_ROWS = """
    SELECT coalesce(max(c.reltuples), 0) FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %s
"""
LARGE = 100_000  # rows, for which a model takes a second or more


def analyze_raw_tables(connection: Connection, names: FullNames, models: Iterable[Model]) -> None:
    """Let PostgreSQL look at the raw tables, as it does at each table that is built, and plan without nested loops.

    It knows nothing of a table that was just made until its own statistics run a minute later, and never when it is
    small: `build_clock` counts as two thousand rows then. And where several tables are cut down to the changed
    conversations, it expects a single row, and loops over it. Either way a join of a large workspace takes hours.
    """
    if connection.dialect != POSTGRES:
        return
    seen = {str(name): is_unchanged for name, is_unchanged in connection.rows(SEEN_TABLES, names.datasets.raw)}
    for name in raw_tables(models):
        if not seen.get(name):
            # Whoever waits for an autovacuum ends it unfinished: only a table that nobody has looked at is worth that.
            unless_held = "(SKIP_LOCKED) " if name in seen else ""
            with suppress(DatabaseException):  # the model that reads it says so
                connection.execute(f"ANALYZE {unless_held}{names.of_raw(name)}")


def has_large_tables(connection: Connection, names: FullNames) -> bool:
    """Return True if PostgreSQL has seen so many rows in a raw table that their models take their time."""
    return connection.dialect == POSTGRES and connection.rows(MOST_ROWS, names.datasets.raw)[0][0] >= LARGE
