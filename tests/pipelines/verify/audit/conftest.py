"""A loaded workspace, and copies of its database to damage."""

import shutil

import duckdb
import pytest

from simulator import SimulatorProcess
from tests.support.workspace import load

SIZES = {"seed": 21, "contacts": 40, "companies": 12, "conversations": 50, "tickets": 12, "rate_limit": 0}
AUDITED = ("companies", "contacts", "conversations", "tickets")


@pytest.fixture(scope="package")
def simulator():
    """Return a workspace that nothing changes."""
    with SimulatorProcess(**SIZES) as running:
        yield running


@pytest.fixture(scope="package")
def _loaded(simulator, tmp_path_factory):
    database = tmp_path_factory.mktemp("loaded") / "loaded.duckdb"
    assert load(simulator, database, *AUDITED).status == "complete"
    return database


@pytest.fixture
def database(_loaded, tmp_path):
    """Return a database of its own that holds the whole workspace."""
    return shutil.copy(_loaded, tmp_path / "copy.duckdb")


@pytest.fixture
def damage(database):
    """Return what runs SQL on the database, in the raw dataset."""

    def run(*statements):
        with duckdb.connect(str(database)) as connection:
            connection.execute("SET search_path = 'intercom_raw'")
            return [connection.execute(statement).fetchall() for statement in statements][-1]

    return run
