"""What is gone from the raw tables goes from everything that was made of them: models, dlt's own tables, the file."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.duckdb_file import rewrite
from pipelines.destination.target import Target
from pipelines.journal.display import Display
from pipelines.run.models import transform
from transforms import BuildReport, Settings
from transforms.runner.attributes.marts import OBJECT_TABLES
from transforms.runner.dialect import sql_dialect
from transforms.runner.model import CHANGES, names, read_models
from transforms.runner.standing import BUILT_MODELS, CATALOGS, Built, Relation, is_ours, relations, remembered
from transforms.runner.warehouse import BUILDING

# Columns of a table of PostgreSQL that no foreign key of others points to.
NULLABLE = """
    SELECT attname FROM pg_attribute AS a WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE confrelid = a.attrelid AND a.attnum = ANY (confkey))
"""
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
    """Empty or drop the tables of the models; tell whether there were models, whose views stay.

    What somebody else has made under the name of a model is left alone.
    """
    datasets, written, built = target.datasets, read_models(CHANGES), _built(client, target)
    ours = {*names(written), *(table.mart for table in OBJECT_TABLES), *built}
    others = _others(client, target, built)
    had_models = False
    for dataset in (datasets.marts, datasets.staging):
        with client.with_alternative_dataset_name(dataset):
            for name, kind in _relations(client, dataset):
                if name.removesuffix(BUILDING) in ours and (dataset, name) not in others:
                    had_models = True
                    if kind == TABLE:
                        _empty(client, client.make_qualified_table_name(name), sql_dialect(target.destination))
    return had_models


def _built(client: SqlClientBase[Any], target: Target) -> dict[str, Built]:
    """Return what builds have made, by name: also models of the user's own, and those whose files are gone."""
    if target.destination not in CATALOGS or (target.datasets.staging, BUILT_MODELS) not in _standing(client, target):
        return {}
    with client.with_alternative_dataset_name(target.datasets.staging):
        table = client.make_qualified_table_name(BUILT_MODELS)
    return remembered(client.execute_sql(f"SELECT name, is_view, column_names FROM {table}") or [])  # noqa: S608 - our own table


def _others(client: SqlClientBase[Any], target: Target, built: Mapping[str, Built]) -> set[tuple[str, str]]:
    """Return (dataset, name) of the tables and views that no build has made."""
    standing = _standing(client, target) if target.destination in CATALOGS else {}
    return {place for place, relation in standing.items() if not is_ours(relation, built.get(relation.name))}


def _standing(client: SqlClientBase[Any], target: Target) -> dict[tuple[str, str], Relation]:
    return relations(client.execute_sql(CATALOGS[target.destination]) or [])


def _empty(client: SqlClientBase[Any], table: str, dialect: str) -> None:
    """Empty a table, and leave it where privileges, indexes and views of others are on it.

    Rows that a foreign key of others points to stay with their keys alone.
    """
    if dialect not in CATALOGS:
        client.execute_sql(f"DROP TABLE {table}")
        return
    try:
        client.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names
    except DatabaseException:
        for (column,) in client.execute_sql(NULLABLE, table) or () if dialect == "postgres" else ():
            with suppress(DatabaseException):
                client.execute_sql(f"UPDATE {table} SET {client.escape_column_name(column)} = NULL")  # noqa: S608 - our own names


def _relations(client: SqlClientBase[Any], dataset: str) -> Iterator[tuple[str, str]]:
    sql = "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s"
    for name, kind in list(client.execute_sql(sql, dataset) or ()):
        yield str(name), str(kind)
