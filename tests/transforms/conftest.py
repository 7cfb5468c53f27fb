"""A house for each test, and dbt."""

import pytest

from tests.support.processes.dbt_command import installed_dbt
from tests.support.warehouse.built_together import Stories
from tests.support.warehouse.house import duckdb_house, held_open, house_again, house_of_postgres


@pytest.fixture(scope="session")
def known_house(tmp_path_factory):
    """One whose settings dlt has found, which takes it as long as to build ten small models."""
    folder = tmp_path_factory.mktemp("house")
    return folder / "support.duckdb", duckdb_house(folder, "support")


@pytest.fixture
def house(known_house):
    """An empty one."""
    with house_again(known_house) as empty:
        yield empty


@pytest.fixture(scope="module")
def stories(request, tmp_path_factory):
    """The tests of a file that are built together."""
    folder = tmp_path_factory.mktemp("stories")
    with held_open(folder / "stories.duckdb"):
        yield Stories(duckdb_house(folder, "stories"), request.module)


@pytest.fixture
def house_for_others(tmp_path):
    """This one's file can be opened by another program between two builds."""
    return duckdb_house(tmp_path, "support")


@pytest.fixture
def house_called_intercom(tmp_path):
    """In this one, `intercom` is both the database and the dataset of the marts."""
    return duckdb_house(tmp_path, "intercom")


@pytest.fixture(scope="session")
def dbt(tmp_path_factory):
    return installed_dbt(tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def postgres_house(tmp_path, postgres):
    """An empty one."""
    return house_of_postgres(postgres, tmp_path)
