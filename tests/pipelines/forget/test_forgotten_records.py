"""Who was forgotten is written by SQL into the table that dlt has made, as dlt would write it."""

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.forget.forgotten_records import record_completed, record_forgotten, release, unfinished_in
from tests.support.workspace import rows


def row(entity, record_id, contact_id, at):
    return {"entity": entity, "id": record_id, "contact_id": contact_id, "forgotten_at": at}


def test_a_record_has_one_row_whoever_wrote_it(tmp_path):
    target = Target(database=tmp_path / "support.duckdb")
    raw = RawTables(target.pipeline())
    record_forgotten(raw, [row("contacts", "a", "a", 1), row("conversations", "1", "a", 1)])  # there is no table yet
    record_forgotten(raw, [row("contacts", "b's", "b's", 2), row("conversations", "1", "b's", 2)])
    columns = "entity, id, contact_id, forgotten_at, completed_at, count_rows"
    assert sorted(rows(target.database, f"SELECT {columns} FROM intercom_raw.forgotten_records")) == [
        ("contacts", "a", "a", 1, None, None),
        ("contacts", "b's", "b's", 2, None, None),
        ("conversations", "1", "b's", 2, None, None),
    ]
    of_dlt = "SELECT count(_dlt_load_id), count(DISTINCT _dlt_id) FROM intercom_raw.forgotten_records"
    assert rows(target.database, of_dlt) == [(3, 3)]
    assert rows(target.database, "SELECT count(*) FROM intercom_raw._dlt_loads") == [(1,)]
    assert unfinished_in(raw) == ["a", "b's"]
    record_completed(raw, "b's", 7)
    assert unfinished_in(raw) == []
    assert (release(raw, "b's"), release(raw, "b's"), release(raw, "a")) == (2, 0, 1)
