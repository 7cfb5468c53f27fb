"""The run log by plain SQL: in a new database, and in one whose log tables an earlier version has loaded."""

import dlt
import pytest
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from pipelines.destination.tables.log_tables import append
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from sources.intercom.rows.table import Table, Tables, integer, number, text

pytestmark = pytest.mark.end_to_end
EARLIER = Table(
    "runs", "a run", ("run_id",), text("impersonal", run_id="id", error="why") | integer(count_calls="calls")
)
NOW = Table("runs", "a run", ("run_id",), EARLIER.columns | number(share="share") | text("impersonal", remark="words"))
ODD_TEXTS = ['it\'s %s, 100% "quoted"', "two\nlines\ttab", "", "ünï 😀", "{}; DROP TABLE runs; --", r"\N \x00 \' %(a)s"]


@pytest.fixture(params=["duckdb", "postgres"])
def target(request, tmp_path, monkeypatch):
    if request.param == "duckdb":
        return Target(database=tmp_path / "log.duckdb")
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", request.getfixturevalue("postgres"))
    return Target("postgres")


def load(pipeline, table, rows):
    pipeline.run(dlt.resource(lambda: Tables().emit(table, rows), name="log"))


def log_rows(pipeline, table, *columns):
    with pipeline.sql_client() as client:
        names = ", ".join(client.escape_column_name(column) for column in columns)
        try:
            return list(client.execute_sql(f"SELECT {names} FROM {client.make_qualified_table_name(table.name)}"))
        except DatabaseUndefinedRelation:
            return []


def test_rows_arrive_as_they_are_in_a_database_without_any_table(target):
    rows = [{"run_id": str(number), "error": text, "count_calls": number} for number, text in enumerate(ODD_TEXTS)]
    append(RawTables(target.pipeline()), [(NOW, [*rows, {"run_id": "last", "share": 0.5}])])
    found = sorted(map(tuple, log_rows(target.pipeline(), NOW, "run_id", "error", "count_calls", "share")))
    assert found == [
        *((str(number), text, number, None) for number, text in enumerate(ODD_TEXTS)),
        ("last", None, None, 0.5),
    ]


def test_what_no_database_stores_becomes_a_mark(target):
    append(RawTables(target.pipeline()), [(NOW, [{"run_id": "1", "error": "a\0b\ud800c"}])])
    assert log_rows(target.pipeline(), NOW, "error") == [("a�b?c",)]


def test_a_database_with_nothing_but_a_log_is_loaded_as_if_it_were_new(target):
    """The first load of all failed, and its run was noted nevertheless."""
    append(RawTables(target.pipeline()), [(NOW, [{"run_id": "1"}])])
    load(target.pipeline(), Table("tags", "a tag", ("id",), text("impersonal", id="id")), [{"id": "7"}])
    again = target.pipeline()
    assert "tags" in again.default_schema.tables
    append(RawTables(again), [(NOW, [{"run_id": "2"}])])
    assert sorted(map(tuple, log_rows(again, NOW, "run_id"))) == [("1",), ("2",)]


def test_a_table_that_an_earlier_version_loaded_gets_the_new_columns(target):
    load(target.pipeline(), EARLIER, [{"run_id": "1", "error": "none", "count_calls": 3}])
    append(RawTables(target.pipeline()), [(NOW, [{"run_id": "2", "share": 0.25, "remark": "new"}])])
    append(RawTables(target.pipeline()), [(NOW, [{"run_id": "3"}])])
    found = log_rows(target.pipeline(), NOW, "run_id", "error", "count_calls", "share", "remark")
    assert sorted(map(tuple, found)) == [
        ("1", "none", 3, None, None),
        ("2", None, None, 0.25, "new"),
        ("3", None, None, None, None),
    ]
    load(target.pipeline(), EARLIER, [{"run_id": "1", "error": "again", "count_calls": 4}])
    assert {row[1] for row in log_rows(target.pipeline(), NOW, "run_id", "error")} == {"again", None}


def test_one_row_that_fails_leaves_none_behind(target):
    append(RawTables(target.pipeline()), [(NOW, [])])
    other = Table("others", "a row", ("run_id",), text("impersonal", run_id="id") | integer(count_calls="calls"))
    with pytest.raises(Exception, match="many"):
        append(
            RawTables(target.pipeline()), [(NOW, [{"run_id": "1"}]), (other, [{"run_id": "1", "count_calls": "many"}])]
        )
    assert log_rows(target.pipeline(), NOW, "run_id") == []


def test_a_table_that_somebody_dropped_is_made_anew(target):
    pipeline = target.pipeline()
    append(RawTables(pipeline), [(NOW, [{"run_id": "1"}])])
    with pipeline.sql_client() as client:
        client.execute_sql(f"DROP TABLE {client.make_qualified_table_name(NOW.name)}")
    assert log_rows(pipeline, NOW, "run_id") == []
    append(RawTables(target.pipeline()), [(NOW, [{"run_id": "2"}])])
    assert log_rows(target.pipeline(), NOW, "run_id") == [("2",)]
