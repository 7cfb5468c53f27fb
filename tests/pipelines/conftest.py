"""The product's own command, run as a person runs it, against a simulator."""

import shutil

import pytest

from pipelines.cli import main
from simulator import SimulatorProcess
from tests.support.documents.documented import check_code
from tests.support.processes.command import Command, SlowSimulator
from tests.support.workspace import database_without_rows


@pytest.fixture(scope="package")
def simulator():
    """Return one small workspace for all tests that only read it."""
    with SimulatorProcess(seed=11, contacts=30, companies=8, conversations=25, tickets=8, rate_limit=0) as running:
        yield running


@pytest.fixture
def troubled(simulator):
    """The same for a test that gives it faults, or takes rights from the token: they end with the test."""
    knobs = simulator.knobs()
    yield simulator
    simulator.faults()
    simulator.knobs(**knobs)


@pytest.fixture
def command(tmp_path, simulator):
    """Return the command, pointed at the simulator, in an empty folder."""
    made = Command(tmp_path)
    made.point_at(simulator)
    return made


@pytest.fixture
def invoke(tmp_path, simulator, monkeypatch, capsys):
    """Return the command as a call in this process: starting one of its own takes seconds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCES__INTERCOM__BASE_URL", simulator.url)
    monkeypatch.setenv("SOURCES__INTERCOM__ACCESS_TOKEN", simulator.token)
    monkeypatch.setenv("SOURCES__INTERCOM__EXPORT_POLL_SECONDS", "0.01")

    def call(*arguments, **settings):
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main([str(argument) for argument in arguments])
        output, code = capsys.readouterr(), int(ended.value.code or 0)
        check_code(output.err, code)
        return code, output.out, output.err

    return call


@pytest.fixture
def empty_tables(tmp_path):
    """Begin with a database in which every raw table exists: a first sync takes a second to make them."""
    shutil.copy(database_without_rows(), tmp_path / "intercom_data.duckdb")


@pytest.fixture
def slow_simulator():
    """Return a workspace that allows about 30 calls a second."""
    with SlowSimulator(seed=13, contacts=40, companies=8, conversations=40, tickets=10, rate_limit=2000) as running:
        yield running
