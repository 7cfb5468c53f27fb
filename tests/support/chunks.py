"""What a run does between the chunks of a pass."""

import pytest

from sources.intercom.reading.chunk_budget import Chunk

MOST_CHUNKS = 30  # of a pass in tests


def chunks(reading):
    """Begin a chunk of `reading` after another, each to be read before the next one, until its pass is over."""
    for _ in range(MOST_CHUNKS):
        reading.session.chunk = Chunk(reading.session.chunk.records, rows=10**9, seconds=60)
        yield
        if "pass" not in reading.state:
            return
    pytest.fail("the pass does not come to an end")
