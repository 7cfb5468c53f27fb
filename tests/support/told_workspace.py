"""A DuckDB file with told conversations in it, by a whole sync from a simulator, and the models built."""

from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from pipelines.destination.target import Target
from simulator import SimulatorProcess
from tests.support.told_conversation import ANN, AUTHORS, BEN
from tests.support.workspace import load
from transforms import build


def synced(folder, conversations, now_epoch, settings):
    """The path of the database; the workspace is Berlin's, has Ann and Ben, Support (601) and Billing (602)."""
    files = {
        "conversations": conversations,
        "contacts": [
            {"type": "contact", "id": one["contacts"]["contacts"][0]["id"], "role": "user", "name": "Customer"}
            | dict.fromkeys(("created_at", "updated_at"), one["created_at"])
            for one in conversations
        ],
        "admins": [{**AUTHORS[admin], "team_ids": []} for admin in (ANN, BEN)],
        "teams": [{"type": "team", "id": "601", "name": "Support"}, {"type": "team", "id": "602", "name": "Billing"}],
    }
    (folder / "recorded").mkdir()
    for name, records in files.items():
        lines = b"".join(orjson.dumps(record) + b"\n" for record in records)
        (folder / "recorded" / f"{name}.ndjson").write_bytes(lines)
    database = folder / "told.duckdb"
    now = datetime.fromtimestamp(now_epoch, ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    with SimulatorProcess(
        fill_from=str(folder / "recorded"), now=now, timezone="Europe/Berlin", rate_limit=0
    ) as simulator:
        load(simulator, database, "conversations", "contacts", "workspace", "admins", "teams")
    target = Target(database=database)
    report = build(target.pipeline().sql_client, "duckdb", target.datasets, now_epoch=now_epoch, settings=settings)
    assert report.failed_models == []
    assert report.failed_checks() == []
    return database
