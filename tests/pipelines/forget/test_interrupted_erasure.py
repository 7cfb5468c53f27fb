"""An erasure that was killed, or that a foreign key cut off: the next command completes it, and leaves no holes."""

import duckdb
import pytest

from pipelines.destination.tables.forgotten_records import record_forgotten
from pipelines.destination.tables.lost_forgotten import lost_people
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.forget.erasure import erase
from pipelines.forget.person_search import person, records_of
from pipelines.journal.display import Display
from pipelines.query.opening import run_query
from pipelines.run.begin.selection import Selection
from pipelines.run.build_models import build_models
from pipelines.run.sync import SyncOptions, sync
from pipelines.stop import Stop
from tests.support.databases.byte_search import found
from tests.support.someone import KILLED, QUIET, erased, places, scalar
from tests.support.workspace import configuration


def test_a_forgetting_that_was_killed_once_and_again_is_completed_by_the_next_one(simulator, target, someone, capsys):
    pipeline = target.pipeline()
    with RawTables(pipeline).opened() as raw:
        records = list(records_of(raw, person(raw, someone.id)))
    record_forgotten(
        RawTables(pipeline),
        [{"entity": entity, "id": name, "contact_id": someone.id, "forgotten_at": 1} for entity, name in records],
    )
    with RawTables(pipeline).opened() as raw:
        erase(raw, someone.id)
    # Here it was killed: the address is known to no table any more, but still stands in the models and in the file.
    assert found({someone.email}, target.database)
    with pytest.raises(
        Stop, match=f"nothing was erased. .*complete it with:\n  intercom-elt forget {someone.id} --database .*$"
    ):
        erased(target, someone.email)  # which may as well be a typing error in the address of somebody else
    with pytest.raises(
        Stop,
        match=f"^Stopped. The raw tables are done; models and .* Complete it with: intercom-elt forget {someone.id} ",
    ):
        erased(target, someone.id, display=KILLED)  # as Ctrl-C ends it, or the SIGTERM of a container
    assert scalar(target, "SELECT count(*) FROM intercom.fct_conversations") == 0
    options = SyncOptions(Selection(("tags",)), transform=False)
    assert sync(configuration(simulator), target, options, Display()).status == "complete"
    assert "is not complete: tables, models or file may still name" in (told := capsys.readouterr().err)
    assert f"Complete it with: intercom-elt forget {someone.id} --database" in told
    # And here again, when the models had been taken away: these come back with the next one.
    assert erased(target, someone.id).build is not None
    assert scalar(target, "SELECT count(*) FROM intercom.fct_conversations") > 0
    assert found(someone.secrets, *places(target)) == []
    assert scalar(target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0
    assert scalar(target, "SELECT sum(count_rows) FROM forgotten_records") > 0, "by the run that was killed"


def test_after_an_erasure_that_was_cut_off_among_the_marts_a_build_leaves_no_holes(target, someone):
    marts = "SELECT count(*), sum(count_replies) FROM intercom.fct_conversations"
    before = run_query(target, marts)[1]
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("ALTER TABLE intercom.fct_tickets ADD PRIMARY KEY (ticket_id, created_at)")
        key = "FOREIGN KEY (id, since) REFERENCES intercom.fct_tickets (ticket_id, created_at)"
        connection.execute(f"CREATE TABLE intercom.held (id VARCHAR, since TIMESTAMPTZ, {key})")
        connection.execute("INSERT INTO intercom.held SELECT ticket_id, created_at FROM intercom.fct_tickets")
        connection.execute("UPDATE intercom_staging.model_runs SET error = 'quoted' WHERE name = 'dim_contacts'")
    with pytest.raises(Stop, match=f"intercom.held refers to .* created_at .*Drop its foreign key.*{someone.id}"):
        erased(target, someone.id)
    with duckdb.connect(str(target.database)) as connection:
        assert connection.execute(marts).fetchall() == [(0, None)], "the key is in the way of a later one"
        connection.execute("DROP TABLE intercom.held")
    assert build_models(target.pipeline(), target, QUIET).is_ok
    assert run_query(target, marts)[1] == before
    assert scalar(target, "SELECT count(error) FROM intercom_staging.model_runs") == 0


def test_an_erasure_that_cannot_be_kept_in_mind_is_completed_by_the_command_that_is_named(raw_target, someone):
    states = "intercom_raw._dlt_pipeline_state"
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute(f"DELETE FROM {states} WHERE version < (SELECT max(version) FROM {states})")
        connection.execute(f"CREATE UNIQUE INDEX of_somebody ON {states} (pipeline_name)")
    with pytest.raises(Stop, match=f"Constraint Error.*run: intercom-elt forget {someone.id} "):
        erased(raw_target, someone.email)
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("DROP INDEX intercom_raw.of_somebody")
    erased(raw_target, someone.id)
    assert scalar(raw_target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0
    with duckdb.connect(str(raw_target.database)) as connection:
        connection.execute("DELETE FROM intercom_raw.forgotten_records")
    with RawTables(raw_target.pipeline()).opened() as raw:
        assert lost_people(raw) == [someone.id]


def test_what_is_erased_of_others_whose_erasure_was_killed_is_counted_as_theirs(raw_target, someone):
    with RawTables(raw_target.pipeline()).opened() as raw:
        ((other,),) = raw.query(f"SELECT min(id) FROM contacts WHERE id <> '{someone.id}'")
        people = [
            {"entity": "contacts", "id": one, "contact_id": one, "forgotten_at": 1} for one in (other, someone.id)
        ]
        record_forgotten(raw, people)
        of_tags = {one: raw.count("contact_tags", f"contact_id = '{one}'") for one in (other, someone.id)}
        counted = erase(raw, someone.id)
        assert (counted["contacts"], counted["contact_tags"]) == (1, of_tags[someone.id])
        numbers = dict(raw.query("SELECT id, count_rows FROM forgotten_records"))
        assert numbers[someone.id] == counted.total()
        assert numbers[other] > of_tags[other]
        assert raw.count("contacts", f"id = '{other}'") == 0
