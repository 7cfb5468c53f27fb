"""The line in which a command says why it ended early."""

import pytest

from pipelines.exit_reason import reason
from transforms.runner.warehouse.inventory.ownership import InTheWay
from transforms.runner.warehouse.postgres.lock_waiting import LOCK_NOT_AVAILABLE, Blocked


class NoLock(Exception):
    """What PostgreSQL answers where somebody else holds a lock."""

    pgcode = LOCK_NOT_AVAILABLE


@pytest.mark.parametrize("kind", [InTheWay, Blocked])
def test_what_others_have_put_in_the_way_of_a_build_is_no_defect(kind):
    error = kind("intercom_staging.calendar_days is somebody's. Rename it")
    error.__cause__ = NoLock("canceling statement")
    assert reason(error) == (1, "intercom_staging.calendar_days is somebody's. Rename it, and run again.")
