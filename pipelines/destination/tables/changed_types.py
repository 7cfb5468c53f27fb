"""Columns of raw tables whose type others have changed: refused, because values would be loaded as something else."""

from types import MappingProxyType
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.catalog import is_of_dlt
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop

# What dlt makes of each of its types, first, and what holds every value of it as well, in the words of the catalog.
TYPES = MappingProxyType(
    {
        "duckdb": {
            "text": ("varchar",),
            "bigint": ("bigint", "hugeint"),
            "double": ("double",),
            "decimal": ("decimal(38,9)",),
            "bool": ("boolean",),
            "timestamp": ("timestamp with time zone",),
            "date": ("date",),
            "json": ("json",),
        },
        "postgres": {
            "text": ("character varying", "text"),
            "bigint": ("bigint", "numeric"),
            "double": ("double precision", "numeric"),
            "decimal": ("numeric(38,9)", "numeric"),
            "bool": ("boolean",),
            "timestamp": ("timestamp with time zone", "timestamp(6) with time zone"),
            "date": ("date",),
            "json": ("jsonb", "json"),
        },
    }
)
IN_DATABASE = MappingProxyType(
    {
        "duckdb": """
            SELECT table_name, column_name, lower(data_type) FROM duckdb_columns()
            WHERE schema_name = %s AND database_name = current_database()
        """,
        "postgres": """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
            FROM pg_attribute AS a INNER JOIN pg_class AS c ON c.oid = a.attrelid
            INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND a.attnum > 0
        """,
    }
)


def refuse_changed_types(client: SqlClientBase[Any], look: Inspection, target: Target) -> None:
    """Raise Stop for a column of another type than it was made with, on DuckDB and PostgreSQL."""
    if target.destination not in TYPES or not look.is_any_known:
        return
    types = TYPES[target.destination]
    rows = client.execute_sql(IN_DATABASE[target.destination], target.datasets.raw) or []
    now = {(str(table), str(column)): str(kind) for table, column, kind in rows}
    for name, known in look.known.items():
        for column, hint in () if is_of_dlt(name) else look.raw[name].items():
            made = known.get(column, {})
            # dlt makes some of its own columns of a size.
            fitting = () if made.get("precision") else types.get(made.get("data_type") or "", ())
            kind = now.get((name, str(hint["name"])))
            if fitting and kind is not None and kind not in fitting:
                # Dropped, it would be made anew, without what Intercom shows no more.
                what = f"{target.datasets.raw}.{name}.{column} was made as {fitting[0]} and is {kind} now"
                raise Stop(f"{what}. Change it back.", ExitCode.WRONG_USE)
