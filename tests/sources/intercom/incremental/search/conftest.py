"""Records that searches find."""

import pytest

from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import record


@pytest.fixture
def old():
    """Seven records, some of the same second, long settled."""
    times = [100, 200, 200, 200, 200, 300, 400]
    return [record(str(number), NOW - 10_000 + at) for number, at in enumerate(times)]
