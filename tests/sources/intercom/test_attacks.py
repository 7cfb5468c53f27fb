"""Whole syncs under hostile answers: whatever comes, it costs itself, it is said, and the next run is complete.

Each seed is another workspace's day: `pytest -m slow` plays many. A seed that fails is played again by its number.
"""

import pytest

from pipelines.journal.display import Display
from pipelines.run.begin.selection import Selection
from pipelines.run.sync import SyncOptions, sync
from simulator import SimulatorProcess
from sources.intercom import RESOURCES
from tests.ground_truth.comparison import differences
from tests.sources.intercom.test_unreadable import SIZES
from tests.support.attack import TARGETS, attacks
from tests.support.workspace import configuration, load, rows

READ = tuple(dict.fromkeys(resource for resource, *_ in TARGETS.values()))
RESOURCE_OF = {table.name: name for name in READ for table in RESOURCES[name].tables}
OF_NO_ROOT = ("ticket_type_attributes", "conversation_part_attachments", "ticket_part_attachments")
ANSWERS = 3  # attributes are asked for three times


@pytest.fixture(scope="module")
def simulator():
    with SimulatorProcess(**SIZES) as running:
        running.clock(frozen=True)
        yield running


def different(simulator, database):
    """Return (table, root, line) of each difference in what is read here."""
    for line in differences(simulator, database):
        table, _, rest = line.partition(" ")
        if table in RESOURCE_OF:
            root = rest[1:].partition(")")[0].split(",")[0]
            yield table, None if table in OF_NO_ROOT else root, line


def check_costs(found, made, failed, named):
    """Assert that only what was attacked differs, and no more of it; and that no record is lost in silence."""
    attacked = {one.resource for one in made}
    assert failed <= attacked
    assert {RESOURCE_OF[table] for table, _, _ in found} <= attacked, found
    for resource in attacked:
        own = [one for one in made if one.resource == resource]
        lost = [line for table, _, line in found if table == own[0].table and line.endswith("): missing")]
        assert not lost or resource in failed, lost
        if not any(one.is_of_pages for one in own):
            roots = {root for table, root, _ in found if RESOURCE_OF[table] == resource and root}
            assert len(roots) <= len(own) * ANSWERS, roots
            assert not lost or named & {table.name for table in RESOURCES[resource].tables}, (lost, named)


def play(simulator, database, seed, *, to_the_end):
    """Attack a first sync, and let healthy ones follow."""
    simulator.faults()
    made = attacks(seed, simulator.truth())
    simulator.faults(*(one.fault for one in made))
    outcome = load(simulator, database, *READ)
    failed = {failure.resource for failure in outcome.report.failures}
    named = {entity for (entity,) in rows(database, "SELECT DISTINCT entity FROM intercom_raw.unreadable_records")}
    assert (outcome.error, outcome.exit_code) == (None, 1 if failed else 0)
    check_costs(list(different(simulator, database)), made, failed, named)

    simulator.faults()
    healthy = load(simulator, database, *READ)
    assert (healthy.error, healthy.exit_code) == (None, 0), [str(one.error) for one in healthy.report.failures]
    assert rows(database, "SELECT * FROM intercom_raw.unreadable_records") == []
    # A value that Intercom gave stays until the record changes.
    check_costs(list(different(simulator, database)), made, set(), set())
    if to_the_end:
        assert load(simulator, database, *READ, full_refresh=True).exit_code == 0
        assert list(different(simulator, database)) == []


@pytest.mark.end_to_end
@pytest.mark.parametrize("seed", [1, 103, 131])  # the last two have lost a record once
def test_a_sync_under_attack_loses_nothing_silently_and_the_next_one_completes(simulator, tmp_path, seed):
    play(simulator, tmp_path / "attacked.duckdb", seed, to_the_end=seed == 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_syncs_under_attack(simulator, tmp_path, seed):
    play(simulator, tmp_path / "attacked.duckdb", seed, to_the_end=True)


@pytest.mark.end_to_end
def test_a_sync_under_attack_ends_well_on_each_database(simulator, target):
    asked = SyncOptions(Selection(READ, everything=False), transform=False)
    simulator.faults()
    simulator.faults(*(one.fault for one in attacks(7, simulator.truth(), count=12)))
    attacked = sync(configuration(simulator), target, asked, Display(is_quiet=True))
    assert (attacked.error, attacked.exit_code) == (None, 1)
    simulator.faults()
    healthy = sync(configuration(simulator), target, asked, Display(is_quiet=True))
    assert (healthy.error, healthy.exit_code) == (None, 0)
    truth = simulator.truth()
    with target.pipeline().sql_client() as sql:
        for _, table, _ in TARGETS.values():
            ids = {row[0] for row in sql.execute_sql(f"SELECT id FROM {table}")}
            assert ids == {str(record["id"]) for record in truth[table]}, table
        assert not sql.execute_sql("SELECT * FROM unreadable_records")
