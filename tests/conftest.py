"""What every test shares: where it writes, which tests are long, that these begin last, and how many run at once."""

import gc
import os
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import pytest
import stamina
from hypothesis import HealthCheck, settings

from tests.support.databases.postgres import own_database, running_postgres
from tests.support.made_once import FOLDER

# Asserts are rewritten, which takes as long as all else until the first test begins: pytest may keep what it has made.
sys.dont_write_bytecode = False

# What a test uses that loads or builds something, which takes seconds each time: fixtures, and names in its module.
LONG_FIXTURES = {
    "chaos_seed",
    "command",
    "dbt",
    "house_called_intercom",
    "house_for_others",
    "invoke",
    "known_house",
    "loaded_people",
    "postgres_server",
    "stories",
}
LONG_NAMES = {
    "Command",
    "SimulatorProcess",
    "audited",
    "load",
    "running_postgres",
    "swept",
    "synced",
    "synced_and_built",
}
SIMULATOR = "tests.simulator"  # starts one and asks it: quick
BENCHMARKS = "tests.benchmarks"
# Of the long tests the longest first, so that no core is left with one of them at the end.
LONGEST_FIRST = ("tests.chaos", "tests.pipelines", "tests.ground_truth", "tests.sources", "tests.transforms")
# Databases of tests are kept in memory where there is room for all: each sync waits for the disk sixty times.
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a private folder there
MEMORY_BYTES = 4_000_000_000

# On a busy machine examples come slowly, which says nothing about the code.
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")

# Unix seconds after which no long test begins. CI has to end in time: on a slow machine it tests less, and says so.
LONG_TESTS_UNTIL = float(os.environ.get("LONG_TESTS_UNTIL", "inf"))


def pytest_configure(config):
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_xdist_auto_num_workers(config):
    """One more than cores: a test that waits, for a lock or a rate limit, leaves its core to another."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items):
    for item in items:
        uses = LONG_FIXTURES.intersection(item.fixturenames) or LONG_NAMES.intersection(vars(item.module))
        if uses and not item.module.__name__.startswith(SIMULATOR):
            item.add_marker("end_to_end")
    items.sort(key=_rank)


def pytest_runtest_setup(item):
    if time.time() > LONG_TESTS_UNTIL and item.get_closest_marker("end_to_end"):
        pytest.skip("the machine is slow: LONG_TESTS_UNTIL is over, and the long tests that are left are not run")


def pytest_collection_finish(session):
    """Let libraries remember what they find out, and leave what there is by now out of every look for garbage.

    Either takes a tenth of all computing.
    """
    if "dlt" in sys.modules and not any(item.module.__name__.startswith(BENCHMARKS) for item in session.items):
        import_module("tests.support.quick_libraries").remember()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _rank(item):
    package = next((at for at, name in enumerate(LONGEST_FIRST) if item.module.__name__.startswith(name)), 99)
    return item.get_closest_marker("end_to_end") is not None, package


def pytest_addoption(parser):
    parser.addoption(
        "--chaos-seeds", help="schedules of tests/chaos to play: one seed, or a range such as 1-200 (default: a few)"
    )
    parser.addoption(
        "--dbt-packages", help="the folder that `dbt deps` made of fivetran/intercom, for test_dbt_intercom.py"
    )


@pytest.fixture(scope="session", autouse=True)
def _environment(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        own = tmp_path_factory.getbasetemp()
        patch.setenv(FOLDER, str(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own))
        patch.setenv("DLT_DATA_DIR", str(tmp_path_factory.mktemp("dlt")))
        patch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
        # Programs that tests start again and again (dbt, our own) may keep what they have compiled.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture
def no_waiting_between_attempts():
    """Try again without the waits in between, as often as usual."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture(scope="session")
def postgres_server():
    """The URL of a PostgreSQL, the only one of this worker but for tests that change a server or make roles."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def postgres(postgres_server):
    """The URL of an empty database of PostgreSQL."""
    with own_database(postgres_server) as url:
        yield url
