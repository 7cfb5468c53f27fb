"""Records that searches find."""

import pytest

from tests.support.counted_search import NOW, record


@pytest.fixture
def ten():
    return [record(str(number), NOW - 100_000 + number) for number in range(10)]
