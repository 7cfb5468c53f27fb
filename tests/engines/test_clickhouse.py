"""ClickHouse (chdb, the engine as a library) builds every model, with DuckDB's rows: `./run pytest -m engines`."""

import contextlib
import datetime
import json
import subprocess
from pathlib import Path

import duckdb
import pytest

from pipelines.destination.target import Target
from simulator.changes import mutate
from simulator.generate import populate
from simulator.options import Options
from tests.support.own_environment import programs_of
from tests.support.raw_tables import JSON, RAW_TABLES
from tests.support.simulated_raw import load_truth
from tests.transforms.runner.test_engines import MODELS, SETTINGS, comparable
from transforms import build
from transforms.runner.attributes.marts import VALUES, AttributeMarts, attribute_models
from transforms.runner.attributes.names import declared_attributes
from transforms.runner.dialect import transpiled
from transforms.runner.graph import ordered
from transforms.runner.incremental import BUILT
from transforms.runner.model import CHANGES, RAW, names, tables_read
from transforms.runner.warehouse import Warehouse
from transforms.seeds.seed import SEED_NAMES

NOW, NOW_EPOCH = "2026-03-10T12:00:00Z", 1_773_144_000
PROGRAM = Path(__file__).with_name("in_clickhouse.py")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A DuckDB file with raw tables and everything that is built of them, and the models in their order."""
    target = Target(database=tmp_path_factory.mktemp("duckdb") / "workspace.duckdb")
    made = populate(Options(seed=5, now=NOW, contacts=100, companies=10, conversations=150, tickets=20))
    mutate(made, 150, seed=6)
    load_truth(made, target.database)
    client = target.pipeline().sql_client
    report = build(client, "duckdb", target.datasets, settings=SETTINGS, now_epoch=NOW_EPOCH, fivetran=True)
    assert report.failed_models == []
    models = [model for model in MODELS if model.kind != CHANGES]
    with client() as opened:
        warehouse = Warehouse(opened, "duckdb", target.datasets, {VALUES: target.datasets.staging})
        marts = AttributeMarts(declared_attributes(warehouse))
        marts.judge(warehouse)
    models += attribute_models(marts.declared, names(models))
    return target, ordered([marts.current(model) for model in models], (*SEED_NAMES, *BUILT))


def plan_of(target, models, folder):
    """What ClickHouse is to do, with the raw tables and seeds as files beside it."""
    datasets = target.datasets
    files = [(datasets.raw, table) for table in RAW_TABLES] + [(datasets.staging, seed) for seed in SEED_NAMES]
    with duckdb.connect(str(target.database), read_only=True) as connection:
        for dataset, table in files:
            texts = [
                f'"{name}"::varchar as "{name}"' for name, kind in RAW_TABLES.get(table, {}).items() if kind == JSON
            ]
            columns = f"* replace ({', '.join(texts)})" if texts else "*"  # dlt loads JSON as text into ClickHouse
            connection.execute(f"copy (select {columns} from {dataset}.{table}) to '{folder / table}.parquet'")
    return {
        "datasets": [datasets.raw, datasets.staging, datasets.marts, datasets.fivetran],
        "files": [(f"{dataset}.{table}", f"{folder / table}.parquet") for dataset, table in files],
        "models": [
            {
                "name": model.name,
                "table": f"{datasets.of_kind(model.kind)}.{model.name}",
                "sql": sql_of(model, models, datasets),
                "is_view": model.is_view,
            }
            for model in models
        ],
    }


def sql_of(model, models, datasets):
    kinds = {other.name: other.kind for other in models}
    tree = model.query.copy()
    for table in tables_read(tree):
        dataset = datasets.raw if table.db == RAW else datasets.of_kind(kinds.get(table.name, "staging"))
        table.set("db", dataset)
        if not table.alias:
            table.set("alias", table.name)
    return transpiled(tree, "clickhouse")


def rows_of(connection, relation):
    found = connection.execute(f"select * from {relation}")
    columns = [column[0] for column in found.description]
    return sorted(
        ({name: told(value) for name, value in zip(columns, row, strict=True)} for row in found.fetchall()), key=repr
    )


def told(value):
    """A moment without a zone is one in UTC; lists and objects of JSON are compared, not how they are written."""
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=datetime.UTC)
    if isinstance(value, str) and value.startswith(("[", "{")):
        with contextlib.suppress(ValueError):
            value = json.dumps(json.loads(value))
    return comparable(value)


@pytest.mark.engines
def test_clickhouse_gives_the_rows_of_duckdb(workspace, tmp_path):
    target, models = workspace
    python = programs_of(tmp_path / "chdb", "chdb==4.4.0") / "python"
    (tmp_path / "plan.json").write_text(json.dumps(plan_of(target, models, tmp_path)), encoding="utf-8")
    subprocess.run([python, PROGRAM, tmp_path], check=True)
    failed = json.loads((tmp_path / "failed.json").read_text(encoding="utf-8"))
    assert failed == {}, "\n".join(f"{name}: {reason}" for name, reason in failed.items())
    differing = {}
    with duckdb.connect(str(target.database), read_only=True) as connection:
        for model in models:
            expected = rows_of(connection, f"{target.datasets.of_kind(model.kind)}.{model.name}")
            found = rows_of(connection, f"'{tmp_path / 'found' / model.name}.parquet'")
            if found != expected:
                pairs = zip(found, expected, strict=False)
                differing[model.name] = next(((a, b) for a, b in pairs if a != b), (len(found), len(expected)))
    assert differing == {}
