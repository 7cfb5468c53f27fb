"""What is gone from the raw tables goes from everything that was made of them: models, dlt's own tables, the file."""

from collections.abc import Iterator
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.duckdb_file import rewrite
from pipelines.destination.target import Target
from pipelines.run.display import Display
from pipelines.run.models import transform
from transforms import BuildReport, Settings
from transforms.runner.attribute_marts import OBJECT_TABLES
from transforms.runner.model import CHANGES, names, read_models
from transforms.runner.warehouse import BUILDING

TABLE = "BASE TABLE"  # as information_schema tells it from a view


def remove_traces(
    pipeline: dlt.Pipeline, target: Target, display: Display, settings: Settings | None
) -> BuildReport | None:
    """Build the models anew, empty the tables in which dlt merges, rewrite the file; None where there are no models.

    Tables of models are dropped first: one that cannot be built must not keep the old rows.
    """
    with pipeline.sql_client() as client:
        _empty_merge_tables(client, pipeline)
        had_models = _drop_models(client, target)
    build = transform(pipeline, target, display, settings, full=True) if had_models else None
    if target.is_duckdb:
        rewrite(target.database)
    return build


def _empty_merge_tables(client: SqlClientBase[Any], pipeline: dlt.Pipeline) -> None:
    with client.with_staging_dataset():
        if client.has_dataset():
            present = {name for name, kind in _relations(client, client.dataset_name) if kind == TABLE}
            for table in present & set(pipeline.default_schema.tables):
                client.execute_sql(f"DELETE FROM {client.make_qualified_table_name(table)}")  # noqa: S608 - our own names


def _drop_models(client: SqlClientBase[Any], target: Target) -> bool:
    """Drop the tables of the models; tell whether there were models, whose views stay where a killed run has begun."""
    datasets, written = target.datasets, read_models(CHANGES)
    ours = {*names(written), *(table.mart for table in OBJECT_TABLES)}
    had_models = False
    for dataset in (datasets.marts, datasets.staging):
        with client.with_alternative_dataset_name(dataset):
            for name, kind in _relations(client, dataset):
                if name.removesuffix(BUILDING) in ours:
                    had_models = True
                    if kind == TABLE:
                        _drop(client, client.make_qualified_table_name(name))
    return had_models


def _drop(client: SqlClientBase[Any], table: str) -> None:
    """Drop a table, or empty it: PostgreSQL drops none that views of others read."""
    try:
        client.execute_sql(f"DROP TABLE {table}")
    except DatabaseException:
        client.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names


def _relations(client: SqlClientBase[Any], dataset: str) -> Iterator[tuple[str, str]]:
    sql = "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s"
    for name, kind in list(client.execute_sql(sql, dataset) or ()):
        yield str(name), str(kind)
