"""Runs in an environment with pyspark, and needs Java: `python in_spark.py FOLDER`.

Reads and writes what `in_clickhouse.py` does, but a model is found as a folder of Parquet files. Spark runs in this
process (local mode), which Databricks' SQL is close to. Statements of the plan come before its models.
"""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

OPTIONS = {
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.mergeSchema": "true",  # a column that came later is in the later files only
    # A few rows need no plan that changes on the way, and no code that is compiled for it.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.ui.showConsoleProgress": "false",
}


def session(folder):
    builder = SparkSession.builder.appName("models").config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    for name, value in OPTIONS.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def main(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    spark = session(folder)
    for dataset in plan["datasets"]:
        spark.sql(f"CREATE DATABASE IF NOT EXISTS {dataset}")
    for file in plan["files"]:
        spark.sql(f"CREATE TABLE {file['table']} USING parquet LOCATION '{file['path']}'")
    for statement in plan.get("statements", ()):
        spark.sql(statement)
    failed = {}
    for model in plan["models"]:
        file = folder / "found" / f"{model['name']}.parquet"
        try:
            spark.sql(model["sql"]).write.parquet(str(file))
            spark.sql(f"CREATE TABLE {model['table']} USING parquet LOCATION '{file}'")
        except Exception as error:  # noqa: BLE001 - every model that Spark does not build is to be named
            failed[model["name"]] = str(error)[:600]
    (folder / "failed.json").write_text(json.dumps(failed), encoding="utf-8")
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
