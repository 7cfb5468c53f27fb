"""Databases of either kind, empty or loaded once and copied."""

import shutil

import pytest

from tests.support.databases.place import duckdb_place, postgres_place, read
from tests.support.databases.postgres import own_database
from tests.support.workspace import database_without_rows


@pytest.fixture(scope="module")
def loaded_duckdb(simulator, tmp_path_factory):
    database = tmp_path_factory.mktemp("loaded") / "loaded.duckdb"
    place = duckdb_place(shutil.copy(database_without_rows(), database))
    read(simulator, place)
    return place.target.database


@pytest.fixture(scope="module")
def loaded_postgres(simulator, postgres_server):
    """The URL of the database."""
    with own_database(postgres_server) as url:
        with postgres_place(url) as place:
            read(simulator, place)
        yield url


@pytest.fixture(params=["duckdb", "postgres"])
def kind(request):
    return request.param


@pytest.fixture
def place(kind, request, tmp_path):
    """An empty database of either kind."""
    if kind == "duckdb":
        yield duckdb_place(tmp_path / "dropped.duckdb")
        return
    with postgres_place(request.getfixturevalue("postgres")) as place:
        yield place


@pytest.fixture
def loaded(kind, request, tmp_path):
    """A database of either kind into which READ was loaded."""
    if kind == "duckdb":
        yield duckdb_place(shutil.copy(request.getfixturevalue("loaded_duckdb"), tmp_path / "dropped.duckdb"))
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("loaded_postgres")
    with own_database(server, template) as url, postgres_place(url) as place:
        yield place
