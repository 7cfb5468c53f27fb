"""Raw tables that somebody has emptied: dlt's state still says that their rows are there."""

from collections.abc import Iterator

import dlt
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.inspection import Inspection
from sources.intercom import RESOURCES
from sources.intercom.privacy.forgotten_people import FORGOTTEN_RECORDS
from sources.intercom.privacy.personal_columns import CONTACTS
from sources.intercom.rows.table import Table

Client = SqlClientBase[object]


def emptied(look: Inspection, pipeline: dlt.Pipeline) -> list[str]:
    """Return the raw tables that have no row any more, although rows were loaded and none of them ever goes.

    Of lists that are replaced, and of a record's own lists, nothing may be left; the former come back within a day.
    """
    tables = [table for table in _kept() if table.name in look.loaded and look.raw.get(table.name)]
    if not tables:
        return []
    with pipeline.sql_client() as client:
        found = [table for table in tables if not _has_rows(client, table.name)]
        # Of events and visitors there may be so few that `forget` has taken the last one.
        if any(map(_is_of_few, found)) and _has_rows(client, FORGOTTEN_RECORDS.name):
            found = [table for table in found if not _is_of_few(table)]
    return [table.name for table in found]


def _kept() -> Iterator[Table]:
    """Yield the tables of resources whose rows are only ever replaced by newer ones."""
    for resource in RESOURCES.values():
        yield from (table for table in resource.tables if table.replaced == "row" and not table.is_removable)


def _is_of_few(table: Table) -> bool:
    return table.is_of_one_person and table.name != CONTACTS


def _has_rows(client: Client, name: str) -> bool:
    return bool(client.execute_sql(f"SELECT 1 FROM {client.make_qualified_table_name(name)} LIMIT 1"))  # noqa: S608 - our own table
