"""What a newer version has loaded is left as it is, and every command that would load or build says so."""

import hashlib
import json

import duckdb
import pytest
from dlt.pipeline.state_sync import compress_state, decompress_state

COMMANDS = (
    ["sync", "--plan"],
    ["sync", "tags"],
    ["sync", "tags", "--full-refresh"],
    ["sweep", "companies"],
    ["audit", "--sample", "0"],
    ["transform"],
    ["forget", "64be8a3c5f1d2b0012345678", "--yes"],
)


def newer_resource(connection):
    def change(state):
        state["sources"]["intercom"]["resources"] = {"teams": {"version": 99}}

    _change_state(connection, change)


def newer_state_of_dlt(connection):
    _change_state(connection, lambda state: state.update(_state_engine_version=99))


def newer_schema_of_dlt(connection):
    rows = connection.execute("SELECT rowid, schema FROM _dlt_version WHERE schema_name = 'intercom'").fetchall()
    for row, schema in rows:
        newer = json.dumps({**json.loads(schema), "engine_version": 99})
        connection.execute("UPDATE _dlt_version SET schema = ?, engine_version = 99 WHERE rowid = ?", [newer, row])


def _change_state(connection, change):
    rows = connection.execute("SELECT rowid, state FROM _dlt_pipeline_state").fetchall()
    for row, text in rows:
        state = decompress_state(text)
        change(state)
        connection.execute("UPDATE _dlt_pipeline_state SET state = ? WHERE rowid = ?", [compress_state(state), row])


@pytest.mark.parametrize(
    ("change", "commands"),
    [(newer_resource, COMMANDS), (newer_state_of_dlt, COMMANDS[:1]), (newer_schema_of_dlt, COMMANDS[:1])],
)
def test_what_a_newer_version_has_loaded_is_left_as_it_is(invoke, empty_tables, tmp_path, change, commands):
    database = tmp_path / "intercom_data.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("SET schema = 'intercom_raw'")
        change(connection)
    before = hashlib.sha256(database.read_bytes()).digest()
    for arguments in commands:
        code, _, errors = invoke(*arguments)
        assert (code, "was loaded by a newer version" in errors, errors.count("\n")) == (64, True, 1), errors
    code, output, _ = invoke("doctor")
    assert (code, "was loaded by a newer version" in " ".join(output.split())) == (64, True)
    assert hashlib.sha256(database.read_bytes()).digest() == before
