"""A loaded workspace for every test of forgetting, and the person whom they forget."""

import shutil
from pathlib import Path

import pytest

from pipelines.destination.target import Target
from pipelines.run.build_models import build_models
from tests.support.made_once import made_once
from tests.support.someone import QUIET, Someone
from tests.support.workspace import loaded_workspace

OPTIONS = {
    "seed": 11,
    "contacts": 30,
    "companies": 8,
    "conversations": 25,
    "tickets": 8,
    "rate_limit": 0,
    "now": "2026-03-01T12:00:00Z",
}


@pytest.fixture(scope="package")
def loaded_people():
    with loaded_workspace("people", OPTIONS, everything=True) as loaded:
        yield loaded


@pytest.fixture(scope="package")
def simulator(loaded_people):
    """Return the workspace, which tests only read."""
    return loaded_people[0]


@pytest.fixture(scope="package")
def someone(simulator):
    return Someone(simulator.truth())


@pytest.fixture(scope="package")
def built(loaded_people):
    """Return a copy of the database with models."""

    def make(database):
        target = Target(database=Path(shutil.copy(loaded_people[1], database)))
        build_models(target.pipeline(), target, QUIET)

    return made_once("people_built.duckdb", make)


@pytest.fixture
def target(built, tmp_path):
    """Return a copy with models, to erase from."""
    return Target(database=Path(shutil.copy(built, tmp_path / "people.duckdb")))


@pytest.fixture
def raw_target(loaded_people, tmp_path):
    """Return a copy without models, which an erasure would have to build again."""
    return Target(database=Path(shutil.copy(loaded_people[1], tmp_path / "people.duckdb")))
