"""A workspace filled from a folder of NDJSON files."""

import orjson
import pytest

from simulator import SimulatorProcess
from tests.simulator.conftest import NOW, client_of


def test_a_workspace_survives_being_written_and_read(quiet, truth, tmp_path):
    for entity, records in truth.items():
        (tmp_path / f"{entity}.ndjson").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    with SimulatorProcess(fill_from=str(tmp_path), now=NOW) as simulator:
        simulator.clock(frozen=True)
        again = simulator.truth()
        old_events = ("data_events", "data_event_summaries")
        assert {k: v for k, v in again.items() if k not in old_events} == {
            k: v for k, v in truth.items() if k not in old_events
        }
        ordered = sorted(again["data_events"], key=orjson.dumps)
        assert ordered == sorted(truth["data_events"], key=orjson.dumps)
        assert len(simulator.mutate(100)) == 100


def test_records_as_the_api_shows_them_are_enough(api, tmp_path):
    contacts = api.get("/contacts", params={"per_page": 20}).json()["data"]
    listed = api.get("/conversations").json()["conversations"]
    files = {
        "contacts.ndjson": contacts,
        "conversations.jsonl": listed,
        "admins.ndjson": api.get("/admins").json()["admins"],
    }
    for name, records in files.items():
        (tmp_path / name).write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    with SimulatorProcess(fill_from=str(tmp_path)) as simulator, client_of(simulator) as filled:
        assert filled.get("/contacts", params={"per_page": 50}).json()["total_count"] == 20
        shown = filled.get(f"/conversations/{listed[0]['id']}").json()
        assert shown["conversation_parts"]["conversation_parts"] == []
        assert {key: shown[key] for key in listed[0]} == listed[0]


def test_a_workspace_without_recorded_teammates_still_says_who_it_is(tmp_path):
    (tmp_path / "contacts.ndjson").write_bytes(orjson.dumps({"id": "1", "created_at": 1, "updated_at": 1}))
    with SimulatorProcess(fill_from=str(tmp_path)) as simulator, client_of(simulator) as filled:
        assert filled.get("/me").json()["app"]["id_code"]


def test_an_empty_folder_does_not_start(tmp_path):
    with pytest.raises(RuntimeError, match="did not start"):
        SimulatorProcess(fill_from=str(tmp_path)).start()
