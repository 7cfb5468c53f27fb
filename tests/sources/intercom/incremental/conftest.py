"""Records that searches find."""

import pytest

from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import record


@pytest.fixture
def ten():
    return [record(str(number), NOW - 100_000 + number) for number in range(10)]
