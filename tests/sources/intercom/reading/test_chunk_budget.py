"""What ends a chunk: its records, its rows, their bytes or its time, whichever is spent first."""

import pytest

from sources.intercom.api.http.client import Client
from sources.intercom.chunk_source import chunk_source
from sources.intercom.reading.chunk_budget import MOST_BYTES, Chunk
from sources.intercom.reading.resource import Resource
from sources.intercom.rows.table import Table, text

LETTERS = Table("letters", "a letter", ("id",), text("impersonal", id="id") | text("written", body="text"))


@pytest.mark.parametrize(
    "spend",
    [
        lambda chunk: chunk.take(10),
        lambda chunk: chunk.hold(100),
        lambda chunk: [chunk.weigh(MOST_BYTES // 4) for _ in range(4)],
    ],
)
def test_each_of_its_measures_ends_a_chunk(spend):
    chunk = Chunk(records=10, rows=100, seconds=60)
    for account in (chunk.take, chunk.hold, chunk.weigh):
        account(9)
    assert not chunk.is_spent
    spend(chunk)
    assert chunk.is_spent


def test_time_ends_a_chunk():
    assert Chunk(records=10, rows=100, seconds=0).is_spent


def test_a_run_that_is_one_package_ends_at_nothing_but_its_records():
    everything, some = Chunk.of_a_run(None), Chunk.of_a_run(10)
    for chunk in (everything, some):
        chunk.take(9)
        chunk.hold(10**9)
        chunk.weigh(10**12)
        assert not chunk.is_spent
    some.take(1)
    assert some.is_spent


@pytest.mark.end_to_end
def test_what_goes_into_a_package_is_weighed_also_the_rest_that_is_less_than_a_batch(target, begin):
    session = begin(Client.connect("http://127.0.0.1:9", "token", 0.9, connections=1), resource="letters").session
    chunk = Chunk(records=10, rows=100, seconds=60, most_bytes=3_000)
    pages = [[(LETTERS, [{"id": str(at), "body": "x" * 1_000}])] for at in range(3)]
    letters = Resource("letters", (LETTERS,), lambda _: iter(pages), ())
    target.pipeline().extract(chunk_source(session, chunk, (letters,)))
    assert chunk.bytes >= 3_000
    assert chunk.is_spent
