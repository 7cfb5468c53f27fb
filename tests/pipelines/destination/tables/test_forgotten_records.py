"""Who was forgotten is written by SQL into the table that dlt has made, as dlt would write it."""

from pipelines.destination.tables.forgotten_records import (
    forgotten_ids,
    not_recorded,
    record_completed,
    record_erased,
    record_forgotten,
    record_found,
    release,
    unfinished_in,
)
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from sources.intercom import TABLES
from sources.intercom.privacy.forgotten_people import Forgotten
from tests.support.workspace import rows


def row(entity, record_id, contact_id, at):
    return {"entity": entity, "id": record_id, "contact_id": contact_id, "forgotten_at": at}


def test_a_record_has_one_row_for_each_person_in_it_whoever_wrote_it(tmp_path):
    target = Target(database=tmp_path / "support.duckdb")
    raw = RawTables(target.pipeline())
    record_forgotten(raw, [row("contacts", "a", "a", 1), row("conversations", "1", "a", 1)])  # there is no table yet
    record_forgotten(raw, [row("contacts", "b's", "b's", 2), row("conversations", "1", "b's", 2)])
    record_forgotten(raw, [row("conversations", "1", "b's", 3)])  # again
    columns = "entity, id, contact_id, forgotten_at, completed_at, count_rows"
    assert sorted(rows(target.database, f"SELECT {columns} FROM intercom_raw.forgotten_records")) == [
        ("contacts", "a", "a", 1, None, None),
        ("contacts", "b's", "b's", 2, None, None),
        ("conversations", "1", "a", 1, None, None),
        ("conversations", "1", "b's", 3, None, None),
    ]
    of_dlt = "SELECT count(_dlt_load_id), count(DISTINCT _dlt_id) FROM intercom_raw.forgotten_records"
    assert rows(target.database, of_dlt) == [(4, 4)]
    assert rows(target.database, "SELECT count(*) FROM intercom_raw._dlt_loads") == [(1,)]
    assert unfinished_in(raw) == ["a", "b's"]
    record_erased(raw, "b's", 7)
    record_completed(raw)
    assert unfinished_in(raw) == []
    assert release(raw, "b's") == 1, "the contact; the conversation is that of a forgotten one still"
    assert {*forgotten_ids(raw)} == {("contacts", "a"), ("conversations", "1")}
    assert (release(raw, "b's"), release(raw, "a")) == (None, 2)


def test_who_is_met_in_a_record_of_somebody_who_was_forgotten_is_recorded_there_too(tmp_path):
    target = Target(database=tmp_path / "support.duckdb")
    raw = RawTables(target.pipeline())
    record_forgotten(
        raw, [row("contacts", "a", "a", 1), row("contacts", "b", "b", 1), row("conversations", "1", "a", 1)]
    )
    forgotten = Forgotten.of(forgotten_ids(raw))
    links = [{"conversation_id": "1", "contact_id": contact_id} for contact_id in ("a", "b", "c")]
    forgotten.held_back([(TABLES["conversation_contacts"], links)])
    record_found(raw, forgotten)
    assert release(raw, "a") == 1
    assert {*forgotten_ids(raw)} == {("contacts", "b"), ("conversations", "1")}


def test_a_contact_that_was_merged_is_the_one_that_was_named():
    recorded = {("contacts", "a", "a"), ("contacts", "merged", "a"), ("conversations", "1", "a")}
    met = {("conversations", "1", "merged"), ("conversations", "2", "merged")}
    assert not_recorded(met, recorded) == [("conversations", "2", "a")]
