"""Removes what was erased from the raw tables from everything made of them: models, and dlt's own tables."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.tables.references import references
from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.run.build_models import build_models
from pipelines.stop import ExitCode, Stop
from sources.intercom import TABLES
from transforms import BuildOptions, BuildReport, Settings
from transforms.runner.attributes.marts import OBJECT_TABLES
from transforms.runner.build_report import RUNS_TABLE, ModelResult
from transforms.runner.dialects.dialect_names import sql_dialect
from transforms.runner.incremental.build_memory import MEMORY
from transforms.runner.model import CHANGES, names, read_models
from transforms.runner.own_models import names_in
from transforms.runner.warehouse.relations import (
    BUILT_MODELS,
    CATALOGS,
    Built,
    Relation,
    is_ours,
    relations,
    remembered,
)
from transforms.runner.warehouse.scratch import SCRATCH
from transforms.runner.warehouse.table_swap import BUILDING

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
    SELECT DISTINCT oid::regclass::text FROM reading WHERE is_copy ORDER BY 1
"""
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"


def rebuild(pipeline: dlt.Pipeline, target: Target, display: Display, settings: Settings | None) -> BuildReport | None:
    """Rebuild the models and empty dlt's merge tables; None if there are no models.

    Model tables are dropped first, so that a model that fails to build keeps no old rows. If a file of the user's own
    models cannot be read, which would fail the whole build, ours are built without them.
    """
    own_names = set() if settings is None or settings.models_folder is None else names_in(settings.models_folder)
    with pipeline.sql_client() as client:
        _empty_merge_tables(client, pipeline, target)
        _forget_builds(client, target)
        had_models = _drop_models(client, target, own_names)
    if not had_models:
        return None
    try:
        return build_models(pipeline, target, display, BuildOptions(settings=settings, full=True))
    except Stop as unreadable:
        if settings is None or settings.models_folder is None:
            raise
        display.say(WARNING, message=f"No model of {settings.models_folder} is built: {unreadable}")
        options = BuildOptions(settings=replace(settings, models_folder=None), full=True)
        report = build_models(pipeline, target, display, options)
        own = ModelResult(str(settings.models_folder), "marts", "failed", 0.0, error=str(unreadable))
        report.models.append(own)
        return report


def copies_of_others(pipeline: dlt.Pipeline, target: Target) -> list[str]:
    """Return the materialized views of others that still hold what was erased (only PostgreSQL has them)."""
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


def _forget_builds(client: SqlClientBase[Any], target: Target) -> None:
    """Make the next build a full one, and delete the errors of former builds, which may quote rows.

    The table of what conversations were made from names the person, too, and a build with a failed model does not
    rewrite it. Call before any model is emptied: if emptying is interrupted, an incremental build would leave the rest
    empty.
    """
    with client.with_alternative_dataset_name(target.datasets.staging):
        present = {name for name, is_view in _relations(client, target, target.datasets.staging) if not is_view}
        # In other warehouses builds remember no versions, and the tables that they were made from are dropped.
        for name in sorted(present & {*MEMORY}) if _is_known(target) else ():
            client.execute_sql(f"DELETE FROM {client.make_qualified_table_name(name)}")  # noqa: S608 - our own tables
        if RUNS_TABLE in present:
            runs = client.make_qualified_table_name(RUNS_TABLE)
            client.execute_sql(f"UPDATE {runs} SET error = NULL WHERE error IS NOT NULL")  # noqa: S608 - our own table


def _drop_models(client: SqlClientBase[Any], target: Target, own: set[str]) -> bool:
    """Empty or drop the tables of the models, but not their views; return True if there were models.

    `own` are the names of the user's own models. A table that somebody else has made under the name of a model is left
    alone.
    """
    datasets, written, standing = target.datasets, read_models(CHANGES), _standing(client, target)
    built = _built(client, target, standing)
    ours = {*names(written), *(table.mart for table in OBJECT_TABLES), *own, *built}
    others = {location for location, relation in standing.items() if not is_ours(relation, built.get(relation.name))}
    had_models = False
    for dataset in (datasets.marts, datasets.staging):
        with client.with_alternative_dataset_name(dataset):
            for name, is_view in _relations(client, target, dataset):
                if name.removesuffix(BUILDING).removesuffix(SCRATCH) in ours and (dataset, name) not in others:
                    had_models = True
                    if not is_view:
                        _empty(client, name, target)
    return had_models


def _built(
    client: SqlClientBase[Any], target: Target, standing: Mapping[tuple[str, str], Relation]
) -> dict[str, Built]:
    """Return what builds have made, by name: also the user's own models, and those whose files are gone."""
    if (target.datasets.staging, BUILT_MODELS) not in standing:
        return {}
    with client.with_alternative_dataset_name(target.datasets.staging):
        table = client.make_qualified_table_name(BUILT_MODELS)
    return remembered(client.execute_sql(f"SELECT name, is_view, column_names FROM {table}") or [])  # noqa: S608 - our own table


def _standing(client: SqlClientBase[Any], target: Target) -> dict[tuple[str, str], Relation]:
    """Return (dataset, name) -> the table or view, in warehouses whose catalog a build reads."""
    if not _is_known(target):
        return {}
    return relations(client.execute_sql(CATALOGS[sql_dialect(target.destination)]) or [])


def _is_known(target: Target) -> bool:
    """Return True if builds keep a record there of the tables they made."""
    return sql_dialect(target.destination) in CATALOGS


def _empty(client: SqlClientBase[Any], name: str, target: Target) -> None:
    """Empty a table without dropping it, for the sake of privileges, indexes and views of others.

    Rows that a foreign key of others refers to keep their ids alone.
    """
    table = client.make_qualified_table_name(name)
    if not _is_known(target):
        client.execute_sql(f"DROP TABLE {table}")
        return
    try:
        client.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names
    except DatabaseException:
        held = references(client, target.destination).get(name, [])
        kept = {key: reference for reference in held for key in reference.keys}
        if not held:
            raise
        if personal := next((key for key in kept if not key.endswith("id")), None):
            message = f"{kept[personal]} refers to the column {personal} of {client.dataset_name}.{name}. "
            raise Stop(f"{message}Drop its foreign key", ExitCode.FAILED) from None
        columns = client.execute_sql(COLUMNS, client.dataset_name, name) or []
        emptied = [f"{client.escape_column_name(column)} = NULL" for (column,) in columns if column not in kept]
        if emptied:
            client.execute_sql(f"UPDATE {table} SET {', '.join(emptied)}")  # noqa: S608 - our own names


def _relations(client: SqlClientBase[Any], target: Target, dataset: str) -> list[tuple[str, bool]]:
    """Return (name, whether it is a view) of every table and view in a dataset."""
    catalog = Catalog(client, target.destination)
    return list(catalog.listed(dataset, client.execute_sql(catalog.listing(dataset)) or []))
