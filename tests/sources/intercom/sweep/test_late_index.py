"""Records that are gone and that searches still list, as Intercom's index knows of a deletion only later."""

import pytest

from tests.ground_truth.comparison import differences
from tests.support.workspace import load, marks, swept

LAG_SECONDS = 86_400
GONE = ("contact_renamed", "contact_deleted", "conversation_noted", "conversation_deleted")


@pytest.fixture
def gone(simulator):
    """What was changed and deleted within the lag of the index."""
    simulator.knobs(index_lag_seconds=LAG_SECONDS)
    yield {change["id"] for kind in GONE for change in simulator.mutate(9, seed=4, kinds=[kind])}
    simulator.knobs(index_lag_seconds=0)


def test_what_is_listed_and_gone_is_marked_when_no_search_lists_it(simulator, database, gone):
    assert load(simulator, database, "contacts", "conversations").status == "complete"
    outcome = swept(simulator, database, "contacts", "conversations")
    assert outcome.status == "complete", outcome.report.failures
    simulator.clock(advance=LAG_SECONDS + 1)
    assert load(simulator, database, "contacts", "conversations").status == "complete"
    outcome = swept(simulator, database, "contacts", "conversations")
    assert outcome.status == "complete", outcome.report.failures
    for entity in ("contacts", "conversations"):
        truth = {item["record"]["id"] for item in simulator.gone()[entity]}
        assert marks(database, entity).keys() == truth & gone
    assert differences(simulator, database, tables=["contacts", "conversations"]) == []
