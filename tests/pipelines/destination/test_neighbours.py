"""Two pipelines on two workspaces in one warehouse do not touch each other, also at the same time."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import psycopg2
import pytest

from simulator import SimulatorProcess

SIZES = {"contacts": 12, "companies": 4, "conversations": 10, "tickets": 4, "rate_limit": 0}
CHANGES = ["conversation_created", "conversation_noted", "contact_created"]  # none that a sweep has to find
ENTITIES = ("contacts", "companies", "conversations", "tickets")


@pytest.fixture
def workspaces():
    """Return two workspaces that have nothing in common but their ids' shape."""
    with SimulatorProcess(seed=71, **SIZES) as first, SimulatorProcess(seed=72, **SIZES) as second:
        yield {"support": first, "sales": second}


def ids(simulator):
    truth = simulator.truth()
    return {name: {str(record["id"]) for record in truth[name]} for name in ENTITIES}


def sync(command, dataset, simulator, *arguments):
    settings = {"SOURCES__INTERCOM__BASE_URL": simulator.url}
    return command.run("sync", *ENTITIES, "--dataset", dataset, "--quiet", *arguments, **settings)


def check(read, workspaces):
    for dataset, simulator in workspaces.items():
        assert read(f"SELECT id_code FROM {dataset}_raw.workspace") == [(simulator.truth()["workspace"][0]["id_code"],)]
        for table, expected in ids(simulator).items():
            assert {row[0] for row in read(f"SELECT id FROM {dataset}_raw.{table}")} == expected
        wanted = len(simulator.truth()["conversations"])
        assert read(f"SELECT count(*) FROM {dataset}.fct_conversations") == [(wanted,)]
        assert read(f"SELECT count(*) FROM {dataset}_staging.stg_conversations") == [(wanted,)]
        assert read(f"SELECT count(*) > 0 FROM {dataset}_raw.sync_runs WHERE status = 'complete'") == [(True,)]


def test_two_datasets_of_one_file_keep_to_themselves(command, workspaces):
    for changes, options in ((15, ["--no-transform"]), (0, [])):
        for dataset, simulator in workspaces.items():
            code, output, errors = sync(command, dataset, simulator, *options)
            assert code in {0, 2}, output + errors
            simulator.mutate(changes, kinds=CHANGES)
    with duckdb.connect(str(command.folder / "intercom_data.duckdb"), read_only=True) as connection:
        check(lambda sql: connection.execute(sql).fetchall(), workspaces)


def test_two_pipelines_load_one_postgres_at_the_same_time(command, workspaces, postgres):
    command.settings["DESTINATION__POSTGRES__CREDENTIALS"] = postgres
    with ThreadPoolExecutor(2) as pool:

        def both(_):
            runs = {
                dataset: pool.submit(sync, command, dataset, simulator, "--destination", "postgres")
                for dataset, simulator in workspaces.items()
            }
            return {dataset: run.result() for dataset, run in runs.items()}

        for number in range(2):
            ended = both(number)
            assert {code for code, _, _ in ended.values()} <= {0, 2}, ended
            if number == 0:
                for simulator in workspaces.values():
                    simulator.mutate(15, kinds=CHANGES)
        with psycopg2.connect(postgres) as connection, connection.cursor() as cursor:

            def read(sql):
                cursor.execute(sql)
                return cursor.fetchall()

            check(read, workspaces)
