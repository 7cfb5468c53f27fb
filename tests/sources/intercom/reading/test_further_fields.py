"""Whatever fields a record has, and however many, it arrives whole on each database, also in the runs after it."""

import json
import logging

import pytest

from sources.intercom.api.http.client import Client
from sources.intercom.chunk_source import chunk_source
from sources.intercom.reading.resource import Resource
from sources.intercom.rows.column_types import FURTHER_FIELDS, MOST_UNDECLARED
from sources.intercom.rows.flatten import flatten
from sources.intercom.schema import TABLES
from tests.support.hostile_names import HOSTILE_NAMES

pytestmark = pytest.mark.end_to_end

TICKETS = TABLES["tickets"]
LONG = "just too short for TOAST"[:23]  # of which PostgreSQL holds least: it keeps each within the row


def read_into(target, begin, records):
    reading = begin(Client.connect("http://127.0.0.1:9", "token", 0.9, connections=1), resource="tickets")
    rows = [flatten(record, {"ticket_attributes"}) for record in records]
    tickets = Resource("tickets", (TICKETS,), lambda reading: iter([[(TICKETS, rows)]]), ())
    target.pipeline().run(chunk_source(reading.session, reading.chunk, (tickets,)))


def loaded(target):
    """Return id -> column -> value, those of further_fields among them."""
    with target.pipeline().sql_client() as sql, sql.execute_query("SELECT * FROM tickets") as cursor:
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        further = row.pop(FURTHER_FIELDS, None) or {}
        row.update(json.loads(further) if isinstance(further, str) else further)
    return {row["id"]: {name: value for name, value in row.items() if value is not None} for row in rows}


def test_wide_records_arrive_whole_and_say_so_once(target, begin, caplog):
    declared = dict.fromkeys((name for name, column in TICKETS.columns.items() if column.data_type == "text"), LONG)
    records = [
        declared | {"id": "wide"} | {f"{name} {at}": f"{at} {LONG}"[:23] for at in range(9) for name in HOSTILE_NAMES},
        {"id": "other"} | {f"other_{at}": at for at in range(1_700)},
        {"id": "turned"} | {f"other_{at}": [str(at)] for at in range(1_700)},
    ]
    with caplog.at_level(logging.WARNING):
        for record in records:
            read_into(target, begin, [record, {"id": "small"}])
    made = loaded(target)
    assert made["small"].keys() == {"id", "_dlt_id", "_dlt_load_id"}
    for record in records:
        own = [value for name, value in made[record["id"]].items() if not name.startswith("_dlt_")]
        assert sorted(map(str, own)) == sorted(map(str, record.values()))
    said = [line for line in caplog.messages if f"max_columns = {MOST_UNDECLARED}" in line]
    assert len(said) == len(records)  # once a run


def test_a_field_that_turns_is_exact_also_in_later_runs(target, begin):
    turns = [True, 5, "5", "2026-01-01T00:00:00+02:00", 0.5]
    for number_of_run in range(2):
        records = [{"id": str(at), "turned": turns[(at + number_of_run) % len(turns)]} for at in range(8)]
        read_into(target, begin, records)
        made = loaded(target)
        for record in records:
            [value] = [value for name, value in made[record["id"]].items() if name.startswith("turned")]
            assert (type(value), value) == (type(record["turned"]), record["turned"])
