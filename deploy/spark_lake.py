"""Loads Intercom into Parquet files by dlt, and writes the SQL of views by which Spark reads each table's current rows.

Use: uv run --no-dev python deploy/spark_lake.py s3://bucket/intercom views.sql   (s3 also needs dlt[s3])

Files are only ever added: a row that changed is there in each of its versions. A view shows the newest one.
"""

import sys
from pathlib import Path

import dlt
from dlt.common.schema.typing import TTableSchema
from dlt.common.schema.utils import get_columns_names_with_prop

from sources.intercom import intercom_source, is_going_on

DATASET = "intercom_raw"
RECORDS_PER_RUN = 50_000  # what a run that is killed reads again
CURRENT = """CREATE OR REPLACE VIEW {dataset}.{table} AS
SELECT * FROM (
    SELECT *, rank() OVER (PARTITION BY {keys} ORDER BY CAST(_dlt_load_id AS DOUBLE) DESC) AS _dlt_version
    FROM parquet.`{files}`
) AS versions
WHERE _dlt_version = 1{kept}"""
WHOLE = "CREATE OR REPLACE VIEW {dataset}.{table} AS SELECT * FROM parquet.`{files}`"


def load(bucket_url: str, resources: list[str] | None = None) -> dlt.Pipeline:
    """Load what is new or changed; token and settings are read from .dlt/ or the environment."""
    files = dlt.destinations.filesystem(bucket_url=bucket_url)
    pipeline = dlt.pipeline("intercom_lake", destination=files, dataset_name=DATASET)
    while True:
        source = intercom_source(resources=resources, records_per_run=RECORDS_PER_RUN)
        pipeline.run(source, loader_file_format="parquet")
        if not is_going_on(pipeline):
            return pipeline


def views(pipeline: dlt.Pipeline, bucket_url: str) -> str:
    """Return the statements, separated by lines with a semicolon, that make the views of all raw tables."""
    statements = [f"CREATE DATABASE IF NOT EXISTS {DATASET}"]
    statements += [_view(table, f"{bucket_url}/{DATASET}") for table in pipeline.default_schema.data_tables()]
    return "".join(f"{statement}\n;\n" for statement in statements)


def _view(table: TTableSchema, folder: str) -> str:
    """Return the view of a table.

    What a merge would have replaced is older than the newest load of its key; what it would have deleted is marked.
    """
    name = table["name"]
    keys = get_columns_names_with_prop(table, "primary_key") or get_columns_names_with_prop(table, "merge_key")
    kept = "".join(f" AND NOT coalesce({mark}, false)" for mark in get_columns_names_with_prop(table, "hard_delete"))
    template = CURRENT if table.get("write_disposition") == "merge" else WHOLE
    return template.format(dataset=DATASET, table=name, keys=", ".join(keys), files=f"{folder}/{name}", kept=kept)


if __name__ == "__main__":
    place = sys.argv[1].rstrip("/")
    Path(sys.argv[2]).write_text(views(load(place), place), encoding="utf-8")
