"""A DuckDB file with told conversations in it, by a whole sync from a simulator, and the models built."""

from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
import orjson

from pipelines.destination.target import Target
from simulator import SimulatorProcess
from tests.support.told.conversation import ANN, AUTHORS, BEN
from tests.support.workspace import load
from transforms import BuildOptions, build

ALWAYS_READ = ("conversations", "contacts", "workspace", "admins", "teams")


def synced(folder, conversations, now_epoch, settings, gone=(), **others):
    """The path of the database, in which all models are built and all checks pass; see `synced_and_built`."""
    database, report = synced_and_built(folder, conversations, now_epoch, settings, gone, **others)
    assert report.failed_checks() == []
    return database


def synced_and_built(folder, conversations, now_epoch, settings, gone=(), **others):
    """The path of the database, and the report of the build, in which checks may fail.

    The workspace is Berlin's, has Ann and Ben, Support (601) and Billing (602).
    `others` are records of other kinds, by the name of the resource that reads them; contacts given there are all that
    exist. `gone` are the marks that a sweep has left: (entity, id, reason, id of the survivor). A later call with the
    same folder syncs and builds what has changed.
    """
    files = {
        "conversations": conversations,
        "contacts": [
            {"type": "contact", "id": one["contacts"]["contacts"][0]["id"], "role": "user", "name": "Customer"}
            | dict.fromkeys(("created_at", "updated_at"), one["created_at"])
            for one in conversations
        ],
        "admins": [{**AUTHORS[admin], "team_ids": []} for admin in (ANN, BEN)],
        "teams": [{"type": "team", "id": "601", "name": "Support"}, {"type": "team", "id": "602", "name": "Billing"}],
        **others,
    }
    recorded = folder / f"recorded_{now_epoch}"
    recorded.mkdir()
    for name, records in files.items():
        lines = b"".join(orjson.dumps(record) + b"\n" for record in records)
        (recorded / f"{name}.ndjson").write_bytes(lines)
    database = folder / "told.duckdb"
    now = datetime.fromtimestamp(now_epoch, ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    with SimulatorProcess(fill_from=str(recorded), now=now, timezone="Europe/Berlin", rate_limit=0) as simulator:
        load(simulator, database, *dict.fromkeys((*ALWAYS_READ, *others)))
    mark(database, gone)
    return database, built(database, now_epoch, settings)


def built(database, now_epoch, settings, select=None):
    """Build the models, all or the selected ones, and return the report, in which checks may fail."""
    target = Target(database=database)
    with target.held_open():
        client = target.pipeline().sql_client
        report = build(client, "duckdb", target.datasets, BuildOptions(select, now_epoch=now_epoch, settings=settings))
    assert report.failed_models == []
    return report


def mark(database, gone):
    """Leave the marks of a sweep."""
    columns = "entity, id, reason, merged_into_id, noticed_at, _dlt_load_id, _dlt_id"
    with duckdb.connect(str(database)) as connection:
        for number, marked in enumerate(gone):
            values = [*marked, 0, "told", f"told{number}"]
            connection.execute(
                f"insert into intercom_raw.deleted_records ({columns}) values (?, ?, ?, ?, ?, ?, ?)", values
            )
