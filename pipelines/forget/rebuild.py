"""Removes what was erased from the raw tables from everything made of them: models, and dlt's own tables."""

from dataclasses import replace
from functools import partial
from typing import Any

import dlt
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.tables.references import references
from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.run.build_models import build_models
from pipelines.stop import Stop
from sources.intercom import TABLES
from transforms import BuildOptions, BuildReport, BuiltTables, ModelResult, Settings
from transforms.runner.dialects.dialect_names import sql_dialect

# Materialized views of PostgreSQL that read ours, also through other views: they keep the rows that they have.
COPIES = """
    WITH RECURSIVE reading AS (
        SELECT c.oid, false AS is_copy FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname IN (%s, %s, %s) AND c.relkind IN ('r', 'p', 'v')
        UNION
        SELECT v.oid, v.relkind = 'm' FROM reading
        INNER JOIN pg_depend AS d ON d.refobjid = reading.oid AND d.classid = 'pg_rewrite'::regclass
        INNER JOIN pg_rewrite AS r ON r.oid = d.objid INNER JOIN pg_class AS v ON v.oid = r.ev_class
    )
    SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM reading INNER JOIN pg_class AS c ON c.oid = reading.oid INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE is_copy ORDER BY 1
"""


def rebuild(pipeline: dlt.Pipeline, target: Target, display: Display, settings: Settings | None) -> BuildReport | None:
    """Rebuild the models and empty dlt's merge tables; None if there are no models.

    Model tables are emptied first, so that a model that fails to build keeps no old rows. If a file of the user's own
    models cannot be read, which would fail the whole build, ours are built without them.
    """
    own_folder = settings.models_folder if settings else None
    with pipeline.sql_client() as client:
        _empty_merge_tables(client, pipeline, target)
        listed, held = partial(_relations, client, target), partial(references, client, target.destination)
        built = BuiltTables(client, sql_dialect(target.destination), target.datasets, listed, held)
        if not built.empty(own_folder):
            return None
    try:
        return build_models(pipeline, target, display, BuildOptions(settings=settings, full=True))
    except Stop as unreadable:
        if settings is None or own_folder is None:
            raise
        display.say(WARNING, message=f"No model of {own_folder} is built: {unreadable}")
        options = BuildOptions(settings=replace(settings, models_folder=None), full=True)
        report = build_models(pipeline, target, display, options)
        own = ModelResult(str(own_folder), "marts", "failed", 0.0, error=str(unreadable))
        report.models.append(own)
        return report


def copies_of_others(pipeline: dlt.Pipeline, target: Target) -> list[str]:
    """Return materialized views of others that still hold what was erased: nobody rebuilds them."""
    if target.destination != "postgres":
        return []
    datasets = target.datasets
    with pipeline.sql_client() as client:
        found = client.execute_sql(COPIES, datasets.raw, datasets.staging, datasets.marts) or []
    return [str(name) for (name,) in found]


def _empty_merge_tables(client: SqlClientBase[Any], pipeline: dlt.Pipeline, target: Target) -> None:
    with client.with_staging_dataset():
        if client.has_dataset():
            present = {name for name, is_view in _relations(client, target, client.dataset_name) if not is_view}
            for table in present & {*TABLES, *(pipeline.default_schema.tables if pipeline.schemas else ())}:
                client.execute_sql(f"DELETE FROM {client.make_qualified_table_name(table)}")  # noqa: S608 - our own names


def _relations(client: SqlClientBase[Any], target: Target, dataset: str) -> list[tuple[str, bool]]:
    """Return (name, whether it is a view) of every table and view in one of the datasets."""
    catalog = Catalog(client, target.destination)
    return list(catalog.listed(dataset, client.execute_sql(catalog.listing(dataset)) or []))
