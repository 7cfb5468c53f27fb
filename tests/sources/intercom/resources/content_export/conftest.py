"""A simulator that sends messages, made anew for every test, and what run after run has loaded of its export."""

import pytest

from simulator import SimulatorProcess
from tests.support.exports.mailing import SIZES, Copy


@pytest.fixture(scope="package")
def _process():
    with SimulatorProcess(**SIZES) as running:
        yield running


@pytest.fixture
def simulator(_process):
    """Made anew for every test; its clock stands still."""
    _process.reset(**SIZES)
    _process.clock(frozen=True)
    _process.knobs(export_polls=2, export_fails=False, export_container="zip", missing_scopes="")
    return _process


@pytest.fixture
def copy(simulator):
    return Copy(simulator)
