"""What earlier exports have loaded is found by receipt, as rows that can be loaded again."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.run.loaded_receipts import LoadedReceipts
from sources.intercom.export.days import Days
from sources.intercom.export.receipt_tables import table_of
from tests.support.databases.place import duckdb_place, postgres_place
from tests.support.workspace import load, records


def test_the_rows_of_some_receipts_within_some_days_are_found(simulator, tmp_path):
    database = tmp_path / "receipts.duckdb"
    assert load(simulator, database, "content_export").exit_code == 0
    loaded = LoadedReceipts(RawTables(Target(database=database).pipeline()))
    for kind in ("receipts", "click"):
        table = table_of(kind)
        rows = records(database, table.name)
        one = rows[0]
        own = [row for row in rows if row["receipt_id"] == one["receipt_id"]]
        values = ["it's %s", "", "-1", one["receipt_id"]]
        assert list(loaded(table, Days(one["received_on"], one["received_on"]), values)) == own
        before = one["received_on"] - timedelta(1)
        assert list(loaded(table, Days(date(2020, 1, 1), before), values)) == []
        assert list(loaded(table, Days(date(2020, 1, 1), date(2100, 1, 1)), [])) == []
    assert list(loaded(table_of("never"), Days(before, before), values)) == []


@pytest.mark.parametrize(("kind", "json"), [("duckdb", "JSON"), ("postgres", "JSONB")])
def test_fields_without_a_column_of_their_own_are_kept_with_their_row(kind, json, request, tmp_path):
    table, day = table_of("click"), date(2026, 1, 31)
    empty = (
        nullcontext(duckdb_place(tmp_path / "receipts.duckdb"))
        if kind == "duckdb"
        else postgres_place(request.getfixturevalue("postgres"))
    )
    with empty as place:
        place.execute("CREATE SCHEMA intercom_raw")
        columns = f"receipt_id TEXT, received_on DATE, clicked_at BIGINT, further_fields {json}"
        place.execute(f"CREATE TABLE intercom_raw.{table.name} ({columns})")
        rows = f"""('1', '{day}', 5, '{{"xmin": "a", "Link": "b", "clicked_at": "c"}}'), ('1', '{day}', 6, NULL)"""
        place.execute(f"INSERT INTO intercom_raw.{table.name} VALUES {rows}")
        found = list(LoadedReceipts(RawTables(place.target.pipeline()))(table, Days(day, day), ["1"]))
    one = {"receipt_id": "1", "received_on": day}
    assert found == [{**one, "clicked_at": 5, "xmin": "a", "Link": "b"}, {**one, "clicked_at": 6}]
