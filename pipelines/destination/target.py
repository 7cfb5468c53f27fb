"""Where a run loads to: the destination, its datasets, and dlt's pipeline on it."""

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dlt
import duckdb
from dlt.common.destination import Destination
from dlt.common.destination.exceptions import UnknownDestinationModule
from dlt.common.exceptions import DltException
from dlt.common.schema import Schema
from dlt.destinations.exceptions import DatabaseUndefinedRelation, DestinationConnectionError
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.dataset_name import DEFAULT_DATASET, check_dataset
from pipelines.destination.dlt_settings import check_dlt_settings, looked_up, set_what_is_not_set
from pipelines.destination.duckdb.database_file import is_duckdb, no_place_for
from pipelines.destination.duckdb.opening import connect, missing
from pipelines.destination.duckdb.spill_files import remove_spilled
from pipelines.destination.known_pipeline import KnownPipeline
from pipelines.destination.load_order import continue_order
from pipelines.destination.newer_version import synchronize
from pipelines.destination.postgres.dlt_options import postgres_options
from pipelines.destination.working_folder import kept_file, occupy, working_folder
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom.secrecy.safe_text import keep_secret
from transforms.runner.warehouse.datasets import Datasets

PIPELINE_NAME = "intercom"
# Not intercom.duckdb: DuckDB names the catalog after the file, and `intercom.fct_conversations` would be ambiguous.
DEFAULT_DATABASE = Path("intercom_data.duckdb")
CATALOGS_OF_DUCKDB = frozenset({"information_schema", "system", "temp"})
_OF_SECRETS = re.compile("password|secret|token|private_key|passphrase|api_key|sas_|account_key")
# dlt does not know that these have transactions, and deletes a table's rows and inserts the new ones in two: if the
# disk is full between the two, or the run is killed, the table is empty.
WITH_TRANSACTIONS = frozenset({"duckdb", "motherduck", "ducklake", "postgres", "redshift", "snowflake"})
WITH_T_SQL = ("mssql", "synapse", "fabric")
WITHOUT_ROWS = ("filesystem", "athena", "dummy")
_ADDRESS = ("host", "port", "database", "project_id", "server_hostname", "catalog", "ducklake_name")  # of credentials
_NO_ROWS = (
    "--destination {} keeps files, in which no row can be replaced or erased, and every command counts on that. "
    '--destination ducklake is files with such rows; how to load mere files by dlt: docs/warehouses.md, "Files".'
)
_NO_T_SQL = (
    "--destination {} is not supported: its T-SQL lacks words of our statements (LIMIT, CREATE TABLE IF NOT EXISTS). "
    "docs/warehouses.md has the destinations that can be used."
)
_NO_FILE = (
    "{} is not a file. --database names a DuckDB file; MotherDuck and others are destinations of their own, such as "
    "--destination motherduck."
)
_IN_ONE_PIECE = (
    "The credentials of {0} cannot be given as one string. Write each setting by itself, under "
    "[destination.{0}.credentials] in .dlt/secrets.toml or as DESTINATION__{1}__CREDENTIALS__… in the environment."
)


@dataclass(frozen=True)
class Target:
    """The target of a run: a DuckDB file (`database`) or a warehouse that dlt knows by the name `destination`.

    `dataset` is the marts' name; raw tables are in `<dataset>_raw`, models in between in `<dataset>_staging`.
    """

    destination: str = "duckdb"
    database: Path = DEFAULT_DATABASE
    dataset: str = DEFAULT_DATASET

    def __post_init__(self) -> None:
        """Raise Stop for a target whose names cannot be used."""
        if self.destination in WITHOUT_ROWS:
            raise Stop(_NO_ROWS.format(self.destination), ExitCode.WRONG_USE)
        if self.destination in WITH_T_SQL:
            raise Stop(_NO_T_SQL.format(self.destination), ExitCode.WRONG_USE)
        check_dataset(self.dataset, self.datasets)
        if self.is_duckdb and re.match(r":memory:|\w{2,}:", str(self.database)):
            raise Stop(_NO_FILE.format(self.database), ExitCode.WRONG_USE)
        # DuckDB names the catalog after the file, and then cannot tell it from the dataset.
        catalog = self.database.name.partition(".")[0].lower()
        if self.is_duckdb and catalog in CATALOGS_OF_DUCKDB:
            message = f"{self.database}: DuckDB keeps the name {catalog} for itself; choose another --database."
            raise Stop(message, ExitCode.WRONG_USE)
        if self.is_duckdb and catalog in {self.datasets.raw, f"{self.datasets.raw}_staging"}:
            message = f"{self.database} has the name of a dataset in it; choose another --database or --dataset."
            raise Stop(message, ExitCode.WRONG_USE)

    @property
    def datasets(self) -> Datasets:
        """The names of the target's datasets."""
        base = self.dataset.removesuffix("_raw")
        return Datasets(raw=f"{base}_raw", staging=f"{base}_staging", marts=base, fivetran=f"{base}_fivetran")

    @property
    def is_duckdb(self) -> bool:
        """True for a target that is a DuckDB file."""
        return self.destination == "duckdb"

    def __str__(self) -> str:
        """The target's name for messages: the file's, or the destination's and its dataset's."""
        return str(self.database) if self.is_duckdb else f"{self.destination}, dataset {self.datasets.raw}"

    @property
    def options(self) -> str:
        """The options that lead to this target in a command to be pasted, each after a blank; empty for the default."""
        options = {
            "--destination": "" if self.is_duckdb else self.destination,
            "--database": "" if self.database == DEFAULT_DATABASE or not self.is_duckdb else str(self.database),
            "--dataset": "" if self.dataset == DEFAULT_DATASET else self.dataset,
        }
        return "".join(f" {name} {shlex.quote(value)}" for name, value in options.items() if value)

    @property
    def folder(self) -> Path:
        """Dlt's working folder for this target in this process: it is never shared, and so state is never shared."""
        return working_folder(self._key)

    def kept_file(self, name: str) -> Path:
        """Return the file of this name that a run on this target leaves for the next one, on this machine."""
        return self.kept_files(name)[0]

    def kept_files(self, name: str) -> list[Path]:
        """Return a kept file of this target, and its fallback, for runs whose settings do not say where it is."""
        address = "" if self.is_duckdb else self._address()
        keys = dict.fromkeys((f"{self._key}|{address}" if address else self._key, self._key))
        return [kept_file(key, name) for key in keys]

    def _address(self) -> str:
        """Return where the target's warehouse is, as two may share a dataset's name; empty if no setting says it."""
        with suppress(Stop, DltException, ValueError):
            credentials = self.sql_client().credentials
            return "|".join(_in_words(getattr(credentials, name, None)) for name in _ADDRESS)
        return ""

    @property
    def _key(self) -> str:
        place = os.path.realpath(self.database) if self.is_duckdb else ""  # also of a link that leads to itself
        return f"{self.destination}|{place}|{self.datasets.raw}"

    def check_path(self) -> None:
        """Raise Stop if the target's path can hold no database; nothing is opened."""
        if not self.is_duckdb:
            return
        if message := no_place_for(self.database):
            raise Stop(message, ExitCode.WRONG_USE)

    def make_ready(self) -> None:
        """Make the target ready for a run: delete spill files of killed runs, raise Stop if it cannot be written.

        An existing database is left as it is. Deleting is safe because the file is open for writing here.
        """
        self.check_path()
        if self.is_duckdb:
            folder = self.database.resolve().parent
            if not os.access(folder, os.W_OK | os.X_OK):
                message = f"{folder} may not be written by this user, and DuckDB writes files beside its database."
                raise Stop(f"{message} Run as the user who owns it, or choose another --database.", ExitCode.WRONG_USE)
            if self.database.exists():
                with connect(self.database, read_only=False):
                    remove_spilled(self.database)

    def check_exists(self) -> None:
        """Raise Stop if the target has no database yet; nothing is opened, so that no run is disturbed."""
        if self.is_duckdb and not self.database.exists():
            raise missing(self.database)

    def pipeline(self) -> KnownPipeline:
        """Return dlt's pipeline on the target with the state held there, whatever an earlier run left on this disk.

        State is written with the rows, in the same load package, so the destination alone knows what it has. A package
        that a killed run left behind is dropped: its chunk is read again. Raises Stop if a newer version loaded it.
        Whoever asks has checked dlt's settings: a run does so before it takes the lock and calls Intercom.
        """
        set_what_is_not_set()
        occupy(self.folder)
        pipeline = dlt.pipeline(
            PIPELINE_NAME,
            pipelines_dir=str(self.folder),
            destination=self._destination(),
            dataset_name=self.datasets.raw,
            _impl_cls=KnownPipeline,
        )
        # dlt's own message on Ctrl-C would contradict ours.
        pipeline.runtime_config.intercept_signals = False
        synchronize(pipeline, str(self))
        continue_order(pipeline)
        return pipeline

    @contextmanager
    def held_open(self, memory_limit: int | None = None) -> Iterator[None]:
        """Keep a target's DuckDB file open for the block: dlt opens it a dozen times, which takes 40 ms each.

        Others cannot open it meanwhile. A file that cannot be opened is left to the next one to open it, which reports
        why. `memory_limit`: the bytes that DuckDB may take; it spills the rest to disk, and caches fewer blocks.
        Closing the file then does not merge half-empty row groups, each of which is copied in memory (150 MB); the next
        process that closes it does.
        """
        connection = None
        if self.is_duckdb and is_duckdb(self.database):
            with suppress(duckdb.Error):
                connection = duckdb.connect(str(self.database))
                if memory_limit is not None:
                    connection.execute("SET GLOBAL threads = 1; SET GLOBAL max_vacuum_tasks = 0")
                    connection.execute(f"SET GLOBAL memory_limit = '{memory_limit}B'")
        try:
            yield
        finally:
            if connection is not None:
                connection.close()

    def sql_client(self) -> SqlClientBase[Any]:
        """Return a client for SQL on the target's raw dataset that needs neither a pipeline nor dlt's state."""
        check_dlt_settings(PIPELINE_NAME)
        try:
            return dlt.dataset(self._destination(), self.datasets.raw, Schema(PIPELINE_NAME)).sql_client
        except TypeError as error:  # dlt's, for credentials in one string that it cannot parse
            raise Stop(_IN_ONE_PIECE.format(self.destination, self.destination.upper()), ExitCode.WRONG_USE) from error

    @contextmanager
    def opened(self) -> Iterator[SqlClientBase[Any]]:
        """Open one of dlt's connections, which locks a DuckDB file; raises DestinationConnectionError if refused."""
        client = self.sql_client()
        for name, value in dict(getattr(client, "credentials", None) or {}).items():
            if isinstance(value, str) and _OF_SECRETS.search(name):
                keep_secret(value)
        try:
            client.open_connection()
        except errors_of(client) as error:
            raise DestinationConnectionError(type(client).__name__, self.datasets.raw, str(error), error) from error
        try:
            yield client
        finally:
            client.close_connection()

    def _destination(self) -> Any:
        options: dict[str, Any] = {
            "replace_strategy": "insert-from-staging",  # whole lists are swapped: no reader sees an empty one
            # SQL inserts take many times as long. PostgreSQL's parquet loader fails on tables without rows.
            "preferred_loader_file_format": "csv" if self.destination == "postgres" else "parquet",
        }
        if self.destination in WITH_TRANSACTIONS:
            options["supports_transactions"] = True
        if self.is_duckdb:
            # One statement uses every core; several at once take 200 MB more, and hardly less time.
            options["loader_parallelism_strategy"] = "sequential"
            return looked_up(dlt.destinations.duckdb(str(self.database), **options), PIPELINE_NAME)
        if self.destination == "postgres":
            options |= postgres_options()
        unknown = f"dlt knows no destination {self.destination!r}; such as duckdb, postgres, bigquery, snowflake."
        if not self.destination.isidentifier():  # dlt would also accept the path of a module
            raise Stop(unknown, ExitCode.WRONG_USE)
        try:
            return Destination.from_reference(self.destination, **options)
        except UnknownDestinationModule as error:
            raise Stop(unknown, ExitCode.WRONG_USE) from error

    def workspace_in(self, client: SqlClientBase[Any]) -> tuple[str, str | None] | None:
        """Return id code and name of the workspace whose rows the target holds; None before the first load."""
        try:
            table = client.make_qualified_table_name("workspace")
            rows = client.execute_sql(f"SELECT id_code, name FROM {table}")  # noqa: S608 - our own table
        except DatabaseUndefinedRelation:
            return None
        return (rows[0][0], rows[0][1]) if rows else None


def _in_words(value: object) -> str:
    """Return one credential of a target as text; of a DuckLake catalog's own ones, host and database only."""
    if value is None or isinstance(value, str | int):
        return str(value or "")
    return f"{getattr(value, 'host', '')}/{getattr(value, 'database', '')}"


def errors_of(client: SqlClientBase[Any]) -> type[Exception]:
    """Return the base of errors of a target's driver, which come untranslated when its connection is opened."""
    errors: type[Exception] = client.dbapi.Error  # type: ignore[attr-defined]  # PEP 249 has it, dlt's protocol lacks it
    return errors
