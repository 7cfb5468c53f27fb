"""What earlier exports have loaded is found by receipt, as rows that can be loaded again."""

from datetime import date, timedelta

from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.run.loaded_receipts import LoadedReceipts
from sources.intercom.export.days import Days
from sources.intercom.export.receipt_tables import table_of
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
