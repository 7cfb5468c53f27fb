"""The process itself: starting, sizes, clock, log, and never outliving its parent."""

import os
import signal
import subprocess
import sys

import httpx
import orjson
import pytest

from simulator import SimulatorProcess
from simulator.clock import Clock
from simulator.control import answer_control
from simulator.generate import populate
from simulator.options import Options
from simulator.running.state import State
from tests.support.simulated_api import client_of


def test_the_same_seed_and_start_give_the_same_workspace():
    with (
        SimulatorProcess(seed=8, conversations=50, now="2026-01-01") as first,
        SimulatorProcess(seed=8, conversations=50, now="2026-01-01") as second,
    ):
        assert first.truth() == second.truth()
        second.reset(seed=9)
        assert first.truth() != second.truth()


class ClockOfASlowMachine(Clock):
    """A second goes by with every look at it."""

    def now(self):
        if not self.is_frozen:
            self.advance(1)
        return super().now()


def test_how_long_it_takes_to_make_a_workspace_does_not_show_in_it():
    options = Options(contacts=20, companies=5, conversations=20, tickets=10)
    slow, quick = (populate(options, clock) for clock in (ClockOfASlowMachine(1_772_366_399), Clock(1_772_366_400)))
    assert slow.app == quick.app
    assert slow.data_attributes == quick.data_attributes
    assert [store.records for store in slow.stores] == [store.records for store in quick.stores]


@pytest.mark.parametrize(
    "sizes", [{"contacts": 0, "companies": 0}, {"contacts": 1, "companies": 0, "conversations": 1, "tickets": 1}]
)
def test_small_workspaces_work(sizes):
    with SimulatorProcess(**sizes) as simulator:
        truth = simulator.truth()
        assert len(truth.get("contacts", [])) == sizes["contacts"]
        simulator.mutate(20)
        assert (
            httpx.get(f"{simulator.url}/me", headers={"Authorization": f"Bearer {simulator.token}"}).status_code == 200
        )


def test_ctrl_c_in_its_parents_terminal_is_none_of_its_business():
    with SimulatorProcess(contacts=0, conversations=0) as simulator:
        assert os.getsid(simulator.pid) != os.getsid(0)


def test_it_ends_when_its_parent_does():
    server = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--contacts=0", "--exit-with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert server.stdout.readline().startswith("http://127.0.0.1:")
    server.stdin.close()
    assert server.wait(timeout=20) == 0
    server.stdout.close()


def test_the_clock_moves_stands_and_runs(lively):
    start = lively.clock()
    assert lively.clock(advance=100) == start + 100
    assert lively.clock(to="2026-03-10T12:00:00Z") == 1_773_144_000
    assert lively.clock(advance=-50) == 1_773_143_950
    assert lively.clock(frozen=False) in {1_773_143_950, 1_773_143_951}


def test_requests_are_logged_and_counted(lively, lively_api):
    lively_api.get("/me")
    lively.clear_requests()
    lively_api.post(
        "/contacts/search", json={"query": {"field": "id", "operator": "=", "value": "x"}}, params={"a": "b"}
    )
    lively_api.get("/contacts/unknown")
    search, show = lively.requests()
    assert (search["operation"], search["method"], search["path"], search["query"]) == (
        "SearchContacts",
        "POST",
        "/contacts/search",
        "a=b",
    )
    assert '"field"' in search["body"]
    assert (show["operation"], show["status"]) == ("ShowContact", 404)
    assert lively.counters()["operations"] == {"SearchContacts": 1, "ShowContact": 1}
    assert lively.counters()["statuses"] == {"200": 1, "404": 1}
    assert sum(window["calls"] for window in lively.counters()["windows"]) == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [("timezone", "Nowhere/Land"), ("contacts", -1), ("export_container", "rar"), ("seed", "1"), ("sead", 1)],
)
def test_an_option_that_cannot_be_is_refused(option, value):
    with pytest.raises((ValueError, TypeError), match=option):
        SimulatorProcess(**{option: value})


def test_knobs_are_checked(lively):
    for knobs in ({"news_next": "x"}, {"rate_limit": "many"}, {"seed": 2}, {"churn_kinds": "contact_created,nonsense"}):
        with pytest.raises(ValueError, match=r"must|unknown"):
            lively.knobs(**knobs)
    for options in ({"timezone": "Nowhere"}, {"missing_scopes": "tikets"}, {"churn_kinds": "contact_created,nonsense"}):
        with pytest.raises(ValueError, match=r"timezone|unknown"):
            lively.reset(**options)


@pytest.mark.parametrize(
    "refused",
    [
        {"fill_from": "/nowhere/at/all"},
        {"faults": '[{"kind": "nonsense"}]'},
        {"now": "someday"},
        {"missing_scopes": "tikets"},
    ],
)
def test_a_refused_reset_changes_nothing(refused):
    state = State(Options(contacts=3, companies=1, conversations=3, tickets=1, now="2026-01-01"))
    state.log.operations["listTags"] = 1
    before = dict(vars(state))
    for asked in ({"seed": 2, **refused}, ["seed"]):
        answer = answer_control(state, "POST", "/_simulator/reset", {}, orjson.dumps(asked))
        assert answer.status_code == 400
        assert (vars(state), state.log.operations) == (before, {"listTags": 1})


def test_an_interrupt_ends_it_without_a_traceback():
    command = [sys.executable, "-m", "simulator", "--contacts=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        server.stdout.readline()
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
    assert (server.returncode, errors) == (0, "")


def assert_is_failure(answer):
    assert (answer.status_code, answer.json()["type"]) == (500, "error.list")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert "Date" in answer.headers


def ask_for_what_it_fails_at(**options):
    with SimulatorProcess(**options) as simulator, client_of(simulator) as api:
        assert_is_failure(api.get("/conversations/1", params={"display_as": "plaintext"}))
        assert simulator.counters()["own_failures"] == 1


def change_what_it_fails_at(**options):
    with SimulatorProcess(**options) as simulator, client_of(simulator) as api:
        simulator.churn(every=1, kinds="conversation_bot_replied")
        assert_is_failure(api.get("/me"))
        assert simulator.counters()["own_failures"] == 1


@pytest.mark.parametrize("do", [ask_for_what_it_fails_at, change_what_it_fails_at])
def test_a_failure_of_the_simulator_itself_is_not_taken_for_one_of_intercom(tmp_path, do):
    """Clients ask again after a 500: the fault would show nowhere. Here a record lacks what every live one has."""
    (tmp_path / "conversations.ndjson").write_text('{"id": "1", "created_at": 1, "updated_at": 1}')
    with pytest.raises(RuntimeError, match=r"failed at requests \(1\)"):
        do(fill_from=str(tmp_path))
