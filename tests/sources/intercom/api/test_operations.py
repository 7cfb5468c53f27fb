"""Every operation of the API that reads something is called by a resource, or has a reason not to be."""

import csv
from pathlib import Path

import pytest

from sources.intercom import RESOURCES
from sources.intercom.api.unused_operations import UNUSED_OPERATIONS

USED = {operation for resource in RESOURCES.values() for operation in resource.operations}
OPERATIONS = Path(__file__).parents[5] / "shared" / "openapi" / "operations-2.10.csv"


def test_every_reading_operation_is_used_or_excused():
    if not OPERATIONS.exists():
        pytest.skip(f"the list of operations is not on this machine: {OPERATIONS.name}")
    with OPERATIONS.open() as lines:
        reading = {f"{row['method']} {row['path']}" for row in csv.DictReader(lines) if row["read"] == "yes"}
    assert len(reading) == 51
    assert reading - USED - UNUSED_OPERATIONS.keys() == set(), "neither used nor excused"
    assert USED - reading == set(), "no operation of the API"
    assert UNUSED_OPERATIONS.keys() - reading == set(), "excused, but no operation of the API"


def test_no_operation_is_excused_that_a_sync_loads_from():
    assert USED & UNUSED_OPERATIONS.keys() == set()
