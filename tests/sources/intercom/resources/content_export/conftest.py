"""A simulator that sends messages, made anew for every test, and what run after run has loaded of its export."""

import pytest

from simulator import SimulatorProcess
from tests.support.exports.mailing import SIZES, Copy, sending


@pytest.fixture(scope="package")
def _process():
    with SimulatorProcess(**SIZES) as running:
        yield running


@pytest.fixture
def simulator(_process):
    return sending(_process)


@pytest.fixture
def copy(simulator):
    return Copy(simulator)
