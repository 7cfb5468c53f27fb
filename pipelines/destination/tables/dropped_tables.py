"""Raw tables and columns that somebody has dropped, or emptied: made anew and read in full, or named.

They are only named where a new table would lose more.
"""

import copy
from collections.abc import Iterator
from contextlib import suppress

import dlt
from dlt.common.destination.client import WithStagingDataset
from dlt.common.schema import Schema
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from pipelines.destination.known_pipeline import KnownPipeline
from pipelines.destination.tables.catalog import is_of_dlt
from pipelines.destination.tables.dropped_tables_progress import SWEEP_AGAIN, States, is_of_marks, reset_progress
from pipelines.destination.tables.emptied_tables import emptied, remember_empty
from pipelines.destination.tables.insertion import COLUMNS_OF_DLT
from pipelines.destination.tables.inspection import Inspection, missing_columns, storage_client
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom import TABLES
from sources.intercom.privacy.forgotten_people import FORGOTTEN_RECORDS
from sources.intercom.privacy.personal_columns import CONTACTS
from transforms.runner.dialects.dialect_names import sql_dialect, sql_type


def make_anew(look: Inspection, pipeline: KnownPipeline, target: Target) -> list[str]:
    """Recreate raw tables and columns that somebody dropped, and return a line about each, and each emptied one.

    dlt trusts its stored schema, and would fail in every load. The resources that fill them are read in full: their
    state is reset first, so that a run that is killed in between can be repeated. Raises Stop if `forgotten_records` is
    gone: a new one would be empty, and the next run would load everybody who was forgotten.
    """
    lost = list(_lost(look, target)) if look.is_any_known else _lost_of_loaded(look, pipeline)
    if FORGOTTEN_RECORDS.name in lost:
        raise Stop(_without_forgotten(pipeline, target), ExitCode.WRONG_USE)
    if not look.is_any_known:
        _begin_schema(look, pipeline)
        return []
    empty = emptied(look, pipeline)
    if not lost and not empty and not look.is_scratch_lost:
        return []
    resources = _reset_state(pipeline, [*lost, *empty])
    if lost or look.is_scratch_lost:
        _make_storage(look, pipeline)
    read_again = f"; read in full when next read: {', '.join(resources)}" if resources else ""
    made_anew = f"{target.datasets.raw}.{{}} had been dropped and is made anew{{}}"
    lines = [made_anew.format(name, SWEEP_AGAIN if is_of_marks(name) else read_again) for name in lost]
    return lines + [f"{target.datasets.raw}.{name} had been emptied by somebody else{read_again}" for name in empty]


def _make_storage(look: Inspection, pipeline: dlt.Pipeline) -> None:
    with storage_client(pipeline) as client:
        client.initialize_storage()
        client.update_stored_schema(force=True)
        if look.is_scratch_lost and isinstance(client, WithStagingDataset):
            with client.with_staging_dataset():
                client.initialize_storage()
                client.update_stored_schema(force=True)


def _lost(look: Inspection, target: Target) -> Iterator[str]:
    """Yield what was dropped, `table` or `table.column`: the schema knows it and the database no longer has it."""
    for name, known in look.known.items():
        found = look.raw[name]
        gone = missing_columns(known, found)
        if not gone or is_of_dlt(name):
            continue
        if not found:
            yield name
            continue
        if keys := [column for column in gone if not known[column].get("nullable", True)]:
            message = f"{target.datasets.raw}.{name} has lost its column {keys[0]}, which every row needs. "
            raise Stop(message + (OF_FORGOTTEN if name == FORGOTTEN_RECORDS.name else RENAME), ExitCode.WRONG_USE)
        yield from (f"{name}.{column}" for column in gone)


def _lost_of_loaded(look: Inspection, pipeline: dlt.Pipeline) -> list[str]:
    """Return what was dropped if dlt knows no table: `forgotten_records`, made before any contact is loaded."""
    if look.raw[FORGOTTEN_RECORDS.name] or not look.raw[CONTACTS]:
        return []
    with pipeline.sql_client() as client:
        contacts = client.make_qualified_table_name(CONTACTS)
        is_loaded = client.execute_sql(f"SELECT 1 FROM {contacts} LIMIT 1")  # noqa: S608 - our own table
    return [FORGOTTEN_RECORDS.name] if is_loaded else []


def _begin_schema(look: Inspection, pipeline: KnownPipeline) -> None:
    """Begin a new schema: without dlt's state, the stored one describes tables that may not exist, and is dropped.

    What that one knows of columns that nobody declares goes on: a later run would take them for columns of others.
    """
    if (stored := pipeline.stored_schema()) is not None:
        schema = Schema(pipeline.pipeline_name)
        for name, table in TABLES.items():
            if name in stored.tables and look.raw[name]:
                known, declared = stored.tables[name]["columns"], table.declared()
                ours = {column: known[column] for column in known if column in look.raw[name]}
                schema.update_table({**declared, "columns": {**ours, **declared["columns"]}})
        pipeline.begin_with(schema)
        with storage_client(pipeline) as storage:  # before the stored one is dropped: this run may be killed, too
            storage.update_stored_schema(force=True)
    with pipeline.sql_client() as client, suppress(DatabaseUndefinedRelation):
        version, of_hash = client.make_qualified_table_name("_dlt_version"), client.escape_column_name("version_hash")
        kept = pipeline.default_schema.stored_version_hash if stored is not None else ""
        client.execute_sql(f"DELETE FROM {version} WHERE {of_hash} <> %s", kept)  # noqa: S608 - dlt's own table


def _reset_state(pipeline: dlt.Pipeline, lost: list[str]) -> list[str]:
    """Reset the state of the resources that fill lost tables, in the destination too; return their names."""
    with pipeline.managed_state() as state:
        of_source = state.setdefault("sources", {}).setdefault("intercom", {})
        before = copy.deepcopy(of_source)
        states: States = of_source.get("resources", {})
        resources = reset_progress(states, lost)
        remember_empty(of_source, lost)
        is_changed = of_source != before
    if is_changed:
        pipeline.run(dlt.resource([], name="reset"))
    return resources


def _without_forgotten(pipeline: dlt.Pipeline, target: Target) -> str:
    """Return the message for a dropped `forgotten_records`: how to create it, empty, if nobody was ever forgotten."""
    with pipeline.sql_client() as client:
        name = client.make_qualified_table_name(FORGOTTEN_RECORDS.name)
    text = sql_type("varchar", sql_dialect(target.destination))
    columns = ", ".join(f"{column} {text} NOT NULL" for column in (*FORGOTTEN_RECORDS.key, *COLUMNS_OF_DLT))
    return WITHOUT_FORGOTTEN.format(target.datasets.raw, f"CREATE TABLE {name} ({columns});")


RENAME = (
    "Rename the table, and run again: a new one is made and read in full. Keep yours: rows that Intercom shows no more "
    "are in no other place."
)
OF_FORGOTTEN = "Bring the table back from a backup: without it people who were forgotten would be loaded again."
WITHOUT_FORGOTTEN = (
    "{0}.forgotten_records was dropped. Without it people who were forgotten would be loaded again. Bring it back from "
    "a backup; only if nobody was ever forgotten, make it anew and empty: {1}"
)
