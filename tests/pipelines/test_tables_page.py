"""The catalogue is what the code says, in the documentation and in the database itself."""

from pathlib import Path

from pipelines.tables_page import catalogue
from sources.intercom import TABLES
from tests.support.workspace import load, rows

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_page_is_written_from_the_code():
    assert PAGE.read_text() == catalogue(), "run: python -m pipelines.tables_page > docs/tables.md"


def test_every_table_and_column_has_its_meaning_as_a_comment(simulator, tmp_path):
    database = tmp_path / "commented.duckdb"
    load(simulator, database, "tags")
    comments = dict(
        rows(database, "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'intercom_raw'")
    )
    assert comments["contacts"] == "One row is a contact: a user or a lead."
    columns = rows(
        database,
        "SELECT table_name, column_name, comment FROM duckdb_columns() "
        "WHERE schema_name = 'intercom_raw' AND NOT starts_with(column_name, '_')",
    )
    told = {(table, column): comment for table, column, comment in columns}
    for name, table in TABLES.items():
        assert {column: told[name, column] for column in table.columns} == {
            column: about.meaning for column, about in table.columns.items()
        }
