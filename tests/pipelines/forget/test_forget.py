"""A forgotten person is nowhere: not in a table, not in a file, not after later syncs; everybody else is untouched."""

import os
import signal

import duckdb

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.exit_code import ExitCode
from pipelines.forget.erasure import erase
from pipelines.forget.forget import release_person
from pipelines.query.opening import run_query
from tests.ground_truth.comparison import differences
from tests.support.databases.byte_search import found
from tests.support.processes.command import Command
from tests.support.processes.launched import Launched
from tests.support.someone import erased, places, scalar
from tests.support.workspace import load


def assert_gone(simulator, target, someone):
    """Nothing of the person is there, and everything else is."""
    assert [line for line in differences(simulator, target.database) if not someone.is_named_in(line)] == []
    assert scalar(target, f"SELECT count(*) FROM contacts WHERE id = '{someone.id}'") == 0
    assert scalar(target, f"SELECT count(*) FROM data_events WHERE contact_id = '{someone.id}'") == 0


def test_a_forgotten_person_is_nowhere_and_stays_so_and_nobody_else_is_touched(simulator, target, someone):
    assert {text for _, text in found(someone.secrets, target.database)} >= {someone.email}
    marts = "SELECT count(*), sum(count_replies), count(first_reply_at) FROM intercom.fct_conversations"
    before = run_query(target, marts)[1]
    assert erased(target, someone.email.upper()).code == 0
    assert found(someone.secrets, *places(target)) == []
    assert run_query(target, marts)[1] == before, "an erased text still counts as a message"
    assert_gone(simulator, target, someone)
    again = load(simulator, target.database, everything=True, full_refresh=True)
    assert (again.status, again.count_held_back > 0) == ("complete", True)
    assert found(someone.secrets, *places(target)) == []
    assert_gone(simulator, target, someone)


def test_the_record_of_it_names_nobody(raw_target, someone):
    receipts = f"SELECT DISTINCT receipt_id FROM message_receipts WHERE user_id = '{someone.id}' ORDER BY 1"
    before = run_query(raw_target, receipts)[1]
    erased(raw_target, someone.id)
    kept = "SELECT id FROM forgotten_records WHERE entity = 'message_receipts' ORDER BY 1"
    assert run_query(raw_target, kept)[1] == before != []
    columns, records = run_query(raw_target, "SELECT * FROM forgotten_records WHERE entity = 'contacts'")
    (record,) = (dict(zip(columns, row, strict=True)) for row in records)
    assert (record["id"], record["contact_id"]) == (someone.id, someone.id)
    assert record["completed_at"] >= record["forgotten_at"]
    assert record["count_rows"] > 0
    assert erased(raw_target, someone.id).count_rows == {}, "done again, nothing is left to do"
    assert scalar(raw_target, "SELECT max(count_rows) FROM forgotten_records") == record["count_rows"]


def test_a_run_that_cannot_record_whom_it_met_is_no_complete_one_in_the_run_log(simulator, raw_target, someone):
    erased(raw_target, someone.id)
    with duckdb.connect(str(raw_target.database)) as connection:
        others = "UPDATE intercom_raw.forgotten_records SET id = id || '0' WHERE entity = 'conversations'"
        connection.execute(others)  # so that the next run meets those of the person as new ones
        connection.execute("UPDATE intercom_raw.forgotten_records SET count_rows = 0 WHERE count_rows IS NULL")
        connection.execute("ALTER TABLE intercom_raw.forgotten_records ALTER count_rows SET NOT NULL")
    again = load(simulator, raw_target.database, "conversations", full_refresh=True)
    assert (again.status, again.exit_code) == ("failed", ExitCode.FAILED)
    told = "SELECT status, error LIKE '%count_rows%' FROM intercom_raw.sync_runs ORDER BY started_at DESC LIMIT 1"
    assert run_query(raw_target, told)[1] == [("failed", True)]


def test_whom_a_run_met_before_it_was_killed_is_recorded(simulator, raw_target, someone, tmp_path):
    """By then they may have left the conversation, and its texts would be loaded with the next change."""
    erased(raw_target, someone.id)
    met = "SELECT id FROM forgotten_records WHERE entity = 'conversations' ORDER BY id"
    before = run_query(raw_target, met)[1]
    with duckdb.connect(str(raw_target.database)) as connection:
        others = "UPDATE intercom_raw.forgotten_records SET id = id || '0' WHERE entity = 'conversations'"
        connection.execute(others)  # so that the next run meets those of the person as new ones
    command = Command(tmp_path)
    command.point_at(simulator)
    settings = command.settings | {"SOURCES__INTERCOM__CHUNK_RECORDS": "40"}
    sync = ("sync", "conversations", "--full-refresh", "--no-transform", "--database", raw_target.database)
    killed = Launched("tests.chaos.doomed", "package loaded", 1, 0, *sync, environment={**os.environ, **settings})
    _, errors = killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, errors
    assert {*run_query(raw_target, met)[1]} > {*before} != set()


def test_rows_that_foreign_keys_of_others_refer_to_stay_with_their_ids_alone(target, someone):
    with duckdb.connect(str(target.database)) as connection:
        for table, key in (("intercom_raw.contacts", "id"), ("intercom.dim_contacts", "contact_id")):
            crm = f"{table.partition('.')[0]}.crm"
            connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY ({key})")
            connection.execute(f"CREATE TABLE {crm} (contact_id VARCHAR REFERENCES {table} ({key}))")
            connection.execute(f"INSERT INTO {crm} VALUES ('{someone.id}')")
    erased(target, someone.email)
    assert found(someone.secrets, *places(target)) == []
    columns, (row,) = run_query(target, f"SELECT * FROM intercom_raw.contacts WHERE id = '{someone.id}'")
    assert {name for name, value in zip(columns, row, strict=True) if value is not None} == {
        *("id", "_dlt_load_id", "_dlt_id")
    }
    assert scalar(target, "SELECT count(*) FROM intercom_raw.crm") == 1
    assert scalar(target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0
    with RawTables(target.pipeline()).opened() as raw:
        assert erase(raw, someone.id) == {}, "done again, nothing is left to do"


def test_a_mistake_can_be_undone_while_intercom_has_the_person(simulator, raw_target, someone):
    erased(raw_target, someone.id)
    assert release_person(raw_target, someone.id) > 1
    load(simulator, raw_target.database, "contacts", full_refresh=True)
    assert scalar(raw_target, f"SELECT email FROM contacts WHERE id = '{someone.id}'") == someone.email
