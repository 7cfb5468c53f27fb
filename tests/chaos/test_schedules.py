"""Whatever happens to a workspace and its syncs, a quiet sync ends in the truth, and no run says more than it did.

A schedule is made from a seed; a failing one prints its steps and the command that plays it again.
"""

import pytest

from simulator import SimulatorProcess
from simulator.endpoints.routes import OPERATIONS as OPERATIONS_OF_THE_API
from tests.chaos.schedule import LISTS, OPERATIONS, schedule
from tests.chaos.stage import Stage


@pytest.fixture(autouse=True)
def _no_waiting(no_waiting_between_attempts):
    """Nothing here depends on the waits between attempts."""


def test_a_schedule_ends_in_the_truth(chaos_seed, tmp_path, record_property):
    workspace, steps = schedule(chaos_seed)
    told = [f"replay: ./run pytest tests/chaos --chaos-seeds {chaos_seed}", f"workspace {workspace}"]
    with SimulatorProcess(**workspace) as simulator:
        stage = Stage(simulator, tmp_path)
        try:
            for step in steps:
                told.append(str(step))
                stage.perform(step)
            told.append("end()")
            stage.end()
        except Exception as error:
            error.add_note("\n".join(told))
            raise
    record_property("chaos", dict(stage.figures))


def test_schedules_name_operations_that_exist():
    assert {*OPERATIONS, *LISTS} - {"*"} <= {operation.name for operation in OPERATIONS_OF_THE_API}


def test_a_seed_makes_the_same_schedule_every_time():
    assert [str(step) for step in schedule(7)[1]] == [str(step) for step in schedule(7)[1]]
    assert schedule(7)[1] != schedule(8)[1]
