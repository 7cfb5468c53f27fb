"""Bad input gets one clear line that says what to do, the right exit code, and the database as it was."""

import socket
import sqlite3

import duckdb
import pytest

ACCESS = "SOURCES__INTERCOM__ACCESS_TOKEN"
BASE_URL = "SOURCES__INTERCOM__BASE_URL"
# Destinations whose drivers the tests do without.
SNOWFLAKE = {"DESTINATION__SNOWFLAKE__CREDENTIALS": "snowflake://loader:secret@account/support"}
MYSQL = {"DESTINATION__POSTGRES__CREDENTIALS": "mysql://loader:secret@127.0.0.1/support"}
CLICKHOUSE = {"DESTINATION__CLICKHOUSE__CREDENTIALS": "clickhouse://loader:secret@127.0.0.1:9/support"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.usefixtures("no_waiting_between_attempts")
@pytest.mark.parametrize(
    ("arguments", "settings", "code", "advice"),
    [
        (["sync"], {ACCESS: ""}, 64, "intercom-elt init"),
        (["report", "--since", "yesterday"], {}, 64, "write a date such as"),
        (["report", "--since", "2999-01-01"], {}, 64, "is in the future"),
        (["sync", "--settings", "no.toml"], {}, 64, "There is no file no.toml; correct --settings"),
        (["sync"], {ACCESS: "wrong"}, 64, "Check access_token"),
        (["sync"], {ACCESS: "two words"}, 64, "copy it again"),
        (["sync"], {BASE_URL: "", "SOURCES__INTERCOM__REGION": "mars"}, 64, "one of us, eu, au"),
        (["sync"], {BASE_URL: "api.intercom.io"}, 64, "https://api.intercom.io"),
        (["sync"], {BASE_URL: f"http://127.0.0.1:{free_port()}"}, 1, "Check the network"),
        (["sync"], {"SOURCES__INTERCOM__START_DATE": "2999-01-01"}, 64, "in the future"),
        (["sync"], {"SOURCES__INTERCOM__START_DATE": "soon"}, 64, "write a date such as"),
        (["sync"], {"SOURCES__INTERCOM__CHUNK_RECORDS": "0"}, 64, "more than 0"),
        (["sync", "--since", "yesterday"], {}, 64, "write a date such as"),
        (["sync", "contactz"], {}, 64, "Did you mean contacts? Resources: workspace, admins"),
        (["sync", "--exclude", "contactz"], {}, 64, "Resources: workspace, admins"),
        (["sync", ""], {}, 64, "The argument after sync is empty"),
        (["--config", "simulator", "sync", ""], {}, 64, "The argument after sync is empty"),
        (["--config", ".", "simulator", "--host", ""], {}, 64, "host must not be empty"),
        (["sync", "tags", "--exclude", ""], {}, 64, "The argument after --exclude is empty"),
        (["transform", "--models="], {}, 64, "--models is empty: write one, or leave it out"),
        (["export-dbt", ""], {}, 64, "The argument after export-dbt is empty"),
        (["doctor", "--config"], {}, 64, "Option '--config' requires an argument"),
        (["sync", "--max-rate-share", "nan"], {}, 64, "nan is no number"),
        (["sync", "--destination", "nosuch"], {}, 64, "such as duckdb, postgres"),
        (["sync", "--destination", "dlt.destinations.postgres"], {}, 64, "such as duckdb, postgres"),
        (["sync", "--destination", ""], {}, 64, "The argument after --destination is empty"),
        (["sync", "--database", "intercom_raw.duckdb"], {}, 64, "choose another --database"),
        (["sync", "--database", "X_raw_staging.db", "--dataset", "x"], {}, 64, "choose another --database"),
        (["sync", "--dataset", "Support EU"], {}, 64, ": support_eu."),
        (["sync", "--dataset", "pg_support"], {}, 64, "choose another --dataset"),
        (["sync", "--dataset", "support_staging"], {}, 64, "datasets of another one"),
        (["sync", "--dataset", "support_raw_raw"], {}, 64, "datasets of another one"),
        (["sync", "--dataset", "s" * 52], {}, 64, "at most 51 letters"),
        (["sync", "--dataset", "information_schema"], {}, 64, "choose another --dataset"),
        (["sync", "--database", "temp.duckdb"], {}, 64, "choose another --database"),
        (["sync", "--database", "Information_Schema.duckdb"], {}, 64, "choose another --database"),
        (["sync", "--database", "md:support"], {}, 64, "--destination motherduck"),
        (["sync", "--database", ":memory:"], {}, 64, "is not a file"),
        (["query", "SELECT 1", "--database", ":memory:support"], {}, 64, "is not a file"),
        (["sync", "--destination", "postgres"], {}, 64, "under [destination.postgres.credentials]"),
        (["sync", "--destination", "postgres"], MYSQL, 64, "Check the settings of the destination"),
        (["sync", "--destination", "dummy"], {}, 64, "--destination ducklake is files with such rows"),
        (["transform", "--destination", "snowflake"], SNOWFLAKE, 64, "./run --extra snowflake intercom-elt"),
        (["transform", "--destination", "clickhouse"], CLICKHOUSE, 64, "'dlt[clickhouse]'"),
        (["sync"], {BASE_URL: "https://ada:secret-of-ada@/"}, 64, "https://***@"),
        (["sync"], {BASE_URL: "https://127.0.0.1/?api_key=secret-of-ada"}, 64, "leave them out"),
        (["status", "--dataset", ""], {}, 64, "The argument after --dataset is empty"),
        (["sync", "--database", "no/such/folder.duckdb"], {}, 64, "create it first"),
        (["sync", "--colour"], {}, 64, "--colour. Try: intercom-elt sync --help"),
        (["synk"], {}, 64, "--help"),
        (["query", "SELECT 1"], {}, 64, "intercom-elt sync"),
        (["status"], {}, 64, "intercom-elt sync"),
        (["transform"], {}, 64, "intercom-elt sync"),
        (["sweep"], {}, 64, "intercom-elt sync"),
    ],
)
def test_a_wrong_call_ends_in_one_line_and_leaves_nothing(invoke, tmp_path, arguments, settings, code, advice):
    returned, _, errors = invoke(*arguments, **settings)
    assert (returned, errors.count("\n")) == (code, 1), errors
    assert advice in errors
    assert not list(tmp_path.glob("*.duckdb"))


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (400, 1, "Check base_url, region and versions"),
        (401, 64, "or base_url where that is set, is the workspace's own"),
        (403, 1, "Give the app the permission to read admins"),
    ],
)
def test_whoever_may_not_ask_whose_workspace_it_is_is_told_why(invoke, troubled, tmp_path, status, code, advice):
    """No resource can be left out for it, and it is no defect of ours."""
    for command in (["sync"], ["sync", "--plan"]):
        troubled.faults({"kind": "error", "operation": "identifyAdmin", "status": status, "code": "not_today"})
        returned, _, errors = invoke(*command)
        assert (returned, errors.count("\n")) == (code, 1), errors
        assert f"GET /me answered {status} not_today" in errors
        assert advice in errors
        assert "--exclude" not in errors
        assert "defect" not in errors
    assert not list(tmp_path.glob("*.duckdb"))


@pytest.mark.parametrize("name", ["sweep", "audit", "status"])
def test_a_database_without_rows_of_intercom_is_said_to_be_that(invoke, tmp_path, name):
    duckdb.connect(str(tmp_path / "others.duckdb")).close()
    code, output, errors = invoke(name, "--database", "others.duckdb")
    assert (code, output) == (64, "")
    assert "load it with: intercom-elt sync" in errors


def test_a_link_that_leads_to_itself_is_no_database(invoke, tmp_path):
    (tmp_path / "loop.duckdb").symlink_to("loop.duckdb")
    for arguments in (["sync", "tags"], ["transform"], ["doctor"], ["forget", "ada", "--yes"]):
        code, output, errors = invoke(*arguments, "--database", "loop.duckdb")
        assert (code, "leads nowhere" in output + errors) == (64, True), output + errors


def test_a_file_that_is_no_database_is_left_as_it_is(invoke, tmp_path):
    file = tmp_path / "notes.duckdb"
    file.write_text("remember the milk")
    for plan in ([], ["--plan"]):
        code, _, errors = invoke("sync", *plan, "--database", file)
        assert code == 64
        assert "is not a DuckDB file" in errors
    assert file.read_text() == "remember the milk"


def test_a_file_of_sqlite_is_not_opened(invoke, tmp_path, monkeypatch):
    """DuckDB would fetch an extension for it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with sqlite3.connect(tmp_path / "app.sqlite") as connection:
        connection.execute("CREATE TABLE t (x)")
    code, _, errors = invoke("sync", "tags", "--database", "app.sqlite")
    assert (code, "is not a DuckDB file" in errors) == (64, True), errors
    assert not (tmp_path / ".duckdb").exists()


def test_a_damaged_database_is_called_damaged_and_not_in_use(invoke, tmp_path):
    file = tmp_path / "damaged.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE t AS SELECT i, md5(i::text) AS text FROM range(50000) r(i)")
    size = file.stat().st_size
    with file.open("r+b") as damaged:
        damaged.seek(8192)
        damaged.write(b"\0" * (size - 8192))
    before = file.read_bytes()
    code, _, errors = invoke("sync", "--database", file)
    assert code == 64
    assert "in use" not in errors
    assert "is damaged" in errors
    assert file.read_bytes() == before


def test_demo_replaces_no_database_but_that_of_a_demo(invoke, tmp_path):
    file = tmp_path / "mine.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1 AS one")
    code, _, errors = invoke("demo", "--database", file)
    assert code == 64
    assert "holds main.mine, and demo would delete it" in errors
    assert duckdb.connect(str(file)).execute("FROM mine").fetchall() == [(1,)]


def test_a_broken_file_of_settings_is_wrong_use_and_doctor_still_looks_at_the_rest(command, tmp_path):
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "config.toml").write_text("[sources.intercom\nregion = 'eu'")
    code, _, errors = command.run("sync")
    assert code == 64
    assert "config.toml" in errors
    (tmp_path / ".dlt" / "config.toml").unlink()
    (tmp_path / ".dlt" / "secrets.toml").write_text("[sources.intercom")
    code, output, _ = command.run("doctor")
    assert code == 64
    assert " ".join(output.split()).count("secrets.toml is not valid TOML") == 1
    assert "intercom_data.duckdb will be created" in output
    (tmp_path / ".dlt" / "secrets.toml").unlink()
    code, output, _ = command.run("doctor", **{ACCESS: "", "NOTIFICATIONS__ULR": "https://chat.example.com"})
    assert code == 64
    assert "is not read; there are NOTIFICATIONS__URL" in " ".join(output.split()), (
        "everything that is wrong is said at once"
    )
    assert "No access token found: [sources.intercom] access_token is neither in" in " ".join(output.split())
    assert str(tmp_path) in output.replace("\n", ""), "where it looked"
    assert "intercom_data.duckdb will be created" in output


def test_a_broken_file_of_settings_of_another_folder_is_nobodys(command, tmp_path):
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "config.toml").write_text("x = ")
    (tmp_path / "other").mkdir()
    assert "There is no database" in command.run("status", "--config", "other")[2]
    (tmp_path / "other" / "config.toml").write_text("y = ")
    assert "other/config.toml is not valid TOML" in command.run("status", "--config", "other")[2]


def test_a_database_in_use_is_named_with_its_user(command):
    database = command.folder / "busy.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1 AS one")
        code, _, errors = command.run("sync", "--database", database)
        assert code == 1
        assert "is in use by" in errors
        assert "PID" in errors
    assert [row[0] for row in duckdb.connect(str(database)).execute("SHOW ALL TABLES").fetchall()] == ["busy"]


def test_a_second_run_stops_at_once_and_names_the_first(command, slow_simulator):
    command.point_at(slow_simulator)
    first = command.start("sync", "--no-transform")
    slow_simulator.wait_for_requests(5)
    code, _, errors = command.run("sync", "tags")
    first.kill()
    first.communicate()
    assert code == 1
    assert f"process {first.pid} of " in errors
    assert f" on {socket.gethostname()}, since 20" in errors
    assert command.run("sync", "tags", "--no-transform")[0] == 0, "the lock of a killed run is free"


@pytest.mark.usefixtures("no_waiting_between_attempts")
def test_neither_doctor_nor_a_sync_that_nobody_answers_shows_the_token(invoke, simulator):
    asked, nobody = invoke("doctor"), invoke("sync", "--verbose", **{BASE_URL: f"http://127.0.0.1:{free_port()}"})
    assert (asked[0], nobody[0]) == (0, 1), asked + nobody
    assert simulator.token not in "".join(asked[1:] + nobody[1:])
