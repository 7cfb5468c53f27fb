"""Spark gives the rows of DuckDB: `uv run --group spark pytest -m slow tests/transforms/runner/test_spark.py`."""

import datetime
import shutil

import duckdb
import pytest

from tests.support.raw_tables import RAW_TABLES
from tests.support.workspace_story import tell
from tests.transforms.runner.test_engines import MODELS, SETTINGS, all_rows, comparable
from transforms.runner.attributes.marts import attribute_models
from transforms.runner.attributes.names import declared_attributes
from transforms.runner.dialect import transpiled
from transforms.runner.graph import ordered
from transforms.runner.incremental import BUILT
from transforms.runner.model import CHANGES, RAW, names, tables_read
from transforms.runner.warehouse import Warehouse
from transforms.seeds.seed import SEED_NAMES

pyspark_sql = pytest.importorskip("pyspark.sql", reason="Spark is not run: `uv sync --group spark` brings pyspark")
if shutil.which("java") is None:
    pytest.skip(
        "Spark is not run: it needs Java (Debian: apt-get install default-jre-headless)", allow_module_level=True
    )

OPTIONS = {
    "spark.master": "local[1]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",  # a few rows need no plan that changes on the way
}


@pytest.fixture
def spark(tmp_path):
    builder = pyspark_sql.SparkSession.builder.appName("transforms")
    for name, value in {**OPTIONS, "spark.sql.warehouse.dir": str(tmp_path / "warehouse")}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def copy_tables(database, schema, tables, folder, spark, prefix=""):
    """Bring tables of the DuckDB file into Spark under the same names."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in tables:
            file = folder / f"{schema}_{table}.parquet"
            connection.execute(f"copy {schema}.{table} to '{file}' (format parquet)")
            spark.read.parquet(str(file)).createOrReplaceTempView(prefix + table)


def sql_of(model):
    """The model as Spark says it; raw tables are views called raw_..., because a temporary view has no schema."""
    tree = model.query.copy()
    for table in tables_read(tree):
        if table.db == RAW:
            table.set("alias", table.args.get("alias") or table.this.copy())
            table.set("this", type(table.this)(this=f"raw_{table.name}"))
            table.set("db", None)
    return transpiled(tree, "spark")


def rows_of(frame):
    """As `all_rows` gives them; what Spark calls a moment without a zone is in UTC."""
    found = []
    for row in frame.collect():
        values = row.asDict()
        for name, value in values.items():
            if isinstance(value, datetime.datetime) and value.tzinfo is None:
                values[name] = value.replace(tzinfo=datetime.UTC)
        found.append({name: comparable(value) for name, value in values.items()})
    return sorted(found, key=repr)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_spark_gives_the_rows_of_duckdb(house, spark, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")  # in which Spark's client shows moments
    tell(house.raw, 7)
    assert house.build(settings=SETTINGS, fivetran=True).failed_models == []
    models = [model for model in MODELS if model.kind != CHANGES]
    with house.pipeline.sql_client() as client:
        declared = declared_attributes(Warehouse(client, house.dialect, house.datasets, {}))
    models += attribute_models(declared, names(models))
    expected = all_rows(house, models)
    database = tmp_path / "support.duckdb"
    copy_tables(database, house.datasets.raw, RAW_TABLES, tmp_path, spark, "raw_")
    copy_tables(database, house.datasets.staging, SEED_NAMES, tmp_path, spark)
    differing = {}
    for model in ordered(models, (*SEED_NAMES, *BUILT)):
        try:
            frame = spark.sql(sql_of(model)).localCheckpoint()
        except Exception as error:  # noqa: BLE001 - every model that Spark cannot run is to be named
            differing[model.name] = str(error)[:400]
            continue
        frame.createOrReplaceTempView(model.name)
        if (found := rows_of(frame)) != expected[model.name]:
            differing[model.name] = next(
                ((a, b) for a, b in zip(found, expected[model.name], strict=False) if a != b),
                (len(found), len(expected[model.name])),
            )
    assert differing == {}
