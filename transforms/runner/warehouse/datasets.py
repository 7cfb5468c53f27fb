"""Where models, seeds and raw tables are in the destination, and what they are called there in full."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from dlt.destinations.sql_client import SqlClientBase
from sqlglot import exp

from transforms.runner.model import FIVETRAN


@dataclass(frozen=True)
class Datasets:
    """The datasets: raw tables in `raw`, marts in `marts`, models in between in `staging`.

    `fivetran` holds the views in Fivetran's shape, when they are asked for.
    """

    raw: str = "intercom_raw"
    staging: str = "intercom_staging"
    marts: str = "intercom"
    fivetran: str = "intercom_fivetran"

    def of_kind(self, kind: str) -> str:
        """Return the dataset in which models of this kind are built."""
        return {"marts": self.marts, FIVETRAN: self.fivetran}.get(kind, self.staging)


class FullNames:
    """The names of tables and views as the destination takes them: quoted, with their dataset.

    `datasets_of` says in which dataset each model and seed is (name -> dataset).
    """

    def __init__(
        self, client: SqlClientBase[Any], dialect: str, datasets: Datasets, datasets_of: Mapping[str, str]
    ) -> None:
        self.datasets = datasets
        self.datasets_of = datasets_of
        self._client = client
        self._dialect = dialect
        self._catalog = self._ambiguous_catalog()
        self._cache: dict[tuple[str, str], str] = {}

    def of(self, name: str, suffix: str = "") -> str:
        """Return the full name of a model or seed."""
        return self.of_location(self.datasets_of[name], name + suffix)

    def of_raw(self, name: str) -> str:
        """Return the full name of a raw table."""
        return self.of_location(self.datasets.raw, name)

    def of_slot(self, slot: str) -> str:
        """Return the full name for a slot in the text of a query: `raw.contacts` or `fct_conversations`."""
        dataset, _, raw_name = slot.rpartition(".")
        return self.of_raw(raw_name) if dataset else self.of(slot)

    def in_staging(self, table: str) -> str:
        """Return the full name of a table that is no model, in the dataset of staging views and intermediates."""
        return self.of_location(self.datasets.staging, table)

    def in_its_dataset(self, name: str) -> str:
        """Return the quoted name alone, as a statement that renames takes it."""
        return str(self._client.make_qualified_table_name_path(name)[-1])

    def of_location(self, dataset: str, name: str) -> str:
        """Return the full name of a table or view in any dataset."""
        if (dataset, name) not in self._cache:
            path = self._client.make_qualified_table_name_path(name, quote=False, dataset_name=dataset)
            parts = [exp.to_identifier(part, quoted=True) for part in [*self._catalog, *path]]
            table = exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))
            self._cache[dataset, name] = table.sql(dialect=self._dialect)
        return self._cache[dataset, name]

    def _ambiguous_catalog(self) -> list[str]:
        """Return the DuckDB catalog, when a dataset has the same name.

        DuckDB calls the catalog after the file, and in `intercom.duckdb` the name `intercom.x` could mean either.
        Otherwise it is left out, so that views still work when the file gets another name.
        """
        if self._dialect != "duckdb":
            return []
        catalog = str((self._client.execute_sql("SELECT current_database()") or [[""]])[0][0])
        return [catalog] if catalog in astuple(self.datasets) else []
