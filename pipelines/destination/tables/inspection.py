"""The raw tables as dlt's schema knows them and as the database has them: others may have changed something."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import dlt
from dlt.common.destination.client import WithStagingDataset
from dlt.common.schema.typing import TTableSchemaColumns
from dlt.common.schema.utils import has_table_seen_data
from dlt.destinations.job_client_impl import SqlJobClientBase

from pipelines.destination.failures.lost_connection import lost_connection_as_database_error
from pipelines.destination.tables.catalog import as_written, is_of_dlt
from sources.intercom import TABLES

TablesColumns = Mapping[str, TTableSchemaColumns]  # table -> columns; none if there is no table


@dataclass(frozen=True)
class Inspection:
    """An inspection of the raw tables and their columns: by dlt's schema, and in the database.

    `staging` has the tables in which dlt merges what it loads; None if dlt makes their dataset itself. `loaded` are the
    tables into which rows were ever loaded. Made once for all callers, because dlt reads and validates the whole schema
    each time, and opens the database.
    """

    known: TablesColumns
    raw: TablesColumns
    staging: TablesColumns | None
    loaded: Collection[str]

    @classmethod
    def at(cls, pipeline: dlt.Pipeline) -> "Inspection":
        """Inspect the raw tables of a pipeline: its schema and its database."""
        with storage_client(pipeline) as client:
            tables = client.schema.tables if pipeline.schemas else {}
            known = {name: table["columns"] for name, table in tables.items()}
            raw = inspected(client, {*known, *TABLES})
            loaded = [name for name in TABLES if name in tables and has_table_seen_data(tables[name])]
            return cls(known, raw, _in_staging(client, loaded), loaded)

    @property
    def is_any_known(self) -> bool:
        """False if somebody has dropped dlt's own tables, or nothing was loaded when they were inspected."""
        return not TABLES.keys().isdisjoint(self.known)

    @property
    def never_made(self) -> list[str]:
        """The raw tables that inspection finds in neither schema nor database: no row was ever loaded."""
        return [name for name in TABLES if name not in self.known and not self.raw.get(name)]

    @property
    def is_scratch_lost(self) -> bool:
        """True if inspection finds missing a table that only dlt uses."""
        merged = (self.staging or {}).items()
        return any(missing_columns(self.known[name], found) for name, found in merged) or any(
            not self.raw[name] for name in self.raw if is_of_dlt(name)
        )


@contextmanager
def storage_client(pipeline: dlt.Pipeline) -> Iterator[SqlJobClientBase]:
    """Lend dlt's client to inspect or make the tables of a pipeline's storage."""
    with lost_connection_as_database_error(), pipeline.destination_client() as client:
        assert isinstance(client, SqlJobClientBase)  # noqa: S101 - every destination with SQL has this one
        yield client


def inspected(client: SqlJobClientBase, tables: Iterable[str]) -> dict[str, TTableSchemaColumns]:
    """Return the columns of `tables` by inspection of the database, by our names; the `name` in each is the database's.

    dlt returns the latter alone, and Snowflake's are in upper case.
    """
    return {
        table: {as_written(client.sql_client, name): column for name, column in columns.items()}
        for table, columns in client.get_storage_tables(tables)
    }


def _in_staging(client: SqlJobClientBase, tables: Iterable[str]) -> TablesColumns | None:
    if not isinstance(client, WithStagingDataset):
        return None
    with client.with_staging_dataset():
        return inspected(client, tables) if client.is_storage_initialized() else None


def missing_columns(known: TTableSchemaColumns, found: TTableSchemaColumns) -> list[str]:
    """Return the columns with a type that are known to the schema and missing at the inspection."""
    return [name for name, hint in known.items() if "data_type" in hint and name not in found]


def make_tables(pipeline: dlt.Pipeline) -> None:
    """Create every table of the schema that inspection finds missing, also those for which nothing was read."""
    with storage_client(pipeline) as client:
        client.initialize_storage()
        client.update_stored_schema()


def lacking_tables(pipeline: dlt.Pipeline, names: Iterable[str]) -> list[str]:
    """Inspect the database for the raw tables `names`, and return those that it lacks."""
    wanted = list(names)
    with storage_client(pipeline) as client:
        found = inspected(client, wanted) if client.is_storage_initialized() else {}
    return [name for name in wanted if not found.get(name)]
