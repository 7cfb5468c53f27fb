"""A warehouse for tests of models: raw rows in, models built through dlt's own sql_client, rows out."""

import shutil
from contextlib import contextmanager
from itertools import chain

import dlt
import duckdb
import sqlglot

from tests.support.warehouse.raw_tables import RawRows
from transforms import BuildOptions, Datasets, build

NOW = 1_717_200_000  # Saturday 2024-06-01 00:00:00 UTC


class House:
    """A destination with raw tables. `build` builds models, `rows` reads them."""

    def __init__(self, pipeline, dialect, client=None):
        """One client serves nearly all connections: dlt takes 20 ms to find the settings of another."""
        self.pipeline = pipeline
        self.client = client or pipeline.sql_client()
        self.dialect = dialect
        self.raw = RawRows()
        self.datasets = Datasets()
        self.is_loaded = False

    def execute(self, sql):
        with self.client as client:
            return client.execute_sql(sql)

    def load(self):
        """Writes the raw rows, once."""
        with self.client as client:
            client.create_dataset()
            statements = [*self.raw.statements(self.datasets.raw)]
            if self.dialect == "duckdb":
                client.execute_sql("; ".join(statements))
            else:
                for statement in statements:
                    client.execute_sql(sqlglot.transpile(statement, read="duckdb", write=self.dialect)[0])
        self.is_loaded = True

    def build(self, select=None, now_epoch=NOW, on_result=lambda result: None, **options):
        if not self.is_loaded:
            self.load()
        clients = chain([self.client], iter(self.pipeline.sql_client, None))
        options = BuildOptions(select, now_epoch=now_epoch, **options)
        return build(lambda: next(clients), self.dialect, self.datasets, options, on_result)

    def place(self, model):
        dataset = self.datasets.marts if model.startswith(("fct_", "dim_", "qa_", "compat_")) else self.datasets.staging
        return f"{dataset}.{model}"

    def rows(self, model, columns="*", order="1"):
        return self.execute(f"select {columns} from {self.place(model)} order by {order}")

    def answer(self, model, columns, order="1", **options):
        """Builds the model and all it reads, then returns these columns of it."""
        report = self.build(f"+{model}", **options)
        assert report.is_ok, [*report.failed_models, *report.failed_checks()]
        return self.rows(model, columns, order)


def duckdb_house(folder, name, **options):
    pipeline = dlt.pipeline(
        "transforms_test",
        destination=dlt.destinations.duckdb(str(folder / f"{name}.duckdb"), **options),
        dataset_name="intercom_raw",
        pipelines_dir=str(folder / "pipelines"),
    )
    return House(pipeline, "duckdb")


def house_of_postgres(url, folder):
    pipeline = dlt.pipeline(
        "transforms_test_postgres",
        destination=dlt.destinations.postgres(url),
        dataset_name="intercom_raw",
        pipelines_dir=str(folder / "pipelines"),
    )
    return House(pipeline, "postgres")


@contextmanager
def held_open(file):
    """Hold the DuckDB file open for the block, with one thread: to open it costs as much as to build ten small models.

    Connections are made anew as ever; other programs cannot open the file meanwhile.
    """
    with duckdb.connect(str(file)) as connection:
        connection.execute("set threads = 1")
        yield connection


@contextmanager
def house_again(known_house, built=None):
    """Yield the known one, empty or with what a file of another one holds."""
    file, known = known_house
    for left in (file, file.with_name(f"{file.name}.wal")):
        left.unlink(missing_ok=True)
    if built:
        shutil.copy(built, file)
    with held_open(file) as connection:
        house = House(known.pipeline, known.dialect, known.client)
        house.is_loaded = built is not None
        yield house
        # Nobody opens it again: what is in its log need not be in the file.
        connection.execute("pragma disable_checkpoint_on_shutdown")
