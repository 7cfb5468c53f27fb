"""What the engines share: one workspace, and the table of what came of each."""

import pytest

from tests.engines.workspace import simulated

BUILT = pytest.StashKey[list]()


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    return simulated(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def built(pytestconfig):
    """The list of what was built, which is printed at the end."""
    return pytestconfig.stash.setdefault(BUILT, [])


def pytest_terminal_summary(terminalreporter, config):
    if found := config.stash.get(BUILT, []):
        terminalreporter.section("engines")
        terminalreporter.line("| engine | models built | rows compared with DuckDB's | seconds |")
        for one in found:
            terminalreporter.line(one.line())
