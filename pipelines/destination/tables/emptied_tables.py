"""Raw tables that somebody has emptied: dlt's state still says that their rows are there."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import dlt
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.tables.inspection import Inspection
from sources.intercom import RESOURCES, state_of
from sources.intercom.privacy.forgotten_people import FORGOTTEN_RECORDS
from sources.intercom.privacy.personal_columns import CONTACTS
from sources.intercom.reading.emission import EMPTY
from sources.intercom.rows.table import Table

Client = SqlClientBase[object]


def emptied(look: Inspection, pipeline: dlt.Pipeline) -> list[str]:
    """Return the raw tables that have no row any more, although rows were loaded and none of them ever goes.

    Without those that stay empty since an earlier run has said so, or made them anew: nothing came since. Of lists that
    are replaced, and of a record's own lists, nothing may be left; the former come back within a day.
    """
    said = state_of(pipeline).get(EMPTY, {})
    tables = [table for table in _kept() if table.name in look.loaded and look.raw.get(table.name)]
    tables = [table for table in tables if table.name not in said]
    if not tables:
        return []
    with pipeline.sql_client() as client:
        filled = _with_rows(client, [table.name for table in tables])
        found = [table for table in tables if table.name not in filled]
        # Of events and visitors there may be so few that `forget` has taken the last one.
        if any(map(_is_of_few, found)) and _with_rows(client, [FORGOTTEN_RECORDS.name]):
            found = [table for table in found if not _is_of_few(table)]
    return [table.name for table in found]


def remember_empty(state: dict[str, Any], names: Collection[str]) -> None:
    """Remember in dlt's state of the source those of the raw tables `names` that are empty and will be read in full."""
    if empty := [table.name for table in _kept() if table.name in names]:
        state[EMPTY] = {**state.get(EMPTY, {}), **dict.fromkeys(empty)}


def _kept() -> Iterator[Table]:
    """Yield the tables of resources whose rows are only ever replaced by newer ones."""
    for resource in RESOURCES.values():
        yield from (table for table in resource.tables if table.replaced == "row" and not table.is_removable)


def _is_of_few(table: Table) -> bool:
    return table.is_of_one_person and table.name != CONTACTS


def _with_rows(client: Client, names: Iterable[str]) -> set[str]:
    """Return those of the raw tables `names` that have a row, by one question."""
    one = "SELECT '{}' AS name FROM (SELECT 1 AS one FROM {} LIMIT 1) AS found"
    each = [one.format(name, client.make_qualified_table_name(name)) for name in names]
    return {str(name) for (name,) in client.execute_sql(" UNION ALL ".join(each)) or ()}
