"""The promise itself: whatever happens in the workspace, the tables hold exactly what Intercom knows."""

import pytest

from simulator import SimulatorProcess
from sources.intercom import RESOURCES
from tests.ground_truth.comparison import TABLES, differences
from tests.support.workspace import load, load_into_nothing, records_of, rows

REACTIONS = ("content_export",)  # compared in tests/sources/intercom/resources/content_export
SIZES = {"contacts": 60, "companies": 105, "conversations": 60, "tickets": 25, "rate_limit": 0}
DELETIONS = ["ticket_deleted", "tag_deleted", "collection_deleted"]
TO_THE_NEXT_DAY = 240  # from two or three minutes before midnight


@pytest.mark.parametrize(
    ("seed", "timezone", "now", "rounds", "ways"),
    [
        (1, "UTC", "2026-03-01T23:58:00Z", (0, TO_THE_NEXT_DAY), {}),
        (
            2,
            "Pacific/Apia",
            "2026-03-02T10:57:00Z",
            (TO_THE_NEXT_DAY,),
            {"events_end_empty": True, "compressed": True},
        ),  # UTC+13
        (
            3,
            "Pacific/Pago_Pago",
            "2026-03-02T10:58:00Z",
            (TO_THE_NEXT_DAY,),
            {"null_next": True, "compressed": True, "chunked": True},
        ),  # UTC-11
    ],
    ids=["UTC", "UTC+13", "UTC-11"],
)
def test_every_row_and_field_equals_the_truth_after_each_sync(seed, timezone, now, rounds, ways, tmp_path):
    """A day of the workspace begins among the changes of the last round; `ways`: in which the API may answer."""
    database = tmp_path / "truth.duckdb"
    with SimulatorProcess(seed=seed, timezone=timezone, now=now, **ways, **SIZES) as simulator:
        simulator.mutate(4, seed=seed, kinds=["silent_tag_archived"])
        first = load_into_nothing if seed == 1 else load
        assert first(simulator, database, everything=True).status == "complete"
        assert differences(simulator, database) == []
        filled = zip(TABLES, records_of(database, TABLES), strict=True)
        assert [table for table, found in filled if not found] == [], "nothing is compared with nothing"
        for number, seconds in enumerate(rounds):
            changes = simulator.mutate(250, seed=seed + number)
            simulator.clock(advance=seconds)
            changes += simulator.mutate(250, seed=seed + number + 100)
            changes += simulator.mutate(6, seed=seed, kinds=DELETIONS)
            seen = differences(simulator, database)
            assert len(seen) >= len({change["id"] for change in changes}) / 2, "the comparison sees what is not loaded"
            assert load(simulator, database, everything=True).status == "complete"
            assert differences(simulator, database) == []


def test_a_conversation_keeps_the_parts_that_the_api_no_longer_shows(tmp_path):
    database = tmp_path / "long.duckdb"
    with SimulatorProcess(seed=7, now="2026-03-01T12:00:00Z", **SIZES) as simulator:
        conversations = simulator.truth()["conversations"]
        long_id = max(conversations, key=lambda one: len(one["conversation_parts"]["conversation_parts"]))["id"]
        load(simulator, database, "conversations")
        parts = f"SELECT id FROM intercom_raw.conversation_parts WHERE conversation_id = '{long_id}'"
        before = set(rows(database, parts))
        assert len(before) == 500
        for seed in range(100):
            if long_id in {
                change["id"] for change in simulator.mutate(100, seed=seed, kinds=["conversation_teammate_replied"])
            }:
                break
        load(simulator, database, "conversations")
        assert before < set(rows(database, parts))


def test_every_table_that_a_resource_fills_is_compared():
    filled = {table.name for name, resource in RESOURCES.items() for table in resource.tables if name not in REACTIONS}
    assert filled - set(TABLES) == set(), "name them in TABLES or KEYS of tests/ground_truth/comparison.py"
