"""The rows of tables that may have changed since the last build: selecting them, and replacing them by new ones."""

from dataclasses import dataclass

from transforms.runner.model_graph.model import Model
from transforms.runner.warehouse.datasets import FullNames
from transforms.runner.warehouse.quoting import identifier
from transforms.runner.warehouse.scratch import Scratch


@dataclass(frozen=True)
class Changes:
    """What may have changed since the last build: keys in a column of a table of the build."""

    table: str
    column: str


class ChangedRows:
    """The changed rows in a warehouse, for models that are built incrementally."""

    def __init__(self, names: FullNames, scratch: Scratch) -> None:
        self._names = names
        self._scratch = scratch

    def of_table(self, name: str, key: str, changes: Changes) -> str:
        """Return, to select from, the changed rows of a table or view, which are found once.

        A table of periods has several keys, and so several sets of changed rows.
        """
        scratch_name = name if key == changes.column else f"{name}__{key}"
        return self._scratch.kept(scratch_name, self.found(name, key, changes))

    def of_query(self, name: str, sql: str) -> str:
        """Return, to select from, the changed rows of a view whose query `sql` finds only these."""
        return self._scratch.kept(name, f"({sql})")

    def found(self, name: str, key: str, changes: Changes) -> str:
        """Return a subquery of a table's rows whose key is among the changes."""
        return f"(SELECT * FROM {self._names.of(name)} {self._where(key, changes)})"  # noqa: S608 - our own tables

    def replace(self, model: Model, sql: str, changes: Changes) -> list[str]:
        """Return the statements, for one transaction, that replace a model's changed rows by those of `sql`."""
        table, these = self._names.of(model.name), self._where(model.key, changes)
        columns = ", ".join(map(identifier, model.columns))
        rows = f"SELECT {columns} FROM ({sql}) AS found {these}"  # noqa: S608
        if self._scratch.is_possible:  # others read them, too
            rows = f"SELECT {columns} FROM {self._scratch.make(model.name, rows)}"  # noqa: S608
        return [f"DELETE FROM {table} {these}", f"INSERT INTO {table} ({columns}) {rows}"]  # noqa: S608

    def only_changed(self, key: str, changes: Changes) -> str:
        """Return the WHERE clause of rows whose key is among the changes; whose they are without one, nobody knows."""
        return f"{self._where(key, changes)} OR {key} IS NULL"

    def _where(self, key: str, changes: Changes) -> str:
        return f"WHERE {key} IN (SELECT {changes.column} FROM {self._names.of(changes.table)})"  # noqa: S608 - our own tables
