"""A destination that folds names, as Snowflake does, is asked for them as dlt wrote them."""

import dlt
import pytest
from dlt.common.schema import Schema

from pipelines.destination.tables.catalog import Catalog
from pipelines.destination.tables.raw_tables import one_of, statement
from transforms.runner.warehouse.quoting import identifier


@pytest.fixture
def folding(tmp_path):
    """A client of a DuckDB file in which dlt writes every name in upper case."""
    destination = dlt.destinations.duckdb(str(tmp_path / "folding.duckdb"), casefold_identifier=str.upper)
    with dlt.dataset(destination, "intercom_raw", Schema("intercom")).sql_client as client:
        client.create_dataset()
        yield client


def test_what_is_there_is_listed_by_the_names_that_we_have_for_it(folding):
    catalog = Catalog(folding, "duckdb")
    folding.execute_sql(f"CREATE TABLE {catalog.full_name('intercom_raw', 'contacts')} (a int)")
    folding.execute_sql(f"CREATE VIEW {catalog.full_name('intercom_raw', 'people')} AS SELECT 1 AS a")
    assert catalog.full_name("intercom_raw", "contacts") == '"INTERCOM_RAW"."CONTACTS"'
    found = catalog.listed("intercom_raw", folding.execute_sql(catalog.listing("intercom_raw")))
    assert dict(found) == {"contacts": False, "people": True}
    assert folding.execute_sql(catalog.listing("intercom")) == []


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            f"SELECT {identifier('contact_id')} FROM contact_tags WHERE {one_of('tag_id', ['t'])}",
            """SELECT "CONTACT_ID" FROM "INTERCOM_RAW"."CONTACT_TAGS" WHERE tag_id IN ('t')""",
        ),
        (
            f"DELETE FROM contacts WHERE {identifier('order')} = %s",
            'DELETE FROM "INTERCOM_RAW"."CONTACTS" WHERE "ORDER" = %s',
        ),
        ('SELECT c."id" FROM contacts AS c', 'SELECT c."ID" FROM "INTERCOM_RAW"."CONTACTS" AS c'),
    ],
)
def test_a_quoted_column_has_the_name_that_dlt_gave_it(folding, sql, expected):
    assert statement(sql, folding, "snowflake") == expected
