"""What every engine is given to build: raw tables and seeds as Parquet files, and each model's SQL in its dialect."""

import json

import duckdb

from pipelines.destination.target import Target
from simulator.changes import mutate
from simulator.generate import populate
from simulator.options import Options
from tests.support.warehouse.raw_tables import JSON, RAW_TABLES
from tests.support.warehouse.simulated_raw import load_truth
from tests.transforms.runner.test_engines import MODELS, SETTINGS
from transforms import BuildOptions, build
from transforms.runner.attributes.declared_attributes import declared_attributes
from transforms.runner.attributes.marts import VALUES, AttributeMarts, attribute_models
from transforms.runner.dialects.sql_text import filled, text_of
from transforms.runner.incremental.build_memory import MEMORY_QUERIES
from transforms.runner.model_graph.graph import ordered
from transforms.runner.model_graph.model import CHANGES, RAW, names
from transforms.runner.warehouse.warehouse import Warehouse
from transforms.seeds.seed import SEED_NAMES

NOW, NOW_EPOCH = "2026-03-10T12:00:00Z", 1_773_144_000


class Workspace:
    """A DuckDB file with raw tables, and with every model that is built of them."""

    def __init__(self, database):
        self.target = Target(database=database)
        self.datasets = self.target.datasets
        self.models = build_models(self.target)

    def connect(self):
        return duckdb.connect(str(self.target.database), read_only=True)

    def dataset_of(self, model):
        return self.datasets.of_kind(model.kind)

    def plan(self, dialect, folder, raw_tables=tuple(RAW_TABLES)):
        """Write raw tables and seeds to the folder; return what an engine of the dialect is to make of them."""
        tables = [(self.datasets.raw, table) for table in raw_tables]
        tables += [(self.datasets.staging, seed) for seed in SEED_NAMES]
        with self.connect() as connection:
            files = [written(connection, dataset, table, folder) for dataset, table in tables]
        return plan(files, self.datasets, self.models, dialect)


def simulated(folder):
    """A workspace that was simulated, and not loaded by anything."""
    made = populate(Options(seed=5, now=NOW, contacts=100, companies=10, conversations=150, tickets=20))
    mutate(made, 150, seed=6)
    load_truth(made, folder / "workspace.duckdb")
    return Workspace(folder / "workspace.duckdb")


def plan(files, datasets, models, dialect):
    """What an engine is to do: see `programs/in_clickhouse.py`, which is the shortest of those that do it."""
    return {
        "datasets": [datasets.raw, datasets.staging, datasets.marts, datasets.fivetran],
        "files": files,
        "models": [
            {
                "name": model.name,
                "table": f"{datasets.of_kind(model.kind)}.{model.name}",
                "sql": sql_of(model, models, datasets, dialect),
                "is_view": model.is_view,
            }
            for model in models
        ],
    }


def build_models(target):
    """Build everything on DuckDB, and return the models in their order."""
    client = target.pipeline().sql_client
    options = BuildOptions(settings=SETTINGS, now_epoch=NOW_EPOCH, fivetran=True)
    report = build(client, "duckdb", target.datasets, options)
    assert report.failed_models == []
    models = [model for model in MODELS if model.kind != CHANGES]
    with client() as opened:
        warehouse = Warehouse(opened, "duckdb", target.datasets, {VALUES: target.datasets.staging})
        marts = AttributeMarts(declared_attributes(warehouse))
        marts.judge(warehouse)
    models += attribute_models(marts.declared, names(models))
    return ordered([marts.current(model) for model in models], (*SEED_NAMES, *MEMORY_QUERIES))


def written(connection, dataset, table, folder):
    """Write the table as Parquet, JSON as text; return its name, its file and its columns with their kinds."""
    kinds = {name: kind.lower() for name, kind, *_ in connection.execute(f"describe {dataset}.{table}").fetchall()}
    texts = [f'"{name}"::varchar as "{name}"' for name, kind in kinds.items() if kind == JSON]
    columns = f"* replace ({', '.join(texts)})" if texts else "*"
    file = folder / f"{table}.parquet"
    connection.execute(f"copy (select {columns} from {dataset}.{table}) to '{file}'")
    return {"table": f"{dataset}.{table}", "path": str(file), "columns": kinds}


def sql_of(model, models, datasets, dialect):
    """The text of the model as a build makes it, with every table under its dataset."""
    kinds = {other.name: other.kind for other in models}

    def relation(name):
        schema, _, table = name.rpartition(".")
        return f"{datasets.raw if schema == RAW else datasets.of_kind(kinds.get(table, 'staging'))}.{table}"

    return filled(text_of(model.query, dialect), relation)


def write_plan(made, folder):
    (folder / "plan.json").write_text(json.dumps(made), encoding="utf-8")
