"""`sync --plan`: what a sync would cost, before anything is read."""

import json
from datetime import UTC, datetime

import duckdb
import pytest

HELD = "SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM contacts) AS contacts"


def lines(output):
    return [json.loads(line) for line in output.splitlines()]


def planned(errors):
    said = lines(errors)
    by_resource = {line["resource"]: line for line in said if line["event"] == "resource planned"}
    [whole] = [line for line in said if line["event"] == "sync planned"]
    return by_resource, whole


def test_the_calls_of_a_first_sync_and_of_the_next_are_known_before_they_are_sent(invoke, simulator, tmp_path):
    plan = ("sync", "--plan", "--quiet", "--log-format", "json", "--exclude", "content_export")
    for step in ("first", "next"):
        simulator.clear_requests()
        code, _, errors = invoke(*plan, DLT_DATA_DIR=str(tmp_path / "dlt"))
        assert code == 0
        assert len(simulator.requests()) <= 9, "a call for each kind of record that is counted"
        assert [file for file in (tmp_path / "dlt").rglob("*") if file.is_file()] == [], "nothing is left of it"
        by_resource, whole = planned(errors)
        assert whole["is_first"] == (step == "first")
        simulator.clear_requests()
        assert invoke("sync", "--no-transform", "--quiet", "--exclude", "content_export")[0] == 0
        assert len(simulator.requests()) == pytest.approx(whole["calls"], rel=0.1, abs=8)
        if step == "first":
            held = json.loads(invoke("query", HELD, "--format", "json")[1])
            assert by_resource["conversations"]["records"] == pytest.approx(held["conversations"], abs=1)
            assert by_resource["contacts"]["records"] == pytest.approx(held["contacts"], abs=1)


@pytest.mark.usefixtures("empty_tables")
def test_a_plan_of_what_is_wanted_again_begins_where_the_run_does(invoke, simulator):
    """Where nothing was ever loaded, that is at the beginning, and never after what is still to be read."""
    names, today = ("sync", "contacts", "conversations", "articles", "--quiet"), datetime.now(UTC).date().isoformat()
    for step in (("--since", today), ("--since", "2000-01-01"), ("--full-refresh",)):
        _, whole = planned(invoke(*names, *step, "--plan", "--log-format", "json")[2])
        simulator.clear_requests()
        assert invoke(*names, *step, "--no-transform")[0] == 0
        assert len(simulator.requests()) == pytest.approx(whole["calls"], rel=0.1, abs=4), step


@pytest.mark.usefixtures("empty_tables")
def test_whatever_else_is_in_the_file_the_raw_rows_need_no_more(invoke, tmp_path):
    """The marts are named beside them, as need of their own."""
    again = ("sync", "conversations", "--full-refresh", "--plan", "--quiet", "--log-format", "json")
    assert invoke("sync", "conversations", "--no-transform", "--quiet")[0] == 0
    _, before = planned(invoke(*again)[2])
    with duckdb.connect(str(tmp_path / "intercom_data.duckdb")) as connection:
        connection.execute("CREATE TABLE theirs AS SELECT hash(i) AS h FROM range(1_000_000) AS numbers(i)")
    _, after = planned(invoke(*again)[2])
    assert before["rows"] > 0
    assert (after["rows"], after["megabytes"]) == (before["rows"], before["megabytes"])


def test_a_plan_makes_no_database_and_is_a_table_for_people(invoke, tmp_path):
    code, output, _ = invoke("sync", "--plan", "tags", "conversations", "--quiet")
    assert code == 0, "what was asked for is shown quietly, too"
    assert "A first sync" in output
    assert "Nothing was loaded" in output
    assert [line.split()[0] for line in output.splitlines()[:4]] == ["resource", "workspace", "tags", "conversations"]
    assert not list(tmp_path.glob("*.duckdb"))


def test_what_may_not_be_read_is_named_with_what_to_do(invoke, troubled):
    troubled.faults({"kind": "error", "status": 403, "code": "api_plan_restricted", "operation": "searchTickets"})
    code, output, _ = invoke("sync", "--plan", "tickets")
    assert code == 1
    assert "tickets" in output
    assert "cannot be read" in output
    assert "--exclude tickets" in output
