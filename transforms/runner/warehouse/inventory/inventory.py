"""What stands in the datasets of a build, and which of it earlier builds have made: `built_models` remembers that."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple

from transforms.runner.model_graph.model import Model
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.inventory.built_models import (
    BUILT_MODELS,
    BUILT_MODELS_COLUMNS,
    Built,
    BuiltModels,
    built_row,
)
from transforms.runner.warehouse.inventory.ownership import check_ours, is_ours
from transforms.runner.warehouse.inventory.relations import CATALOGS, Location, Relation, relations
from transforms.runner.warehouse.values import Row, inserts, literal


class Inventory:
    """The inventory: tables and views that were there before the build, and what builds have made of the models."""

    def __init__(self, connection: Connection, names: FullNames) -> None:
        self._connection = connection
        self._names = names
        self._standing: dict[Location, Relation] = {}
        self._built = BuiltModels()

    @property
    def has_catalog(self) -> bool:
        """Return True if an inventory is taken: this warehouse's catalog is read."""
        return self._connection.dialect in CATALOGS

    def take(self) -> None:
        """Take the inventory: read the catalog, if this warehouse's is read, and what earlier builds have made."""
        if not self.has_catalog:
            return
        self._standing = relations(self._connection.rows(CATALOGS[self._connection.dialect]))
        if (memory := self.relation(BUILT_MODELS)) is not None:
            table = self._names.of(BUILT_MODELS)
            # an earlier version has left a table without the later columns
            columns = ", ".join(name if name in memory.columns else "NULL" for name in BUILT_MODELS_COLUMNS)
            self._built = BuiltModels(self._connection.patient_rows(f"SELECT {columns} FROM {table}"))  # noqa: S608 - our own table

    @property
    def built_before(self) -> frozenset[str]:
        """The names of models that earlier builds have made, by this inventory."""
        return self._built.built_before

    @property
    def of_ours_before(self) -> frozenset[str]:
        """The names of those models among them, by this inventory, that came with the connector."""
        return self._built.of_ours_before

    @property
    def own_before(self) -> set[str]:
        """The names of the others that still stand: the inventory has the user's own models, as far as it is said."""
        standing = {name for dataset, name in self._standing if dataset in astuple(self._names.datasets)}
        return standing & (self.built_before - self.of_ours_before)

    def __iter__(self) -> Iterator[Relation]:
        """Yield the inventory: what was there before the build."""
        return iter(self._standing.values())

    def relation(self, name: str) -> Relation | None:
        """Return what the inventory has under the name of a model, a seed or a table of the build itself."""
        return self.at((self._names.datasets_of[name], name))

    def at(self, location: Location) -> Relation | None:
        """Return what the inventory has at a location."""
        return self._standing.get(location)

    @property
    def of_others(self) -> set[Location]:
        """Where the inventory has tables and views that no build has made."""
        return {at for at, relation in self._standing.items() if not is_ours(relation, self._built.get(relation.name))}

    def in_the_way(self, name: str, columns: Sequence[str], *, is_view: bool) -> Relation | None:
        """Return the inventory's view that has to make way for a table of ours, or the reverse; else None.

        Raises InTheWay for what others have made.
        """
        relation = self.relation(name)
        if relation is None:
            return None
        check_ours(relation, self._built.get(name), is_view=is_view, columns=columns)
        return None if relation.is_view == is_view else relation

    def check_own_table(self, name: str, columns: Iterable[str]) -> None:
        """Raise InTheWay if the inventory has something else under the name of a table of the build itself."""
        relation = self.relation(name)
        if relation is not None and (relation.is_view or not {*columns} & {*relation.columns}):
            check_ours(relation, Built(not relation.is_view, frozenset()), is_view=False, columns=[])

    def is_view_of_ours(self, location: Location) -> bool:
        """Return True if the inventory's view is one that an earlier build made of a model known to this one."""
        relation, (dataset, name) = self._standing.get(location), location
        if relation is None or self._names.datasets_of.get(name) != dataset:
            return False
        return relation.is_view and is_ours(relation, self._built.get(name))

    def add(self, model: Model, *, is_view: bool) -> None:
        """Add the result of a build to the inventory; a failed one has left the former table or view."""
        self._built.add(model.name, self._built_of(model, is_view=is_view))

    def note_sql(self, model: Model, *, is_view: bool) -> Sequence[str]:
        """Return the statements that note in `built_models` what was just made, if the inventory has it otherwise.

        Of a model that no build has made before, the comment says whose it is.
        """
        before = self._built.get(model.name)
        if before is None or before == (built := self._built_of(model, is_view=is_view)):
            return ()
        if (memory := self.relation(BUILT_MODELS)) is None:
            return ()
        row = dict(zip(BUILT_MODELS_COLUMNS, built_row(model.name, built), strict=True))
        # an earlier version has left a table without the later columns
        columns = {name: kind for name, kind in BUILT_MODELS_COLUMNS.items() if name in memory.columns}
        table, dialect = self._names.of(BUILT_MODELS), self._connection.dialect
        forget = f"DELETE FROM {table} WHERE name = {literal(model.name, dialect)}"  # noqa: S608 - our own table
        return forget, *inserts(table, columns, [[row[name] for name in columns]], dialect)

    def news(self) -> list[Row]:
        """Return the inventory's rows for `built_models`; none where they are what they were."""
        return self._built.news() if self.has_catalog else []

    def _built_of(self, model: Model, *, is_view: bool) -> Built:
        columns = model.columns if model.names_its_columns else self._columns_there(model.name)
        return Built(is_view, frozenset(columns), model.is_own)

    def _columns_there(self, name: str) -> list[str]:
        """Return for the inventory a relation's column names in the database, which may have changed them."""
        with self._connection.client.execute_query(f"SELECT * FROM {self._names.of(name)} WHERE 1 = 0") as cursor:  # noqa: S608 - our own tables
            return [str(column[0]) for column in cursor.description or []]
