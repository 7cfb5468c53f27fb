"""What others have done to the raw tables: dropped ones are made anew, and what would be lost is named instead."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import dlt
from dlt.common.destination.client import WithStagingDataset
from dlt.common.schema.typing import TTableSchemaColumns
from dlt.common.schema.utils import has_table_seen_data
from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.destinations.job_client_impl import SqlJobClientBase

from pipelines.destination.tables.insertion import COLUMNS_OF_DLT
from pipelines.destination.tables.lost_progress import SWEEP_AGAIN, States, forget_progress, is_of_marks
from pipelines.destination.target import Target
from pipelines.stop import ExitCode, Stop
from sources.intercom import TABLES
from sources.intercom.privacy.forgotten import FORGOTTEN_RECORDS
from transforms.runner.dialect import sql_dialect, sql_type

TablesColumns = Mapping[str, TTableSchemaColumns]  # table -> columns; none where there is no table
MADE_BY_DLT = "_dlt_load_id"  # every table that dlt loads into has this column
WITH_PLAIN_TYPES = ("duckdb", "postgres")  # where what dlt reads back is what it has made
PLAIN_TYPES = {"text", "bigint", "double", "bool", "timestamp", "date"}
DEFAULTS = """
    SELECT column_default FROM information_schema.columns
    WHERE table_schema = %s AND table_name = %s AND column_name = %s
"""


@dataclass(frozen=True)
class Look:
    """What the schema of dlt knows, and what the database has.

    `staging` has the tables in which dlt merges what it loads; None where it makes their dataset itself. Taken once for
    all who judge by it: dlt reads and validates the whole schema each time, and opens the database.
    """

    known: TablesColumns
    raw: TablesColumns
    staging: TablesColumns | None

    @classmethod
    def at(cls, pipeline: dlt.Pipeline) -> "Look":
        """Look at the schema and the database of a pipeline."""
        tables = pipeline.default_schema.tables if pipeline.schemas else {}
        known = {name: table["columns"] for name, table in tables.items()}
        with _client(pipeline) as client:
            raw = dict(client.get_storage_tables({*known, *TABLES}))
            loaded = [name for name in TABLES if name in tables and has_table_seen_data(tables[name])]
            return cls(known, raw, _in_staging(client, loaded))

    @property
    def never_made(self) -> list[str]:
        """The raw tables that neither the schema nor the database has: no row was ever loaded into them."""
        return [name for name in TABLES if name not in self.known and not self.raw.get(name)]

    @property
    def is_scratch_lost(self) -> bool:
        """True where something is gone that only dlt itself uses."""
        merged = (self.staging or {}).items()
        return any(_missing(self.known[name], found) for name, found in merged) or any(
            not self.raw[name] for name in self.raw if name.startswith("_dlt")
        )


def refuse_what_is_others(look: Look, pipeline: dlt.Pipeline, target: Target) -> None:
    """Raise Stop for a table with the name of a raw one, and for a column with values, that somebody else has made."""
    _refuse_strangers(look.raw, target)
    _refuse_types(look, target)
    _refuse_columns(look, pipeline, target)


def make_anew(look: Look, pipeline: dlt.Pipeline, target: Target) -> list[str]:
    """Make raw tables and columns anew that somebody dropped, and return what to tell of it, a line for each.

    dlt believes its stored schema, and would fail in every load. What filled them is read in full: the state goes
    first, so that a run which is killed in between leaves nothing half. Raises Stop where the table of those who were
    forgotten is gone: made anew it would be empty, and the next run would load them all.
    """
    if not look.known:
        _forget_schema(pipeline)
        return []
    lost = list(_lost(look, target))
    if FORGOTTEN_RECORDS.name in lost:
        raise Stop(_without_forgotten(pipeline, target), ExitCode.WRONG_USE)
    if not lost and not look.is_scratch_lost:
        return []
    again = _forget_state(pipeline, lost)
    with _client(pipeline) as client:
        client.initialize_storage()
        client.update_stored_schema(force=True)
        if look.is_scratch_lost and isinstance(client, WithStagingDataset):
            with client.with_staging_dataset():
                client.initialize_storage()
                client.update_stored_schema(force=True)
    read_again = f"; read in full: {', '.join(again)}" if again else ""
    made_anew = f"{target.datasets.raw}.{{}} had been dropped and is made anew{{}}"
    return [made_anew.format(name, SWEEP_AGAIN if is_of_marks(name) else read_again) for name in lost]


def make_tables(pipeline: dlt.Pipeline) -> None:
    """Make every table of the schema that there is none of, also those for which nothing was read."""
    with _client(pipeline) as client:
        client.initialize_storage()
        client.update_stored_schema()


def lacking_tables(pipeline: dlt.Pipeline, names: Iterable[str]) -> list[str]:
    """Return those of `names` of which the database has no raw table."""
    wanted = list(names)
    with _client(pipeline) as client:
        found = dict(client.get_storage_tables(wanted)) if client.is_storage_initialized() else {}
    return [name for name in wanted if not found.get(name)]


@contextmanager
def _client(pipeline: dlt.Pipeline) -> Iterator[SqlJobClientBase]:
    with pipeline.destination_client() as client:
        assert isinstance(client, SqlJobClientBase)  # noqa: S101 - every destination with SQL has this one
        yield client


def _in_staging(client: SqlJobClientBase, tables: Iterable[str]) -> TablesColumns | None:
    if not isinstance(client, WithStagingDataset):
        return None
    with client.with_staging_dataset():
        return dict(client.get_storage_tables(tables)) if client.is_storage_initialized() else None


def _missing(known: TTableSchemaColumns, found: TTableSchemaColumns) -> list[str]:
    return [name for name, hint in known.items() if "data_type" in hint and name not in found]


def _lost(look: Look, target: Target) -> Iterator[str]:
    """Yield `table` and `table.column` of what the schema knows and the database has no more."""
    for name, known in look.known.items():
        found = look.raw[name]
        gone = _missing(known, found)
        if not gone or name.startswith("_dlt"):
            continue
        if not found:
            yield name
            continue
        if keys := [column for column in gone if not known[column].get("nullable", True)]:
            message = f"{target.datasets.raw}.{name} has lost its column {keys[0]}, which every row needs. "
            raise Stop(f"{message}Drop the whole table (or rename it), and run again.", ExitCode.WRONG_USE)
        yield from (f"{name}.{column}" for column in gone)


def _refuse_strangers(in_database: TablesColumns, target: Target) -> None:
    for name, columns in in_database.items():
        if columns and name in TABLES and MADE_BY_DLT not in columns:
            message = f"{target.datasets.raw}.{name} was not made by intercom-elt, and stays as it is. "
            raise Stop(f"{message}Rename it, or choose another --dataset.", ExitCode.WRONG_USE)


def _refuse_types(look: Look, target: Target) -> None:
    """Raise Stop for a column of another type than it was made with: its values would be loaded as something else."""
    if target.destination not in WITH_PLAIN_TYPES:
        return
    for name, known in look.known.items():
        for column, hint in look.raw[name].items():
            made, now = known.get(column, {}).get("data_type"), hint.get("data_type")
            if {made, now} <= PLAIN_TYPES and made != now and not name.startswith("_dlt"):
                message = (
                    f"{target.datasets.raw}.{name}.{column} was made as {made} and is {now} now. Change it back, or "
                )
                raise Stop(f"{message}drop the column: it is made anew and read in full.", ExitCode.WRONG_USE)


def _refuse_columns(look: Look, pipeline: dlt.Pipeline, target: Target) -> None:
    """Raise Stop for a column of others that holds something: a row that is loaded again would lose it."""
    for name, known in look.known.items():
        added = [column for column in look.raw[name] if column not in known]
        if name.startswith("_dlt") or not added:
            continue
        for column in added:
            if _holds_something(pipeline, target, name, column):
                message = f"{target.datasets.raw}.{name} has the column {column}, which was not loaded; a row that "
                message += "changes in Intercom would lose it. Keep it in a table of your own and drop it here."
                raise Stop(message, ExitCode.WRONG_USE)


def _holds_something(pipeline: dlt.Pipeline, target: Target, table: str, column: str) -> bool:
    with pipeline.sql_client() as client:
        default = client.execute_sql(DEFAULTS, target.datasets.raw, table, column)
        if default and default[0][0] is not None:
            return False  # the database fills it again by itself
        name, quoted = client.make_qualified_table_name(table), client.escape_column_name(column)
        return bool(client.execute_sql(f"SELECT 1 FROM {name} WHERE {quoted} IS NOT NULL LIMIT 1"))  # noqa: S608 - from the catalog


def _forget_schema(pipeline: dlt.Pipeline) -> None:
    """Without dlt's state there is nothing to go on with; its stored schema, if any, says nothing of the tables."""
    with pipeline.sql_client() as client, suppress(DatabaseUndefinedRelation):
        client.execute_sql(f"DELETE FROM {client.make_qualified_table_name('_dlt_version')}")  # noqa: S608 - dlt's own table


def _forget_state(pipeline: dlt.Pipeline, lost: list[str]) -> list[str]:
    """Forget how far the resources have come that fill what is lost, in the destination too; return their names."""
    with pipeline.managed_state() as state:
        states: States = state.get("sources", {}).get("intercom", {}).get("resources", {})
        before = copy.deepcopy(states)
        again = forget_progress(states, lost)
        is_changed = states != before
    if is_changed:
        pipeline.run(dlt.resource([], name="reset"))
    return again


def _without_forgotten(pipeline: dlt.Pipeline, target: Target) -> str:
    """Return what to do without the table: who knows that nobody was ever forgotten says so by making it, empty."""
    with pipeline.sql_client() as client:
        name = client.make_qualified_table_name(FORGOTTEN_RECORDS.name)
    text = sql_type("varchar", sql_dialect(target.destination))
    columns = ", ".join(f"{column} {text} NOT NULL" for column in (*FORGOTTEN_RECORDS.key, *COLUMNS_OF_DLT))
    return WITHOUT_FORGOTTEN.format(target.datasets.raw, f"CREATE TABLE {name} ({columns});")


WITHOUT_FORGOTTEN = (
    "{0}.forgotten_records was dropped. Without it people who were forgotten would be loaded again. Bring it back from "
    "a backup; only if nobody was ever forgotten, make it anew and empty: {1}"
)
