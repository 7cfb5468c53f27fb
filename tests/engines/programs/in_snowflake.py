"""Runs in an environment with fakesnow, Snowflake's dialect on DuckDB: `python in_snowflake.py FOLDER`.

Reads and writes what `in_clickhouse.py` does. JSON is VARIANT there, as dlt loads it; names are in capitals. Two of
Snowflake's functions are said here as Snowflake documents them, because fakesnow says them otherwise: GET takes some
keys for paths there, and TO_VARCHAR leaves a text of a VARIANT in its quotation marks.
"""

import json
import re
import sys
from pathlib import Path

from fakesnow.instance import FakeSnow

DATABASE = "SUPPORT"
FUNCTIONS = {
    "GET": "(object, key) as json_extract(object, '/' || replace(replace(key, '~', '~0'), '/', '~1'))",
    "TO_VARCHAR": "(value) as value ->> '$'",
}


def load(snowflake, file):
    columns = (
        f'"{name}"{"::json" if kind == "json" else ""} as "{name.upper()}"' for name, kind in file["columns"].items()
    )
    snowflake.duck_conn.execute(
        f"create table {DATABASE}.{file['table'].upper()} as select {', '.join(columns)} from '{file['path']}'"
    )


def as_documented(sql):
    for name in FUNCTIONS:
        sql = re.sub(rf"\b{name}\(", f"{DATABASE}.PUBLIC.{name}_AS_DOCUMENTED(", sql)
    return sql


def main(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    snowflake = FakeSnow()
    cursor = snowflake.connect(database=DATABASE, schema="PUBLIC").cursor()
    for dataset in plan["datasets"]:
        cursor.execute(f"CREATE SCHEMA {dataset}")
    for name, definition in FUNCTIONS.items():
        snowflake.duck_conn.execute(f"create macro {DATABASE}.PUBLIC.{name}_AS_DOCUMENTED{definition}")
    for file in plan["files"]:
        load(snowflake, file)
    failed = {}
    for model in plan["models"]:
        kind = "VIEW" if model["is_view"] else "OR REPLACE TABLE"
        try:
            cursor.execute(f"CREATE {kind} {model['table']} AS {as_documented(model['sql'])}")
            file = folder / "found" / f"{model['name']}.parquet"
            snowflake.duck_conn.execute(f"copy {DATABASE}.{model['table'].upper()} to '{file}'")
        except Exception as error:  # noqa: BLE001 - every model that the engine does not build is to be named
            failed[model["name"]] = str(error)[:600]
    (folder / "failed.json").write_text(json.dumps(failed), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
