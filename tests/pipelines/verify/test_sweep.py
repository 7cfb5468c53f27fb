"""The command `sweep` as a person meets it, interrupted, and on another destination."""

import json
import signal

import pytest

from simulator import SimulatorProcess
from tests.support.workspace import marks, rows

ENTITIES = ("companies", "contacts", "conversations", "tickets")
DAY_SECONDS = 86_400
SIZES = {"contacts": 30, "companies": 8, "conversations": 25, "tickets": 8, "rate_limit": 0}


@pytest.fixture
def workspace():
    """Return a workspace of the test's own, because it changes."""
    with SimulatorProcess(seed=17, **SIZES) as running:
        yield running


@pytest.fixture
def at_workspace(invoke, workspace):
    """Return the command, pointed at `workspace`."""

    def call(*arguments):
        return invoke(*arguments, SOURCES__INTERCOM__BASE_URL=workspace.url)

    return call


def last_sweep(at_workspace):
    return json.loads(at_workspace("status", "--format", "json")[1])["sweeps"]["contacts"]


@pytest.mark.usefixtures("empty_tables")
def test_a_sweep_says_what_it_will_cost_what_it_found_and_rebuilds_the_models(at_workspace, workspace, tmp_path):
    assert at_workspace("sync", *ENTITIES, "--quiet")[0] == 0
    before = rows(tmp_path / "intercom_data.duckdb", "SELECT count(*) FROM intercom.fct_conversations")[0][0]
    workspace.mutate(2, kinds=["conversation_deleted"])
    code, output, errors = at_workspace("sweep")
    assert code == 0, output + errors
    assert f"sweep_conversations begins  in_intercom {before - 2}  loaded {before}" in errors
    assert "calls_expected 4" in errors
    assert "models built" in output
    assert rows(tmp_path / "intercom_data.duckdb", "SELECT count(*) FROM intercom.fct_conversations") == [(before - 2,)]
    status = at_workspace("status")[1].partition("last sweeps")[2]
    assert [line.split()[-5:] for line in status.splitlines() if "conversations" in line] == [["2", "0", "0", "0", "0"]]


@pytest.mark.usefixtures("empty_tables")
def test_a_sweep_of_what_was_created_since_counts_the_marks_among_that(at_workspace, workspace):
    """Otherwise those of years would be taken from the few that are loaded, and each missing one costs a call."""
    workspace.clock(frozen=True)
    at_workspace("sync", "contacts", "--quiet", "--no-transform")
    workspace.mutate(12, kinds=["contact_deleted"])
    assert at_workspace("sweep", "contacts", "--quiet", "--no-transform")[0] == 0
    whole = last_sweep(at_workspace)
    workspace.clock(advance=2 * DAY_SECONDS)
    created = {change["id"] for change in workspace.mutate(9, kinds=["contact_created"])}
    at_workspace("sync", "contacts", "--quiet", "--no-transform")
    workspace.mutate(10, seed=2, kinds=["contact_deleted"])
    missing = created - {contact["id"] for contact in workspace.truth()["contacts"]}
    assert missing
    _, output, errors = at_workspace("sweep", "contacts", "--since-last", "--no-transform", "--log-format", "json")
    planned = next(line for line in map(json.loads, errors.splitlines()) if line["event"] == "sweep planned")
    listed = len(created - missing)
    assert (planned["in_intercom"], planned["loaded"], planned["marked"]) == (listed, len(created), 0), output
    assert (planned["calls_expected"], planned["calls_for_merges"]) == (2 + len(missing), 3 * len(missing))
    at_workspace("sweep", "contacts", "--since-last", "--no-transform")
    errors = at_workspace("sweep", "contacts", "--since-last", "--no-transform")[2]
    assert f"loaded {len(created)}  marked {len(missing)}  calls_expected 2\n" in errors
    found = last_sweep(at_workspace)
    assert (found["last_complete_at"], found["gone"]) == (whole["last_complete_at"], 12), "the last whole one"


@pytest.mark.usefixtures("empty_tables")
def test_a_sweep_that_finds_nothing_builds_nothing_and_tells_machines(at_workspace):
    at_workspace("sync", "contacts", "tickets", "--quiet", "--no-transform")
    code, output, errors = at_workspace("sweep", "contacts", "tickets", "--log-format", "json")
    ended = json.loads(errors.splitlines()[-1])
    assert (code, output) == (0, "")
    assert (ended["status"], ended["found"], ended["failed_checks"]) == ("complete", {}, [])
    listed = at_workspace("query", "SELECT resource FROM sync_resources WHERE count_calls = 2", "--format", "csv")[1]
    assert "sweep_tickets" in listed


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["articles"], "every sync"),
        (["conversation"], "contacts"),
        ([], "intercom-elt sync"),
    ],
)
def test_a_sweep_that_makes_no_sense_says_what_does(invoke, arguments, advice):
    code, _, errors = invoke("sweep", *arguments)
    assert code == 64
    assert advice in errors


@pytest.mark.usefixtures("empty_tables")
@pytest.mark.parametrize("command", ["sweep", "audit"])
def test_the_command_that_loads_what_is_to_be_looked_at_loads_it_there(invoke, command):
    code, _, errors = invoke(command, "--dataset", "support")
    assert (code, errors.splitlines()[-1].endswith("load it with: intercom-elt sync --dataset support")) == (64, True)


@pytest.mark.usefixtures("empty_tables")
def test_what_was_never_synced_is_left_out(at_workspace):
    at_workspace("sync", "contacts", "--no-transform", "--quiet")
    code, output, errors = at_workspace("sweep", "--no-transform")
    assert code == 0
    assert "sweep_tickets: nothing was ever loaded" in errors
    assert "contacts" in output
    assert "tickets" not in output
    code, _, errors = at_workspace("sweep", "tickets", "companies", "--quiet")
    assert code == 64
    assert "holds nothing of tickets, companies to sweep; load it with: intercom-elt sync tickets companies" in errors


@pytest.mark.usefixtures("empty_tables")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_sweep_that_is_ended_in_the_middle_marks_nothing(command, slow_simulator, end):
    command.point_at(slow_simulator)
    assert command.run("sync", "contacts", "--no-transform")[0] == 0
    gone = {change["id"] for change in slow_simulator.mutate(25, kinds=["contact_deleted"])}
    slow_simulator.faults({"kind": "slow", "operation": "ShowContact", "delay_seconds": 0.5, "times": 0})
    slow_simulator.clear_requests()
    ended = command.start("sweep", "contacts", "--no-transform", SOURCES__INTERCOM__CONNECTIONS="1")
    slow_simulator.wait_for_requests(8)
    ended.send_signal(end)
    output, _ = ended.communicate(timeout=120)
    assert ended.returncode == (-signal.SIGKILL if end == signal.SIGKILL else 1), output
    database = command.folder / "intercom_data.duckdb"
    assert marks(database, "contacts") == {}
    slow_simulator.faults()
    code, output, errors = command.run("sweep", "contacts", "--no-transform")
    assert code == 0, output + errors
    assert marks(database, "contacts").keys() == gone


@pytest.mark.usefixtures("empty_tables")
def test_a_sweep_of_postgres_finds_what_a_sweep_of_duckdb_finds(at_workspace, workspace, postgres, monkeypatch):
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    places = ([], ["--destination", "postgres"])
    for place in places:
        assert at_workspace("sync", *ENTITIES, "--no-transform", "--quiet", *place)[0] == 0
    workspace.mutate(4, kinds=["contact_deleted", "silent_contact_merged_into"])
    workspace.mutate(9, kinds=["silent_contact_tagged", "silent_contact_noted", "silent_company_tagged"])
    found = []
    for place in places:
        code, output, errors = at_workspace("sweep", "--no-transform", "--log-format", "json", *place)
        assert code == 0, output + errors
        found.append(json.loads(errors.splitlines()[-1])["found"])
    assert found[0] == found[1]
    assert found[0]["sweep_contacts"]["marked"] >= 4
    assert found[0]["sweep_contacts"]["silent"] > 0
