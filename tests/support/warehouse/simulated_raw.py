"""The raw tables of a simulated workspace of any size, filled without a server: what a sync would have loaded."""

import asyncio
import json
from collections import defaultdict

import duckdb
import pyarrow as pa

from simulator.control.truth import truth_lines
from tests.ground_truth.expected import expected_tables
from tests.support.warehouse.raw_tables import RAW_TABLES

SCHEMA = "intercom_raw"
LOAD_ID = "1767225600.0"


def load_truth(workspace, database):
    """Create every raw table that models read in the DuckDB file, with what the workspace holds now."""
    tables = expected_tables(truth_of(workspace))
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create schema {SCHEMA}")
        for table, kinds in RAW_TABLES.items():
            declared = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
            connection.execute(f"create table {SCHEMA}.{table} ({declared})")
            rows = [_row(kinds, row) for row in tables[table].values()]
            if rows:
                connection.register("made", pa.Table.from_pylist(rows))
                connection.execute(f"insert into {SCHEMA}.{table} by name select * from made")
                connection.unregister("made")


def truth_of(workspace):
    """Return entity -> readable records."""

    async def chunks():
        return [chunk async for chunk in truth_lines(workspace)]

    truth = defaultdict(list)
    for line in b"".join(asyncio.run(chunks())).splitlines():
        item = json.loads(line)
        if "gone" not in item:
            truth[item["entity"]].append(item["record"])
    return truth


def write_truth(workspace, folder):
    """Write what the workspace holds as a folder of records, one file for each entity."""
    for entity, records in truth_of(workspace).items():
        lines = [json.dumps(record) + "\n" for record in records]
        (folder / f"{entity}.ndjson").write_text("".join(lines), encoding="utf-8")


def _row(kinds, row):
    """Every declared column, JSON as text; what no model reads is left out."""
    made = {name: row.get(name) for name in kinds}
    texts = {name: json.dumps(made[name]) for name, kind in kinds.items() if kind == "json" and made[name] is not None}
    return made | texts | {"_dlt_load_id": LOAD_ID}
