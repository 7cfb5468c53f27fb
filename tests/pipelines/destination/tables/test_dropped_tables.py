"""What somebody dropped or emptied is made anew and read in full."""

import pytest

from pipelines.destination.tables.dropped_tables import make_anew
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.journal.display import Display
from pipelines.stop import Stop
from sources.intercom import states_of
from tests.support.databases.place import read, where

pytestmark = pytest.mark.end_to_end


def test_transform_asks_for_a_sync_where_no_raw_table_is(invoke, place):
    place.execute("CREATE SCHEMA intercom_raw")  # and nothing in it
    code, output, errors = invoke("transform", *where(place))
    assert (code, output, errors.count("\n")) == (64, "", 1)
    command = f"intercom-elt sync{place.target.options}"  # and not the one that loads intercom_data.duckdb
    assert f"holds no raw tables yet; load them with: {command}" in errors
    assert command != "intercom-elt sync"
    assert f"holds no run yet; load it with: {command}\n" in invoke("status", *where(place))[2]
    assert f"holds no raw tables yet; load them with: {command}\n" in invoke("report", *where(place))[2]


def test_transform_asks_for_a_sync_where_raw_tables_are_missing(invoke, loaded):
    loaded.execute("DROP TABLE intercom_raw.tags; DROP TABLE intercom_raw.help_centers")
    code, output, errors = invoke("transform", *where(loaded))
    assert (code, output, errors.count("\n")) == (64, "", 1)
    made_by = f"intercom-elt sync{loaded.target.options}"
    assert f"intercom_raw has no help_centers, tags; {made_by} makes what is missing" in errors
    assert loaded.rows("SELECT 1 FROM information_schema.tables WHERE table_schema = 'intercom'") == []
    assert invoke("transform", *where(loaded), "--select", "stg_tags")[0] == 64
    assert invoke("transform", *where(loaded), "--select", "stg_teams", "--quiet")[0] == 0, "which reads neither"


def test_what_was_dropped_comes_back_whole(simulator, loaded, capsys):
    before = loaded.counts()
    assert all(before.values())
    loaded.execute("DROP TABLE intercom_raw.contact_tags")
    loaded.execute("DROP TABLE intercom_raw.deleted_records")
    loaded.execute("ALTER TABLE intercom_raw.contacts DROP COLUMN email")
    loaded.execute("DROP TABLE intercom_raw_staging.contacts")
    outcome = read(simulator, loaded, Display())
    assert (outcome.status, outcome.error) == ("complete", None)
    said = capsys.readouterr().err
    assert "intercom_raw.contact_tags had been dropped and is made anew; read in full when next read: contacts" in said
    assert "intercom_raw.contacts.email had been dropped" in said
    assert "intercom_raw.deleted_records had been dropped" in said
    assert "intercom-elt sweep companies contacts conversations tickets" in said
    assert loaded.counts() == before
    assert loaded.rows("SELECT count(email) > 0 FROM intercom_raw.contacts") == [(True,)]
    loaded.execute("DROP TABLE intercom_raw.tags")
    loaded.execute("DROP TABLE intercom_raw._dlt_loads")
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    assert loaded.counts() == before
    loaded.execute("DROP TABLE intercom_raw._dlt_pipeline_state")  # all that dlt knows of how far it has come
    assert read(simulator, loaded).status == "complete"
    assert loaded.counts() == before


def test_what_was_emptied_comes_back_whole(simulator, loaded, capsys):
    """Whoever wants a table to be loaded anew empties it."""
    before = loaded.counts()
    loaded.execute("DELETE FROM intercom_raw.contacts")
    assert read(simulator, loaded, Display()).status == "complete"
    said = capsys.readouterr().err
    assert "intercom_raw.contacts had been emptied by somebody else; read in full when next read: contacts" in said
    assert loaded.counts() == before
    assert loaded.rows("SELECT count(*) FROM intercom_raw.companies") == [(0,)], "which were never read"
    read(simulator, loaded, Display())
    assert "emptied" not in capsys.readouterr().err


def test_what_stays_empty_because_nobody_reads_it_is_said_once_and_comes_back_when_read(simulator, loaded, capsys):
    """As often as somebody wants it anew."""
    assert read(simulator, loaded, None, "articles").status == "complete"
    articles = loaded.rows("SELECT count(*) FROM intercom_raw.articles")
    assert articles > [(0,)]
    emptied = "DELETE FROM", "emptied by somebody else"
    for lost, said in (emptied, ("DROP TABLE", "dropped and is made anew"), emptied):
        loaded.execute(f"{lost} intercom_raw.articles")
        read(simulator, loaded, Display())
        of_it = f"articles had been {said}; read in full when next read: articles"
        assert of_it in capsys.readouterr().err
        read(simulator, loaded, Display())
        assert "articles" not in capsys.readouterr().err
        assert read(simulator, loaded, Display(), "articles").status == "complete"
        assert "had been" not in capsys.readouterr().err
        assert loaded.rows("SELECT count(*) FROM intercom_raw.articles") == articles


def test_what_stays_empty_because_intercom_has_nothing_of_it_is_said_once(simulator, loaded, capsys):
    them = [visitor["user_id"] for visitor in simulator.truth()["visitors"]]
    assert read(simulator, loaded, None, "visitors", visitor_user_ids=them).status == "complete"
    loaded.execute("DELETE FROM intercom_raw.visitors")
    assert read(simulator, loaded, Display(), "visitors").status == "complete"
    assert "intercom_raw.visitors had been emptied" in capsys.readouterr().err
    progress = states_of(loaded.target.pipeline())["visitors"]["looked_up_at"]
    assert read(simulator, loaded, Display(), "visitors").status == "complete"
    assert "emptied" not in capsys.readouterr().err
    with loaded.target.held_open():
        pipeline = loaded.target.pipeline()
        assert make_anew(Inspection.at(pipeline), pipeline, loaded.target) == []
        assert states_of(pipeline)["visitors"]["looked_up_at"] >= progress, "which begins no more at nothing"


def test_columns_of_fields_that_nobody_declares_stay_ours_without_the_state(simulator, place):
    """The state is lost, or a first run was killed after its rows and before it: the next one reads something else."""
    read(simulator, place, None, "companies")
    further = 'SELECT count("select") FROM intercom_raw.companies'
    before = place.rows(further)
    assert before > [(0,)]
    place.execute("DELETE FROM intercom_raw._dlt_pipeline_state")
    place.execute("ALTER TABLE intercom_raw.companies ADD COLUMN mine INT; UPDATE intercom_raw.companies SET mine = 7")
    with place.target.held_open():
        pipeline = place.target.pipeline()
        make_anew(Inspection.at(pipeline), pipeline, place.target)  # of a run that is killed right after it
    assert read(simulator, place, None, "tags").status == "complete"
    with pytest.raises(Stop, match="companies has the column mine, which was not loaded"):
        read(simulator, place, None, "companies")
    place.execute("ALTER TABLE intercom_raw.companies DROP COLUMN mine")
    assert read(simulator, place, None, "companies").status == "complete"
    assert place.rows(further) == before


@pytest.mark.parametrize(
    ("table", "lost", "advice"),
    [
        ("conversation_parts", "conversation_id", "Rename the table, .*Keep yours: rows that Intercom shows no more"),
        ("forgotten_records", "contact_id", "Bring the table back from a backup"),
    ],
)
def test_nobody_is_told_to_drop_what_cannot_be_had_again(tmp_path, table, lost, advice):
    known = {name: {"data_type": "text", "nullable": False} for name in ("id", lost)}
    look = Inspection({table: known}, {table: {"id": known["id"]}}, None, ())
    target = Target(database=tmp_path / "intercom_data.duckdb")
    with pytest.raises(Stop, match=rf"intercom_raw.{table} has lost its column {lost}, .*{advice}") as stopped:
        make_anew(look, target.pipeline(), target)
    assert (stopped.value.code, "rop" in str(stopped.value)) == (ExitCode.WRONG_USE, False)
