"""Tables, views and columns of others under the names of raw ones: refused, because a load would spoil them."""

from typing import Any

import dlt
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.postgres.rights import OF_RUNS
from pipelines.destination.tables.catalog import Catalog, is_of_dlt
from pipelines.destination.tables.changed_types import refuse_changed_types
from pipelines.destination.tables.inspection import Inspection, TablesColumns, missing_columns
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom import TABLES
from sources.intercom.rows.column_types import LOAD_ID

# whose information_schema is found without a prefix
WITH_INFORMATION_SCHEMA = ("duckdb", "ducklake", "motherduck", "postgres", "redshift")
DEFAULTS = """
    SELECT {} FROM information_schema.columns
    WHERE table_schema = %s AND table_name = %s AND column_name = %s
"""
# PostgreSQL has a generated or an identity column's default in a column of its own; Redshift lacks these two.
FILLED_IN_BY = {"postgres": "coalesce(column_default, generation_expression, identity_generation)"}


def refuse_what_is_others(look: Inspection, pipeline: dlt.Pipeline, target: Target) -> None:
    """Raise Stop if others have made a table or view with a raw table's name, or a column that holds values in one."""
    _refuse_strangers(look.raw, target)
    if target.destination in WITH_INFORMATION_SCHEMA:
        with pipeline.sql_client() as client:
            _refuse_views(client, target)
            refuse_changed_types(client, look, target)
    _refuse_columns(look, pipeline, target)


def _refuse_strangers(in_database: TablesColumns, target: Target) -> None:
    for name, columns in in_database.items():
        if columns and name in TABLES and LOAD_ID not in columns:
            message = f"{target.datasets.raw}.{name} was not made by intercom-elt, and stays as it is. "
            raise Stop(f"{message}Rename it, or choose another --dataset.", ExitCode.WRONG_USE)


def _refuse_views(client: SqlClientBase[Any], target: Target) -> None:
    """Raise Stop for a view that somebody has put in the place of a raw table, over all of its columns."""
    catalog, dataset = Catalog(client, target.destination), target.datasets.raw
    for name, is_view in catalog.listed(dataset, client.execute_sql(catalog.listing(dataset)) or []):
        if is_view and name in TABLES:
            message = f"{dataset}.{name} is a view, and rows are loaded into tables. Drop or rename it, and give the "
            message += "table its name back; one that is gone is made anew and read in full."
            raise Stop(message, ExitCode.WRONG_USE)


def _refuse_columns(look: Inspection, pipeline: dlt.Pipeline, target: Target) -> None:
    """Raise Stop for a column of others that holds values: a row that is loaded again would lose them."""
    for name, known in look.known.items():
        added = [column for column in look.raw[name] if column not in known]
        # The first releases loaded the run log, and dlt still knows it as it was then; now it grows by plain SQL.
        if is_of_dlt(name) or name in OF_RUNS or not added:
            continue
        for column in added:
            if _holds_something(pipeline, target, name, str(look.raw[name][column]["name"])):
                message = f"{target.datasets.raw}.{name} has the column {column}, which was not loaded; a row that "
                message += "changes in Intercom would lose it. "
                if lost := missing_columns(known, look.raw[name]):
                    # Views of ours read a column that was renamed, and keep it from being dropped.
                    message += f"If it is {' or '.join(lost)}, which the table lacks, rename it back; otherwise keep"
                else:
                    message += "Keep"
                raise Stop(f"{message} it in a table of your own and drop it here.", ExitCode.WRONG_USE)


def _holds_something(pipeline: dlt.Pipeline, target: Target, table: str, column: str) -> bool:
    """Return True if a column, by its name in the catalog, has values that the database does not fill in by itself."""
    with pipeline.sql_client() as client:
        name, quoted = client.make_qualified_table_name(table), client.escape_column_name(column, casefold=False)
        if not client.execute_sql(f"SELECT 1 FROM {name} WHERE {quoted} IS NOT NULL LIMIT 1"):  # noqa: S608 - from the catalog
            return False
        if target.destination not in WITH_INFORMATION_SCHEMA:
            return True
        path = client.make_qualified_table_name_path(table, quote=False)
        default = client.execute_sql(
            DEFAULTS.format(FILLED_IN_BY.get(target.destination, "column_default")), *path[-2:], column
        )
        return not default or default[0][0] is None
