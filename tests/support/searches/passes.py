"""Passes over a search in tests: of each record there is one row, which is the record as it was completed."""

from sources.intercom.incremental.search.changes import Changes
from sources.intercom.records.entity import Entity
from sources.intercom.rows.table import Table

RECORDS = Table("records", "a record", key=("id",), columns={})
PARTS = Table("parts", "a part of a record", key=("id",), columns={})


def shaped(details):
    """Return records as rows; `parts` of a record are rows of another table."""
    return [(RECORDS, details), (PARTS, [part for detail in details for part in detail.get("parts", ())])]


def read_pages(search, reading, complete, as_listed=lambda found: None, rows=shaped):
    """Yield what each page of a pass brings, with `complete(found)` of what the search does not show whole.

    Of records that could not be read before, `found` is the id alone.
    """
    entity = Entity(
        (RECORDS, PARTS),
        lambda client, identity: complete({"id": identity}),
        rows,
        as_listed,
        lambda client, found: complete(found),
    )
    for rows_of_tables in Changes(search, reading, entity).batches():
        yield [row for table, rows in rows_of_tables if table is RECORDS for row in rows]
