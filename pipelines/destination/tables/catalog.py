"""What a destination calls its tables, and the statement that lists them: dlt folds names, and joins them in places."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dlt.destinations.sql_client import SqlClientBase

from transforms.runner.warehouse.quoting import string_literal

_ANY = "x"  # a name that is looked at for what is before it


def is_of_dlt(table: str) -> bool:
    """Return True for the name of one of dlt's own tables in a catalog, which hold no rows of Intercom's."""
    return table.startswith("_dlt")


def as_written(client: SqlClientBase[Any], name: str) -> str:
    """Return what we call a table or column that a catalog calls `name`; one that dlt cannot have written stays."""
    lower = name.lower()  # as all of ours are
    return lower if client.capabilities.casefold_identifier(lower) == name else name


class Catalog:
    """The catalog of a destination: table names in any of its datasets; sends no query, so the client may be closed.

    Snowflake keeps names in upper case, and ClickHouse has one database with `intercom_raw___contacts` in it.
    """

    def __init__(self, client: SqlClientBase[Any], destination: str) -> None:
        self._client = client
        self._destination = destination

    def full_name(self, dataset: str, table: str) -> str:
        """Return a table's name in the destination's catalog as a statement takes it."""
        return ".".join(self._client.make_qualified_table_name_path(table, dataset_name=dataset))

    def path(self, dataset: str, table: str) -> list[str]:
        """Return the parts of a table's name in the catalog without quotation marks, that of the table last."""
        return self._client.make_qualified_table_name_path(table, quote=False, dataset_name=dataset)

    def listing(self, dataset: str) -> str:
        """Return the query that lists the tables and views of a dataset in the catalog, for `listed`."""
        with self._client.with_alternative_dataset_name(dataset):
            database, schema, _ = self._client._get_information_schema_components()
            tables = self._client._qualify_info_schema_table_name("TABLES")
            if self._destination == "bigquery":  # where each dataset has a list of its own
                tables = f"{self._client.fully_qualified_dataset_name()}.{tables}"
        where = {"table_schema": schema, "table_catalog": database}
        conditions = " AND ".join(f"{column} = {string_literal(value)}" for column, value in where.items() if value)
        return f"SELECT table_name, table_type FROM {tables} WHERE {conditions}"  # noqa: S608 - names of settings

    def listed(self, dataset: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, bool]]:
        """Yield the name of each table and view of a dataset in the catalog, as we call it; whether it is a view."""
        before = self.path(dataset, _ANY)[-1][: -len(_ANY)]
        for name, kind in rows:
            if str(name).startswith(before):
                yield as_written(self._client, str(name)[len(before) :]), "VIEW" in str(kind).upper()
