"""Swaps a new table or view in on PostgreSQL, where what others have put on the former one stays."""

from collections.abc import Callable, Collection

from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.inventory.relations import Location, Relation
from transforms.runner.warehouse.postgres.catalog import is_there, readers
from transforms.runner.warehouse.postgres.privileges import Grant, grants, restore_grants
from transforms.runner.warehouse.postgres.refilling import (
    has_first_columns_of,
    is_same_view,
    lost_columns,
    placeholder_view_sql,
    refill_sql,
)
from transforms.runner.warehouse.table_swap import BUILDING, Swap


class SwapInPostgres(Swap):
    """Swaps tables and views into their places on PostgreSQL; `is_ours` tells whether a build has made a view."""

    def __init__(self, connection: Connection, names: FullNames, is_ours: Callable[[Location], bool]) -> None:
        super().__init__(connection, names)
        self._is_ours = is_ours
        self._privileges: dict[str, list[Grant]] = {}  # of views dropped for tables, and the reverse

    def make_way(self, relation: Relation) -> None:
        """Drop a view before PostgreSQL's swap of a table, or the reverse; its privileges come back after it.

        Raises InTheWay if views of others read it: they could not be kept, and are never dropped.
        """
        name, client = self._names.of(relation.name), self._connection.client
        self._privileges[relation.name] = grants(client, name)
        if of_others := [location for location in readers(client, name) if not self._is_ours(location)]:
            kind = "table" if relation.is_view else "view"
            raise InTheWay(
                f"the {relation} becomes a {kind}, and {', '.join(map('.'.join, of_others))} of others reads it. "
                "Drop that, build, and make it again"
            )
        self._free(name)
        super().make_way(relation)

    def table(self, name: str) -> None:
        """Swap on PostgreSQL: refill the table that readers see from the new one, or rename that if there was none."""
        client, table, building = self._connection.client, self._names.of(name), self._names.of(name, BUILDING)
        if is_there(client, table):
            self._free(table, lost_columns(client, table, building))
            statements = refill_sql(client, table, building)
        else:
            statements = [f"ALTER TABLE {building} SET LOGGED", self._rename_sql(name)]
        # Autovacuum looks at the table, too, when it is done; it, or somebody's VACUUM, may hold the table for hours.
        for statement in [*statements, f"ANALYZE (SKIP_LOCKED) {table}"]:
            self._connection.execute(statement)
        self._regrant(name)

    def view(self, name: str, sql: str) -> None:
        """Swap a view in on PostgreSQL, unless it already has this query: then readers are not disturbed."""
        execute, client = self._connection.execute, self._connection.client
        view, building = self._names.of(name), self._names.of(name, BUILDING)
        take_place = f"ALTER VIEW {building} RENAME TO {self._names.in_its_dataset(name)}"
        execute(f"CREATE VIEW {building} AS {sql}")
        if not is_there(client, view):
            execute(take_place)
        elif is_same_view(client, view, building):
            execute(f"DROP VIEW {building}")
        elif has_first_columns_of(client, view, building):
            execute(f"DROP VIEW {building}")
            execute(f"CREATE OR REPLACE VIEW {view} AS {sql}")
        else:
            self._privileges[name] = grants(client, view)
            self._free(view)
            execute(f"DROP VIEW {view}")
            execute(take_place)
        self._regrant(name)

    def _free(self, relation: str, columns: Collection[str] | None = None) -> None:
        """Let our own views stop reading what PostgreSQL swaps, or these columns of it, until they are rebuilt."""
        for dataset, name in readers(self._connection.client, relation, columns):
            if self._is_ours((dataset, name)):
                self._connection.execute(placeholder_view_sql(self._connection.client, self._names.of(name)))

    def _regrant(self, name: str) -> None:
        if (before := self._privileges.pop(name, None)) is not None:
            restore_grants(self._connection.client, self._names.of(name), before)
