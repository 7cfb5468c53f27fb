"""A simulator that is only read, shared by all tests, and one that each test may change."""

from collections.abc import Iterator

import pytest

from simulator import SimulatorProcess
from tests.support.simulated_api import NOW, SIZES, SORTED, client_of


@pytest.fixture(scope="session")
def quiet() -> Iterator[SimulatorProcess]:
    """Nobody changes this one."""
    with SimulatorProcess(**SIZES) as simulator:
        simulator.clock(frozen=True)
        yield simulator


@pytest.fixture(scope="session")
def api(quiet):
    with client_of(quiet) as client:
        yield client


@pytest.fixture(scope="session")
def truth(quiet):
    return quiet.truth()


@pytest.fixture(scope="session")
def _lively_process() -> Iterator[SimulatorProcess]:
    with SimulatorProcess(**SIZES) as simulator:
        yield simulator


@pytest.fixture
def lively(_lively_process) -> SimulatorProcess:
    """Made anew for every test; its clock stands still."""
    _lively_process.reset(**SIZES)
    _lively_process.clock(to=NOW, frozen=True)
    return _lively_process


@pytest.fixture
def lively_api(lively):
    with client_of(lively) as client:
        yield client


@pytest.fixture(scope="session")
def search():
    """Posts a search and follows its page cursors to the end."""

    def read(client, entity, query, per_page=150, sort=SORTED):
        key = {"contacts": "data"}.get(entity, entity)
        body = {"query": query, "pagination": {"per_page": per_page}}
        if sort:
            body["sort"] = sort
        records, pages = [], []
        while True:
            response = client.post(f"/{entity}/search", json=body)
            assert response.status_code == 200, response.text
            page = response.json()
            pages.append(page)
            records += page[key]
            following = page["pages"].get("next")
            if not following:
                return records, pages
            body["pagination"]["starting_after"] = following["starting_after"]

    return read
