"""Single resources can be read in another version of the API."""

import pytest

from simulator import SimulatorProcess
from tests.support.workspace import load, rows


@pytest.fixture(scope="module")
def defective():
    """Return a workspace whose conversation search answers 404 in 2.10, as some live ones do."""
    with SimulatorProcess(
        seed=14, contacts=10, companies=2, conversations=12, tickets=2, rate_limit=0, conversation_search_defect=True
    ) as running:
        yield running


def test_the_known_404_stops_conversations_and_says_the_way_out(defective, tmp_path):
    outcome = load(defective, tmp_path / "failed.duckdb", "conversations", "tags")
    assert outcome.status == "failed"
    assert [report.resource for report in outcome.report.failures] == ["conversations"]
    assert 'conversations = "2.9"' in str(outcome.report.failures[0].error)
    assert outcome.report.of("tags").status == "complete"


def test_conversations_are_read_in_2_9(defective, tmp_path):
    database = tmp_path / "old.duckdb"
    outcome = load(defective, database, "conversations", settings={"versions": {"conversations": "2.9"}})
    assert outcome.status == "complete"
    count = len(defective.truth()["conversations"])
    assert rows(database, "SELECT count(*) FROM intercom_raw.conversations") == [(count,)]
