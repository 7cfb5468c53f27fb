"""What a load would write: rows of the source, named and typed by dlt as they would arrive, without loading them."""

from collections import defaultdict
from collections.abc import Collection
from tempfile import TemporaryDirectory
from typing import Any

import dlt
import pyarrow.parquet  # type: ignore[import-untyped]  # pyarrow ships no types
from dlt.common.schema import Schema
from dlt.extract import DltSource

from pipelines.destination.tables.catalog import is_of_dlt
from pipelines.verify.audit.examination.values import read
from sources.intercom.rows.table import REMOVES, Row

NAME = "audit"
DECLARES_TABLES = "tables"  # the resource of a source by which the schema gets all tables


def rehearsed(source: DltSource, pipeline: dlt.Pipeline, tables: Collection[str]) -> dict[str, list[Row]]:
    """Rehearse a load: return the rows that `pipeline` would load from `source` into `tables`, by table.

    They go through dlt's own extraction and normalization with the pipeline's schema, so that whatever happens on the
    way (names, types, values that do not fit their column) has happened to them, too.
    """
    with TemporaryDirectory(dir=pipeline.working_dir) as folder:
        rehearsal = dlt.pipeline(
            NAME, pipelines_dir=folder, destination=_destination(pipeline), dataset_name=pipeline.dataset_name
        )
        rehearsal.config.restore_from_destination = False
        try:
            reading = [name for name in source.resources if name != DECLARES_TABLES]
            rehearsal.extract(source.with_resources(*reading), schema=_schema(pipeline, tables))
            rehearsal.normalize()
            return _rows(rehearsal, _losses(pipeline))
        finally:
            pipeline.activate()


def _schema(pipeline: dlt.Pipeline, tables: Collection[str]) -> Schema:
    """Return the pipeline's schema of these tables for a rehearsal; dlt goes through all it is given time and again."""
    schema: Schema = pipeline.default_schema.clone()
    schema.drop_tables([name for name in schema.data_table_names() if name not in tables])
    return schema


def _destination(pipeline: dlt.Pipeline) -> Any:
    """Return a rehearsal's destination: it writes files with types, and cuts names as the real one does."""
    longest = pipeline.destination.capabilities().max_column_identifier_length
    return dlt.destinations.duckdb(
        ":memory:", preferred_loader_file_format="parquet", max_column_identifier_length=longest
    )


def _losses(pipeline: dlt.Pipeline) -> tuple[object, ...]:
    """Return the values that get lost in a rehearsal's files: a CSV file has no empty texts."""
    is_csv = pipeline.destination.capabilities().preferred_loader_file_format == "csv"
    return (None, "") if is_csv else (None,)


def _rows(rehearsal: dlt.Pipeline, losses: tuple[object, ...]) -> dict[str, list[Row]]:
    types = {name: table["columns"] for name, table in rehearsal.default_schema.tables.items()}
    rows: dict[str, list[Row]] = defaultdict(list)
    for load_id in rehearsal.list_normalized_load_packages():
        for job in rehearsal.get_load_package_info(load_id).jobs["new_jobs"]:
            name = job.job_file_info.table_name
            if is_of_dlt(name):
                continue
            columns = types[name]
            for row in pyarrow.parquet.read_table(job.file_path).to_pylist():
                rows[name].append(
                    {
                        column: read(value, columns[column].get("data_type"))
                        for column, value in row.items()
                        if value not in losses and is_compared(column)
                    }
                )
    return rows


def is_compared(column: str) -> bool:
    """Return True if a rehearsed column comes from Intercom, and does not only tell a load what to do."""
    return column == REMOVES or not column.startswith("_dlt_")
