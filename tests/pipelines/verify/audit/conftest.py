"""A loaded workspace, and copies of its database to damage."""

import shutil

import duckdb
import pytest

from tests.support.audited_workspace import AUDITED, OPTIONS
from tests.support.workspace import loaded_workspace, made_anew


@pytest.fixture(scope="package")
def _loaded():
    with loaded_workspace("to_audit", OPTIONS, *AUDITED) as loaded:
        yield loaded


@pytest.fixture
def simulator(_loaded):
    """Made anew for every test, as it was when it was loaded."""
    return made_anew(_loaded[0], **OPTIONS)


@pytest.fixture
def database(_loaded, tmp_path):
    """Return a database of its own that holds the whole workspace."""
    return shutil.copy(_loaded[1], tmp_path / "copy.duckdb")


@pytest.fixture
def damage(database):
    """Return what runs SQL on the database, in the raw dataset."""

    def run(*statements):
        with duckdb.connect(str(database)) as connection:
            connection.execute("SET search_path = 'intercom_raw'")
            return [connection.execute(statement).fetchall() for statement in statements][-1]

    return run
