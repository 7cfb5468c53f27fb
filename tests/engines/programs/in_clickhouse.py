"""Runs in an environment with chdb: loads Parquet files, then builds models from a plan, and writes each as Parquet.

`python in_clickhouse.py FOLDER` reads FOLDER/plan.json: datasets to create, files of tables (table, path, columns
with their kinds on DuckDB), models (name, table, sql, is_view). It writes FOLDER/found/<name>.parquet, and
FOLDER/failed.json with a reason for each model that ClickHouse does not build.
"""

import json
import sys
from pathlib import Path

from chdb.session import Session


def main(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    session = Session(str(folder / "clickhouse"))
    for dataset in plan["datasets"]:
        session.query(f"CREATE DATABASE {dataset}")
    for file in plan["files"]:
        rows = f"SELECT * FROM file('{file['path']}', 'Parquet')"
        session.query(f"CREATE TABLE {file['table']} ENGINE = Memory AS {rows}")
    failed = {}
    for model in plan["models"]:
        kind = "VIEW" if model["is_view"] else "OR REPLACE TABLE"
        file = folder / "found" / f"{model['name']}.parquet"
        try:
            session.query(f"CREATE {kind} {model['table']} AS {model['sql']}")
            session.query(f"SELECT * FROM {model['table']} INTO OUTFILE '{file}' FORMAT Parquet")
        except Exception as error:  # noqa: BLE001 - every model that ClickHouse does not build is to be named
            failed[model["name"]] = str(error)[:600]
    (folder / "failed.json").write_text(json.dumps(failed), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
