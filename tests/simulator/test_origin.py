"""No website in a browser on this machine can change or read the simulated workspace."""

import httpx
import pytest

from simulator import SimulatorProcess
from simulator.control.origin import is_cross_site


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:8080", "origin": "https://evil.example"},
        {"host": "127.0.0.1:8080", "origin": "null"},
        {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:9090"},
        {"host": "localhost:8080", "sec-fetch-site": "cross-site"},
        {"host": "localhost:8080", "sec-fetch-site": "same-site"},
        {"host": "evil.example:8080", "origin": "http://evil.example:8080"},  # a name that points to this machine
        {"host": "127.0.0.1.evil.example"},
    ],
)
def test_other_websites_are_refused(headers):
    assert is_cross_site(headers, "127.0.0.1")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:8080"},
        {"host": "[::1]:8080"},
        {"host": "localhost:8080", "origin": "http://localhost:8080", "sec-fetch-site": "same-origin"},
        {"host": "localhost:8080", "sec-fetch-site": "none"},
        {"host": "simulator:8080"},
        {"host": "simulator.internal:8080"},
    ],
)
def test_programs_and_its_own_pages_are_answered(headers):
    assert not is_cross_site(headers, "simulator.internal")


def test_a_refused_request_changes_nothing():
    with SimulatorProcess(seed=1, contacts=3, companies=1, conversations=1, tickets=1) as simulator:
        before = simulator.truth()["contacts"]
        evil = {"Origin": "https://evil.example"}
        for method, name in (("POST", "mutate"), ("POST", "reset"), ("GET", "truth"), ("GET", "requests")):
            answer = httpx.request(method, f"{simulator.url}/_simulator/{name}", headers=evil)
            assert answer.status_code == 403
        assert simulator.truth()["contacts"] == before
