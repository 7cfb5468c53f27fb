"""Emptying what builds have made, so that the next build keeps no row of it and quotes none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.attributes.marts import OBJECT_TABLES
from transforms.runner.build_report import RUNS_TABLE
from transforms.runner.incremental.build_memory import MEMORY
from transforms.runner.model_graph.model import CHANGES, names
from transforms.runner.model_graph.own_models import names_in
from transforms.runner.model_graph.shipped_models import read_models
from transforms.runner.warehouse.connection import Connection
from transforms.runner.warehouse.datasets import Datasets, FullNames
from transforms.runner.warehouse.inventory.built_models import BUILT_MODELS
from transforms.runner.warehouse.inventory.inventory import Inventory
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.quoting import identifier
from transforms.runner.warehouse.scratch import Scratch
from transforms.runner.warehouse.table_swap import BUILDING


class Reference(Protocol):
    """A foreign key of others on a table to be emptied; as a text, the name of their table."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the table to be emptied that the foreign key refers to."""


Listed = Callable[[str], Iterable[tuple[str, bool]]]  # dataset -> name of each table and view, and whether it is a view
References = Callable[[str], Mapping[str, Sequence[Reference]]]  # dataset -> table -> foreign keys that point to it


class BuiltTables:
    """The tables to be emptied that builds have made in a destination, also of models whose files are gone.

    `listed` says what stands in a dataset, in any warehouse, and `references` which of it foreign keys of others point
    to.
    """

    def __init__(
        self, client: SqlClientBase[Any], dialect: str, datasets: Datasets, listed: Listed, references: References
    ) -> None:
        self._client = client
        self._datasets = datasets
        self._listed = listed
        self._references = references
        self._names = FullNames(client, dialect, datasets, {BUILT_MODELS: datasets.staging})
        connection = Connection(client, dialect)
        self._scratch = Scratch(connection, self._names)
        self._inventory = Inventory(connection, self._names)
        self._inventory.take()

    def empty(self, own_folder: Path | None) -> bool:
        """Empty or drop the tables of models, but not their views; return True if there were models.

        Also of the user's own models, in `own_folder`. A table that somebody else has made under the name of a model is
        left alone.
        """
        self._forget_builds()
        self._scratch.drop_left_over(self._inventory)
        ours = {*names(read_models(CHANGES)), *(table.mart for table in OBJECT_TABLES), *self._inventory.built_before}
        ours |= set() if own_folder is None else names_in(own_folder)
        of_others, had_models = self._inventory.of_others, False
        for dataset in (self._datasets.marts, self._datasets.staging):
            for name, is_view in self._listed(dataset):
                is_model = name.removesuffix(BUILDING) in ours
                if is_model and (dataset, name) not in of_others:
                    had_models = True
                    if not is_view:
                        self._empty(dataset, name)
        return had_models

    def _forget_builds(self) -> None:
        """Let the next build be a full one, and delete former builds' errors, which may quote rows.

        The table of what conversations were made from names people, too, and a build with a failed model does not
        rewrite it. Call before any model is emptied: if emptying is interrupted, an incremental build would leave the
        rest empty.
        """
        present = {name for name, is_view in self._listed(self._datasets.staging) if not is_view}
        # In other warehouses builds remember no versions, and the tables that they were made from are dropped.
        for name in sorted(present & {*MEMORY}) if self._inventory.has_catalog else ():
            self._client.execute_sql(f"DELETE FROM {self._names.in_staging(name)}")  # noqa: S608 - our own tables
        if RUNS_TABLE in present:
            runs = self._names.in_staging(RUNS_TABLE)
            self._client.execute_sql(f"UPDATE {runs} SET error = NULL WHERE error IS NOT NULL")  # noqa: S608 - our own table

    def _empty(self, dataset: str, name: str) -> None:
        """Empty a table without dropping it, for the sake of privileges, indexes and views of others.

        Rows that a foreign key of others refers to keep their ids alone. In a warehouse whose catalog no build reads,
        the table is dropped.
        """
        table = self._names.of_location(dataset, name)
        if not self._inventory.has_catalog:
            self._client.execute_sql(f"DROP TABLE {table}")
            return
        try:
            self._client.execute_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names
        except DatabaseException:
            held = self._references(dataset).get(name, [])
            if not held:
                raise
            self._empty_columns(dataset, name, {key: reference for reference in held for key in reference.keys})

    def _empty_columns(self, dataset: str, name: str, kept: Mapping[str, Reference]) -> None:
        """Empty all columns but those that foreign keys refer to; raises InTheWay where one of these is no id."""
        if personal := next((key for key in kept if not key.endswith("id")), None):
            fact = f"{kept[personal]} refers to the column {personal} of {dataset}.{name}"
            raise InTheWay(f"{fact}. Drop its foreign key") from None
        relation = self._inventory.at((dataset, name))
        columns = [] if relation is None else relation.columns
        emptied = [f"{identifier(column)} = NULL" for column in columns if column not in kept]
        if emptied:
            table = self._names.of_location(dataset, name)
            self._client.execute_sql(f"UPDATE {table} SET {', '.join(emptied)}")  # noqa: S608 - our own names
