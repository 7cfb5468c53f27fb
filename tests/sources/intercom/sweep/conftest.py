"""A loaded workspace for every test of the sweep: the simulator as it was when the database was loaded from it."""

import shutil

import pytest

from tests.support.workspace import loaded_workspace, made_anew

SIZES = {"seed": 11, "contacts": 170, "companies": 130, "conversations": 45, "tickets": 15, "rate_limit": 0}
OPTIONS = {**SIZES, "now": "2026-03-01T12:00:00Z"}


@pytest.fixture(scope="package")
def _loaded():
    with loaded_workspace("to_sweep", OPTIONS, everything=True) as loaded:
        yield loaded


@pytest.fixture
def simulator(_loaded):
    """Made anew for every test, as it was when it was loaded."""
    return made_anew(_loaded[0], **OPTIONS)


@pytest.fixture
def database(_loaded, tmp_path):
    """A copy of the database that was loaded."""
    copy = tmp_path / "swept.duckdb"
    shutil.copy(_loaded[1], copy)
    return copy
