"""Where models, seeds and raw tables are in the destination, and what they are called there in full."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from transforms.runner.model_graph.model import FIVETRAN, MARTS

CURRENT_CATALOG = "SELECT current_database()"


@dataclass(frozen=True)
class Datasets:
    """The datasets: raw tables in `raw`, marts in `marts`, models in between in `staging`.

    `fivetran` holds the views in Fivetran's shape, when they are asked for.
    """

    raw: str = "intercom_raw"
    staging: str = "intercom_staging"
    marts: str = "intercom"
    fivetran: str = "intercom_fivetran"

    def ambiguous(self, catalog: str) -> str | None:
        """Return a DuckDB catalog's name if a dataset has it, too, in whatever letters; else None."""
        return catalog if catalog.lower() in map(str.lower, astuple(self)) else None

    def of_kind(self, kind: str) -> str:
        """Return the dataset in which models of this kind are built."""
        return {MARTS: self.marts, FIVETRAN: self.fivetran}.get(kind, self.staging)


class FullNames:
    """The full names of tables and views as the destination takes them: quoted, with their dataset.

    `datasets_of` says in which dataset each model and seed is (name -> dataset).
    """

    def __init__(
        self, client: SqlClientBase[Any], dialect: str, datasets: Datasets, datasets_of: Mapping[str, str]
    ) -> None:
        self.datasets = datasets
        self.datasets_of = datasets_of
        self._client = client
        self._dialect = dialect
        self._catalog = ambiguous_catalog(client, dialect, datasets)
        self._cache: dict[tuple[str, str], str] = {}

    def of(self, name: str, suffix: str = "") -> str:
        """Return the full name of a model or seed, with its dataset."""
        return self.of_location(self.datasets_of[name], name + suffix)

    def of_raw(self, name: str) -> str:
        """Return the full name of a raw table, with its dataset."""
        return self.of_location(self.datasets.raw, name)

    def of_slot(self, slot: str) -> str:
        """Return the full name, with the dataset, for a query's slot: `raw.contacts` or `fct_conversations`."""
        dataset, _, raw_name = slot.rpartition(".")
        return self.of_raw(raw_name) if dataset else self.of(slot)

    def in_staging(self, table: str) -> str:
        """Return the full name of a table that is no model, in the dataset of staging views and intermediates."""
        return self.of_location(self.datasets.staging, table)

    def in_its_dataset(self, name: str) -> str:
        """Return a quoted name without its dataset, as a statement that renames takes it."""
        return str(self._client.make_qualified_table_name_path(name)[-1])

    def of_location(self, dataset: str, name: str) -> str:
        """Return the full name of a table or view in any dataset."""
        if (dataset, name) not in self._cache:
            before = [] if self._catalog is None else [self._catalog]
            path = self._client.make_qualified_table_name_path(name, quote=False, dataset_name=dataset)
            parts = [exp.to_identifier(part, quoted=True) for part in [*before, *path]]
            table = exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))
            self._cache[dataset, name] = table.sql(dialect=self._dialect)
        return self._cache[dataset, name]


def ambiguous_catalog(client: SqlClientBase[Any], dialect: str, datasets: Datasets) -> str | None:
    """Return the DuckDB catalog, when a dataset has the same name.

    DuckDB calls the catalog after the file, and in `intercom.duckdb` the name `intercom.x` could mean either. Otherwise
    it is left out of names, so that views still work when the file gets another name.
    """
    if dialect != "duckdb":
        return None
    return datasets.ambiguous(str((client.execute_sql(CURRENT_CATALOG) or [[""]])[0][0]))
