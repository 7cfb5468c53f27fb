"""The log for machines: one schema, whatever happens, and the page that documents it."""

import ast
import json
import os
import re
import subprocess
from pathlib import Path

import duckdb
import pytest

from pipelines.forget.forget import Forgetting
from pipelines.invocation import COMMANDS
from pipelines.journal import events
from pipelines.journal.display import Display
from pipelines.journal.events import AUDIT_FIELDS, EVENTS, PERSON_FORGOTTEN, Event
from pipelines.journal.json_log import ENVELOPE
from pipelines.journal.json_log_page import page
from tests.support.processes.launched import shell_script
from transforms.runner.build_report import BuildReport, ModelResult

ROOT = Path(__file__).parents[3]
BY_NAME = {event.name: event for event in EVENTS}
SAYING = {"say", "end", "log"}
JSON = ("--log-format", "json")
WRONG_TOKEN = {"SOURCES__INTERCOM__ACCESS_TOKEN": "wrong"}


def said(errors):
    """The lines, each of which has to be as the page says."""
    lines = [json.loads(line) for line in errors.splitlines()]
    for line in lines:
        event = BY_NAME[line["event"]]
        assert list(line)[: len(ENVELOPE)] == list(ENVELOPE)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"])
        assert line["level"] in event.levels
        assert line.keys() - ENVELOPE.keys() in (set(event.fields), set(event.fields | AUDIT_FIELDS))
    return lines


def names(lines):
    return [line["event"] for line in lines]


def calls():
    """Every place in the code that says an event: the event's name there, and the names of the fields."""
    for file in (ROOT / "pipelines").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            called = getattr(node, "func", None)
            name = getattr(called, "attr", getattr(called, "id", None))
            if name in SAYING and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id.isupper():
                yield file.name, node.args[0].id, [keyword.arg for keyword in node.keywords]


def test_every_event_is_said_with_the_fields_that_it_has():
    places = list(calls())
    for file, name, fields in places:
        event = getattr(events, name)
        if None not in fields:  # a mapping that is spread out is seen by the runs below
            assert set(fields) == set(event.fields), (file, name)
    known = {name: event for name, event in vars(events).items() if isinstance(event, Event)}
    assert known.keys() == {name for _, name, _ in places}
    assert {event.name for event in known.values()} == set(BY_NAME)


def test_the_page_is_that_of_the_code():
    assert (ROOT / "docs" / "logs.md").read_text() == page()


def test_the_codes_of_an_erasure_are_those_of_the_build_after_it():
    causes = (duckdb.IOException("No space left on device"), duckdb.BinderException("no such column"))
    failed = [BuildReport([ModelResult("fct_n", "marts", "failed", 0.1, cause=cause)]) for cause in causes]
    codes = {str(int(Forgetting("1", build=build).code)) for build in (None, BuildReport(), *failed)}
    assert set(re.findall(r"\d+", PERSON_FORGOTTEN.fields["exit_code"])) == codes


@pytest.mark.usefixtures("empty_tables")
def test_a_run_says_how_it_goes(invoke, simulator):
    code, output, errors = invoke("sync", "tags", "companies", *JSON)
    lines = said(errors)
    assert (code, output) == (0, "")
    assert names(lines)[0] == "run begun"
    assert [lines[-1][name] for name in ("event", "status", "exit_code")] == ["run ended", "complete", 0]
    assert lines[-1]["rows"]["companies"] == len(simulator.truth()["companies"])
    assert {line["run_id"] for line in lines} == {lines[0]["run_id"]}
    begun = [line["resource"] for line in lines if line["event"] == "resource begun"]
    ended = {line["resource"]: line["status"] for line in lines if line["event"] == "resource ended"}
    assert len(begun) == len(set(begun))
    assert ended == dict.fromkeys(begun, "complete")
    assert {"workspace", "tags", "companies"} == set(begun)
    assert "models built" in names(lines)
    checks = next(line for line in lines if line["event"] == "checks run")
    assert checks["warned"] == names(lines).count("check failed")
    runs = json.loads(invoke("query", "SELECT run_id FROM sync_runs", "--format", "json")[1])
    assert runs == {"run_id": lines[0]["run_id"]}


@pytest.mark.usefixtures("empty_tables")
def test_a_run_that_fails_says_of_what(invoke, troubled):
    troubled.knobs(missing_scopes="tags")
    code, _, errors = invoke("sync", "tags", "--no-transform", *JSON)
    lines = said(errors)
    assert code == 1
    (ended,) = [line for line in lines if line["event"] == "resource ended" and line["resource"] == "tags"]
    assert (ended["level"], ended["status"]) == ("error", "failed")
    assert "403" in ended["error"]
    assert (lines[-1]["event"], lines[-1]["level"], lines[-1]["exit_code"]) == ("run ended", "error", 1)


@pytest.mark.usefixtures("empty_tables")
def test_what_the_source_logs_is_said_by_the_run_in_its_own_format(command, troubled):
    troubled.faults({"kind": "cut", "operation": "SearchContacts", "total_count": 35, "times": 4})
    code, _, errors = command.run("sync", "contacts", "--no-transform", *JSON)
    lines = said(errors)
    warnings = [line for line in lines if line["event"] == "warning"]
    assert code == 0
    assert "/contacts/search: Intercom counts 35 records but lists 30" in warnings[-1]["message"]
    assert {line["run_id"] for line in warnings} == {lines[0]["run_id"]}
    code, output, errors = command.run("sync", "contacts", "--no-transform", "--full-refresh", "--quiet")
    assert (code, output, errors) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "settings", "code"),
    [
        (["sync", *JSON], {"SOURCES__INTERCOM__ACCESS_TOKEN": ""}, 64),
        (["sync", *JSON], {"SOURCES__INTERCOM__ACCESS_TOKEN": "wrong"}, 64),
        (["sync", "--log-format=json", "--colour"], {}, 64),
        (["sweep", *JSON, "--verbose"], {}, 64),
        (["transform", *JSON, "--quiet"], {}, 64),
    ],
)
def test_an_error_is_a_line_of_the_same_format(invoke, arguments, settings, code):
    returned, _, errors = invoke(*arguments, **settings)
    (line,) = [line for line in said(errors) if line["event"] == "error"]
    assert (returned, line["exit_code"], line["level"]) == (code, code, "error")
    assert (line["traceback"] is not None) == ("--verbose" in arguments)


def test_doctor_says_each_thing_that_it_looks_at(invoke):
    code, output, errors = invoke("doctor", *JSON, **WRONG_TOKEN)
    lines = said(errors)
    assert (code, output, set(names(lines))) == (64, "", {"examined"})
    held = {line["subject"]: line["exit_code"] for line in lines}
    assert (held["configuration"], held["access token"], held["destination"]) == (0, 64, 0)
    assert all(line["holds"] == (line["exit_code"] == 0) == (line["level"] == "info") for line in lines)


@pytest.mark.usefixtures("empty_tables")
def test_forgetting_is_logged_with_counts_and_without_the_person(invoke, simulator):
    invoke("sync", "contacts", "--no-transform", "--quiet")
    person = next(one for one in simulator.truth()["contacts"] if one["email"] and one["role"] == "user")
    code, output, errors = invoke("forget", person["id"], "--yes", *JSON)
    (line,) = [line for line in said(errors) if line["event"] == "person forgotten"]
    assert (code, output, line["exit_code"]) == (0, "", 0)
    assert line["rows"]["contacts"] == line["records"]["contacts"] == 1
    assert person["email"] not in errors
    code, output, errors = invoke("forget", person["id"], "--undo", *JSON)
    assert (code, output, names(said(errors))) == (0, "", ["person released"])


def test_every_command_takes_the_format_and_says_its_errors_in_it(invoke):
    for name in (name for name in COMMANDS if name != "simulator"):
        code, _, errors = invoke(name, *JSON, "--no-such-option")
        assert (code, names(said(errors))) == (64, ["error"]), name
        assert "--log-format" in invoke(name, "--help")[1], name
    code, output, errors = invoke("query", "SELECT 1 AS x", "--database", "nowhere.duckdb", *JSON)
    assert (code, output, names(said(errors))) == (64, "", ["error"])


@pytest.mark.usefixtures("empty_tables")
def test_building_alone_is_logged_too(invoke):
    invoke("sync", "tags", "--no-transform", "--quiet")
    code, output, errors = invoke("transform", "--select", "+dim_teams", *JSON)
    assert (code, output) == (0, "")
    assert {"models built", "checks run"} <= set(names(said(errors)))


@pytest.mark.usefixtures("empty_tables")
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_log_on_a_full_disk_changes_nothing_of_how_a_command_ends(command, log_format):
    script = command.folder / "intercom-elt"
    script.write_text(shell_script())

    def run(*arguments, **settings):
        asked = ["sh", script, *arguments, "--log-format", log_format]
        environment = {**os.environ, **command.settings, **settings}
        with Path("/dev/full").open("w") as full:
            streams = {"stdout": full, "stderr": full}
            return subprocess.run(asked, cwd=command.folder, env=environment, **streams, check=False).returncode

    assert run("sync", "tags", **WRONG_TOKEN) == 64
    assert run("sync", "tags", "--no-transform") == 0
    assert run("transform", "--select", "+dim_teams") == 0
    if log_format == "text":
        assert run("query", "SELECT 1") == 1, "whose rows are what was asked for"
    assert '"complete"' in command.run("query", "SELECT status FROM sync_runs", "--format", "json")[1]


def test_people_read_each_fact_once(capsys):
    Display("text").say(events.AUDIT_PLANNED, records=1_200, calls=1_344, seed=7)
    assert capsys.readouterr().err == "reading again, about 1,344 calls  records 1200  seed 7\n"
