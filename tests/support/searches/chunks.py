"""What a run does between the chunks of a pass."""

from dataclasses import replace

import pytest

from sources.intercom.reading.chunk_budget import Chunk

MOST_CHUNKS = 30  # of a pass in tests


def chunks(reading):
    """Yield a reading for one chunk after another, each to be read before the next one, until the pass is over."""
    for _ in range(MOST_CHUNKS):
        yield (reading := next_chunk(reading))
        reading.unreadable.take_strays()  # as what emits to dlt does
        if "pass" not in reading.state:
            return
    pytest.fail("the pass does not come to an end")


def next_chunk(reading):
    """Return what reads into the load package after the one of `reading`."""
    return replace(
        reading, chunk=Chunk(reading.chunk.records, rows=10**9, seconds=60), taken={}, read_again={}, strays=[]
    )
