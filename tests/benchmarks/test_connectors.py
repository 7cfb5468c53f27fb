"""The simulator as readers see it that nobody here wrote: unmodified, they end with its truth."""

from collections import Counter

import pytest

from simulator import SimulatorProcess
from tests.benchmarks.connectors import AIRBYTE, READERS, REAL_ADDRESS, TAP
from tests.support.processes.own_environment import programs_of

SIZES = {"seed": 3, "contacts": 60, "companies": 10, "conversations": 40, "tickets": 5, "activity_logs": 30}
PARTS_SHOWN = 500  # the newest ones of a conversation

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def simulator():
    options = {"link_base_url": REAL_ADDRESS, "admin_avatar": "object", "now": "2026-03-01T12:00:00Z"}
    with SimulatorProcess(**SIZES, **options) as running:
        yield running


def expected(truth):
    """What every reader of the streams must have, by stream: the ids of records, or names where they have none."""
    live = [attribute for attribute in truth["data_attributes"] if not attribute.get("archived")]
    of_company = [segment for segment in truth["segments"] if segment["person_type"] == "company"]
    parts = [
        part
        for conversation in truth["conversations"]
        for part in conversation["conversation_parts"]["conversation_parts"][-PARTS_SHOWN:]
    ]
    streams = {name: truth[name] for name in ("admins", "teams", "tags", "companies", "contacts", "conversations")}
    streams |= {
        f"{model}_attributes": [one for one in live if one["model"] == model] for model in ("company", "contact")
    }
    streams["conversation_parts"] = parts
    streams["company_segments"] = of_company
    streams["segments"] = [segment for segment in truth["segments"] if segment not in of_company]
    return {stream: names(records) for stream, records in streams.items()}


def names(records):
    return Counter(str(record.get("full_name") or record["id"]) for record in records)


@pytest.mark.parametrize("package", [TAP, AIRBYTE])
def test_another_connector_ends_with_the_truth(simulator, tmp_path, package):
    programs = programs_of(tmp_path / "environment", package)
    reading = READERS[package](programs, simulator, tmp_path)
    truth = simulator.truth()
    wanted = expected(truth)
    if package == AIRBYTE:  # its `company_segments` are those of each company
        memberships = [segment for company in truth["companies"] for segment in company["segments"]["segments"]]
        wanted |= {"activity_logs": names(truth["activity_logs"]), "company_segments": names(memberships)}
    assert {stream: names(records) for stream, records in reading.records.items()} == wanted
