"""The commands as a person meets them: what they print and how they end."""

import csv
import io
import json
import shutil

import duckdb
import pytest

from pipelines.invocation import COMMANDS
from tests.support.processes.command import Command

ACCESS = "SOURCES__INTERCOM__ACCESS_TOKEN"


@pytest.fixture(scope="module")
def first_sync(simulator, tmp_path_factory):
    """Return the folder in which a sync has loaded and built everything, with its exit code and what it has said."""
    command = Command(tmp_path_factory.mktemp("loaded"))
    command.point_at(simulator)
    code, output, _ = command.run("sync")
    return command.folder, code, output


@pytest.fixture
def loaded(invoke, first_sync, tmp_path):
    """Return the command on a folder with a copy of its database."""
    shutil.copy(first_sync[0] / "intercom_data.duckdb", tmp_path)
    return invoke


def test_without_arguments_the_commands_are_listed(invoke):
    code, output, _ = invoke()
    assert code == 0
    assert all(name in output for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_shows_an_example(invoke, name):
    code, output, _ = invoke(name, "--help")
    assert code == 0
    assert f"intercom-elt {name}" in output.partition("Examples")[2]


def test_sync_ends_with_rows_calls_and_checks(first_sync):
    _, code, output = first_sync
    assert code == 0
    assert "conversation_parts" in output
    assert "calls (0 retries" in output
    assert "checks passed" in output
    assert "Complete. Everything that was asked for is in intercom_data.duckdb." in output


@pytest.mark.usefixtures("empty_tables")
def test_a_quiet_sync_tells_machines_why_it_failed(invoke, troubled):
    troubled.knobs(missing_scopes="tags")
    code, output, errors = invoke("sync", "tags", "--no-transform", "--quiet", "--log-format", "json")
    assert (code, output) == (1, "")
    assert "answered 403" in json.loads(errors)["failures"]["tags"]


@pytest.mark.usefixtures("empty_tables")
def test_named_resources_are_read_and_no_others(invoke):
    invoke("sync", "tags", "--no-transform")
    code, output, _ = invoke("query", "SELECT resource FROM sync_resources ORDER BY 1", "--format", "csv")
    assert (code, output.split()) == (0, ["resource", "tags", "workspace"])


@pytest.mark.usefixtures("empty_tables")
def test_a_quiet_sync_says_nothing_and_an_excluded_resource_is_left_out(invoke, simulator):
    assert invoke("sync", "--exclude", "tickets", "--no-transform", "--quiet") == (0, "", "")
    count = len(simulator.truth()["conversations"])
    assert "\n0\n" in invoke("query", "SELECT count(*) AS n FROM tickets", "--format", "csv")[1]
    assert f"\n{count}\n" in invoke("query", "SELECT count(*) AS n FROM conversations", "--format", "csv")[1]


def test_query_prints_csv_and_json_that_programs_read(loaded):
    _, as_csv, _ = loaded("query", "SELECT id, open FROM conversations ORDER BY id LIMIT 2", "--format", "csv")
    _, as_json, _ = loaded("query", "SELECT id, open FROM conversations ORDER BY id LIMIT 2", "--format", "json")
    from_csv = list(csv.DictReader(io.StringIO(as_csv)))
    from_json = [json.loads(line) for line in as_json.splitlines()]
    assert [row["id"] for row in from_csv] == [row["id"] for row in from_json]
    assert {type(row["open"]) for row in from_json} == {bool}


@pytest.fixture
def empty(invoke, tmp_path):
    """Return the command on a folder with a database without tables."""
    duckdb.connect(str(tmp_path / "intercom_data.duckdb")).close()
    return invoke


def test_query_shows_texts_as_people_wrote_them(empty):
    written = "see [red]here[/red] [redacted] [/] :smile:"
    code, output, _ = empty("query", f"SELECT '{written}' AS body")
    assert code == 0
    assert written in output


def test_query_loses_no_column_that_has_the_name_of_another(empty):
    _, output, _ = empty("query", "SELECT 1 AS id, 2 AS id, 3 AS id_1", "--format", "json")
    assert sorted(json.loads(output).values()) == [1, 2, 3]


def test_query_writes_a_histogram_as_json(empty):
    code, output, _ = empty("query", "SELECT histogram(n) AS bins FROM (VALUES (7), (7)) AS v (n)", "--format", "json")
    assert (code, json.loads(output)) == (0, {"bins": {"7": 2}})


@pytest.mark.parametrize("sql", [" ", " ; "])
def test_query_without_a_statement_says_so(empty, sql):
    code, _, errors = empty("query", sql)
    assert code == 64
    assert "no statement" in errors


def test_query_explains_a_mistake(loaded):
    code, _, errors = loaded("query", "SELECT * FROM conversation")
    assert code == 64
    assert "conversations" in errors


def test_query_cannot_change_the_database(loaded):
    code, _, errors = loaded("query", "DROP TABLE intercom_raw.contacts")
    assert code == 64
    assert "only reads" in errors


def test_status_shows_runs_freshness_and_rows(loaded):
    code, output, _ = loaded("status")
    assert code == 0
    assert "complete" in output
    assert "contact_segments" in output
    assert "never" in output, "contact_segments was never read"


def test_transform_builds_what_is_selected(loaded):
    code, output, _ = loaded("transform", "--select", "fct_conversations")
    assert code == 0
    assert "models built" in output
    code, _, errors = loaded("transform", "--select", "no_such_model")
    assert code == 64
    assert "no_such_model" in errors


def test_doctor_finds_nothing_wrong(invoke):
    code, output, _ = invoke("doctor")
    assert code == 0
    assert "FAILED" not in output
    assert "read conversations" in output


@pytest.mark.usefixtures("empty_tables")
def test_a_list_that_the_workspace_does_not_have_is_said_to_be_left_out(invoke, troubled):
    troubled.faults({"kind": "not_found", "operation": "listNewsItems", "times": 0})
    code, _, errors = invoke("sync", "news_items", "--no-transform", "--quiet")
    assert (code, "Leave it out: intercom-elt sync --exclude news_items" in errors) == (1, True), errors
    code, output, _ = invoke("doctor")
    failed = [line for line in output.splitlines() if "FAILED" in line]
    assert (code, len(failed), "read news_items" in failed[0]) == (1, 1, True), output
    code, output, _ = invoke("doctor", SOURCES__INTERCOM__EXCLUDE='["news_items"]')
    assert (code, "FAILED" in output) == (0, False), "nor does a sync without it fail"


def test_doctor_advises_to_leave_out_what_is_not_left_out_yet(invoke, troubled):
    troubled.knobs(missing_scopes="events")
    code, output, _ = invoke("doctor", SOURCES__INTERCOM__EXCLUDE='["data_events"]')
    (failed,) = [line for line in output.splitlines() if "FAILED" in line]
    assert (code, "read data_event_summaries" in failed) == (1, True), failed
    assert "--exclude data_event_summaries." in " ".join(output.split()), "data_events is excluded already"


def test_doctor_says_what_to_do_about_a_wrong_token(invoke):
    code, output, _ = invoke("doctor", **{ACCESS: "wrong"})
    assert code == 64
    assert "Check access_token under [sources.intercom]" in " ".join(output.split())


@pytest.mark.parametrize(("name", "value"), [("HTTPS_PROXY", "::x::"), ("SSL_CERT_FILE", "/nowhere/authorities.pem")])
def test_doctor_names_what_the_environment_has_wrong_and_looks_at_the_rest(invoke, simulator, monkeypatch, name, value):
    for variable in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    encrypted = simulator.url.replace("http:", "https:")
    code, output, _ = invoke("doctor", **{name: value, "SOURCES__INTERCOM__BASE_URL": encrypted})
    said = " ".join(output.split())
    assert (code, f"not tried: {name} names" in said, "intercom_data.duckdb will be created" in said) == (
        64,
        True,
        True,
    )


@pytest.mark.usefixtures("no_waiting_between_attempts")
def test_doctor_says_once_that_nobody_answers(invoke):
    code, output, errors = invoke("doctor", SOURCES__INTERCOM__BASE_URL="http://127.0.0.1:1")
    assert (code, errors) == (1, "")
    assert "Check the network" in " ".join(output.split())
