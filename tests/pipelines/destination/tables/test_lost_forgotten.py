"""Who was forgotten stays so, whatever somebody drops or empties: nothing is loaded before that is certain."""

import pytest

from pipelines.commands.forget import confirmation
from pipelines.exit_code import ExitCode
from pipelines.forget.forget import forget
from pipelines.journal.display import Display
from pipelines.stop import Stop
from tests.support.databases.place import read, where

pytestmark = pytest.mark.end_to_end


def forget_in(place, contact_id):
    forget(place.target, contact_id, confirmation(is_certain=True), Display(is_quiet=True), None, "")


def test_without_the_table_of_the_forgotten_nothing_is_loaded_and_nobody_forgotten(simulator, loaded):
    contact_id = str(loaded.rows("SELECT min(id) FROM intercom_raw.contacts")[0][0])
    loaded.execute("DROP TABLE intercom_raw.forgotten_records")
    # a table made for one would lack all others
    for refused in (lambda: read(simulator, loaded), lambda: forget_in(loaded, contact_id)):
        with pytest.raises(Stop, match=r"forgotten_records was dropped.*backup") as stopped:
            refused()
        assert stopped.value.code is ExitCode.WRONG_USE
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(1,)]
    loaded.execute(str(stopped.value).partition("make it anew and empty: ")[2])  # by somebody who knows
    loaded.execute("DROP TABLE intercom_raw.contact_tags")
    forget_in(loaded, contact_id)
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.forgotten_records WHERE id = '{contact_id}'") == [(1,)]
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE id = '{contact_id}'") == [(0,)]


def test_who_was_forgotten_stays_so_when_somebody_deletes_who_that_was(simulator, loaded, invoke):
    people = [name for (name,) in loaded.rows("SELECT id FROM intercom_raw.contacts ORDER BY id LIMIT 3")]

    for one in people:
        forget_in(loaded, one)
    loaded.execute("CREATE TABLE intercom_raw.kept AS SELECT * FROM intercom_raw.forgotten_records")
    for lost in ("DELETE FROM {}", f"DELETE FROM {{}} WHERE contact_id <> '{people[0]}'"):
        loaded.execute(lost.format("intercom_raw.forgotten_records"))
        with pytest.raises(Stop, match=rf"(?s)forgotten_records was emptied.*backup; .*forget {people[1]}") as stop:
            read(simulator, loaded, full_refresh=True)
        assert stop.value.code is ExitCode.WRONG_USE
        loaded.execute("DELETE FROM intercom_raw.forgotten_records")
        loaded.execute("INSERT INTO intercom_raw.forgotten_records SELECT * FROM intercom_raw.kept")
        assert read(simulator, loaded, full_refresh=True).status == "complete"
    loaded.execute("DELETE FROM intercom_raw.forgotten_records")
    forget_in(loaded, people[0])  # whose id is all that is known
    with pytest.raises(Stop, match=rf"(?s)people \(2\).*forget {people[1]}"):
        read(simulator, loaded, full_refresh=True)
    forget_in(loaded, people[1])
    code, output, _ = invoke("forget", people[2], "--undo", *where(loaded), "--config", ".")
    assert f"intercom-elt --config . sync --all --full-refresh{loaded.target.options}" in " ".join(output.split())
    assert (code, "0 records are held back no longer" in output) == (0, True), output
    assert invoke("forget", people[2], "--undo", *where(loaded))[0] == 64, "of whom nothing is kept any more"
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    of_them = f"id IN ('{people[0]}', '{people[1]}', '{people[2]}')"
    assert loaded.rows(f"SELECT id FROM intercom_raw.contacts WHERE {of_them}") == [(people[2],)]


def test_what_an_older_version_recorded_of_the_forgotten_is_missed_too(simulator, loaded):
    columns = "entity, id, contact_id, _dlt_load_id, _dlt_id"
    loaded.execute(f"INSERT INTO intercom_raw.forgotten_records ({columns}) VALUES ('contacts', 'a', 'a', '1', '1')")
    assert read(simulator, loaded).status == "complete"
    loaded.execute("DELETE FROM intercom_raw.forgotten_records")
    with pytest.raises(Stop, match=r"records of forgotten people \(1\)"):
        read(simulator, loaded)


@pytest.mark.parametrize("lost", ["DROP TABLE {}._dlt_pipeline_state", "DELETE FROM {}._dlt_version"])
def test_without_what_dlt_keeps_for_itself_the_forgotten_stay_so(simulator, loaded, lost):
    (contact_id,), (other_id,) = loaded.rows("SELECT id FROM intercom_raw.contacts ORDER BY id LIMIT 2")

    forget_in(loaded, contact_id)
    loaded.execute(lost.format("intercom_raw"))
    forget_in(loaded, other_id)
    loaded.execute("CREATE TABLE intercom_raw.kept AS SELECT * FROM intercom_raw.forgotten_records")
    loaded.execute("DROP TABLE intercom_raw.forgotten_records")
    with pytest.raises(Stop, match=r"forgotten_records was dropped.*backup"):
        read(simulator, loaded)
    loaded.execute("ALTER TABLE intercom_raw.kept RENAME TO forgotten_records")
    assert read(simulator, loaded, full_refresh=True).status == "complete"
    them = f"id IN ('{contact_id}', '{other_id}')"
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.contacts WHERE {them}") == [(0,)]
    assert loaded.rows(f"SELECT count(*) FROM intercom_raw.forgotten_records WHERE {them}") == [(2,)]
