"""Where a run loads to: the destination, its datasets, and dlt's pipeline on it."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dlt
import duckdb
from dlt.common.destination import Destination
from dlt.common.destination.exceptions import UnknownDestinationModule
from dlt.common.normalizers.naming.snake_case import NamingConvention
from dlt.common.schema import Schema
from dlt.destinations.exceptions import DatabaseUndefinedRelation
from dlt.destinations.sql_client import SqlClientBase

from pipelines.destination.telemetry import quiet_unless_wished
from pipelines.stop import ExitCode, Stop
from transforms.runner.warehouse import Datasets

PIPELINE_NAME = "intercom"
# Not intercom.duckdb: DuckDB names the catalog after the file, and `intercom.fct_conversations` would be ambiguous.
DEFAULT_DATABASE = Path("intercom_data.duckdb")
DEFAULT_DATASET = "intercom"


@dataclass(frozen=True)
class Target:
    """A DuckDB file (`database`) or a warehouse that dlt knows by the name `destination`.

    `dataset` is the marts' name; raw tables stand in `<dataset>_raw`, what is between them in `<dataset>_staging`.
    """

    destination: str = "duckdb"
    database: Path = DEFAULT_DATABASE
    dataset: str = DEFAULT_DATASET

    def __post_init__(self) -> None:
        """Raise Stop for names that cannot be used.

        A dataset that dlt writes otherwise would be loaded under one name and looked for under another.
        """
        base = self.datasets.marts
        usable = NamingConvention().normalize_identifier(base) if base.strip() else DEFAULT_DATASET
        if base != usable:
            message = f"--dataset {self.dataset!r} cannot be used; write it with small letters, digits and _: {usable}."
            raise Stop(message, ExitCode.WRONG_USE)
        # DuckDB names the catalog after the file, and then cannot tell it from the dataset.
        catalog = self.database.name.partition(".")[0].lower()
        if self.is_duckdb and catalog in {self.datasets.raw, f"{self.datasets.raw}_staging"}:
            message = f"{self.database} has the name of a dataset in it; choose another --database or --dataset."
            raise Stop(message, ExitCode.WRONG_USE)

    @property
    def datasets(self) -> Datasets:
        """The names of the datasets."""
        base = self.dataset.removesuffix("_raw")
        return Datasets(raw=f"{base}_raw", staging=f"{base}_staging", marts=base, fivetran=f"{base}_fivetran")

    @property
    def is_duckdb(self) -> bool:
        """True for a DuckDB file."""
        return self.destination == "duckdb"

    def __str__(self) -> str:
        """The file's or destination's name for messages."""
        return str(self.database) if self.is_duckdb else f"{self.destination}, dataset {self.datasets.raw}"

    @property
    def folder(self) -> Path:
        """Working folder of dlt for this target: two targets never share one, and so never share a state."""
        place = self.database.resolve() if self.is_duckdb else ""
        key = hashlib.sha256(f"{self.destination}|{place}|{self.datasets.raw}".encode()).hexdigest()[:16]
        return Path(dlt.current.run_context().data_dir) / "intercom-elt" / key

    def check(self) -> None:
        """Raise Stop unless the target can be written to; an existing database is left as it is."""
        if not self.is_duckdb:
            return
        if not self.database.parent.is_dir():
            raise Stop(f"The folder {self.database.parent} does not exist; create it first.", ExitCode.WRONG_USE)
        if self.database.exists():
            connect(self.database, read_only=False).close()

    def check_loaded(self) -> None:
        """Raise Stop where there is no database yet."""
        if self.is_duckdb:
            connect(self.database, read_only=True).close()
            self.check()

    def pipeline(self) -> dlt.Pipeline:
        """Return dlt's pipeline with the state that the destination holds, whatever an earlier run left on this disk.

        State is written with the rows, in the same load package, so the destination alone knows what it has. A package
        that a killed run left behind is dropped: its chunk is read again.
        """
        quiet_unless_wished()
        shutil.rmtree(self.folder, ignore_errors=True)
        pipeline = dlt.pipeline(
            PIPELINE_NAME,
            pipelines_dir=str(self.folder),
            destination=self._destination(),
            dataset_name=self.datasets.raw,
        )
        pipeline.sync_destination()
        return pipeline

    def sql_client(self) -> SqlClientBase[Any]:
        """Return what runs SQL on the raw dataset without a pipeline, whose folder a sync may be using right now."""
        return dlt.dataset(self._destination(), self.datasets.raw, Schema(PIPELINE_NAME)).sql_client

    def _destination(self) -> Any:
        options: dict[str, Any] = {
            "replace_strategy": "insert-from-staging",  # whole lists are swapped: a reader never sees one empty
            # SQL inserts take many times as long. PostgreSQL's parquet loader fails on tables without rows.
            "preferred_loader_file_format": "csv" if self.destination == "postgres" else "parquet",
        }
        if self.is_duckdb:
            return dlt.destinations.duckdb(str(self.database), **options)
        try:
            return Destination.from_reference(self.destination, **options)
        except UnknownDestinationModule as error:
            message = f"dlt knows no destination {self.destination!r}; such as duckdb, postgres, bigquery, snowflake."
            raise Stop(message, ExitCode.WRONG_USE) from error

    def workspace_in(self, pipeline: dlt.Pipeline) -> tuple[str, str | None] | None:
        """Return id code and name of the workspace whose rows the target holds; None before the first load."""
        try:
            with pipeline.sql_client() as client:
                table = client.make_qualified_table_name("workspace")
                rows = client.execute_sql(f"SELECT id_code, name FROM {table}")  # noqa: S608 - our own table
        except DatabaseUndefinedRelation:
            return None
        return (rows[0][0], rows[0][1]) if rows else None


def remove_database(target: Target) -> None:
    """Delete the DuckDB file and its write-ahead log, if they are a database that nobody has open."""
    target.check()
    target.database.unlink(missing_ok=True)
    target.database.with_name(target.database.name + ".wal").unlink(missing_ok=True)


def connect(database: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or raise Stop with what is wrong with it."""
    if read_only and not database.exists():
        message = f"There is no database {database}; load one with: intercom-elt sync --database {database}"
        raise Stop(message, ExitCode.WRONG_USE)
    try:
        return duckdb.connect(str(database), read_only=read_only)
    except duckdb.IOException as error:
        reason = str(error)
        if "lock" in reason.lower():
            holder = reason.partition("held in ")[2].partition(". ")[0] or "another program"
            message = f"{database} is in use by {holder}; close it there and run again."
            raise Stop(message, ExitCode.FAILED) from error
        if "not a valid DuckDB" in reason or "serializ" in reason:
            message = f"{database} is not a DuckDB file; choose another --database. It was left as it is."
            raise Stop(message, ExitCode.WRONG_USE) from error
        raise Stop(f"{database} cannot be opened: {reason.splitlines()[0]}", ExitCode.WRONG_USE) from error
