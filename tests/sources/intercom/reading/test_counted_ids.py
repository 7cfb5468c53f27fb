"""Ids that are counted once, however many there are and in which order they come."""

from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.reading.counted_ids import MOST_LOOSE, CountedIds


@given(st.lists(st.lists(st.text(max_size=2))))
def test_each_id_counts_once(pages):
    counted = CountedIds()
    for number, page in enumerate(pages):
        before = {one for earlier in pages[:number] for one in earlier}
        assert counted.add(page) == len({*page} - before)


def test_more_ids_than_are_kept_loosely_count_once():
    counted = CountedIds()
    assert counted.add(map(str, range(3 * MOST_LOOSE))) == 3 * MOST_LOOSE
    assert counted.add(map(str, range(2 * MOST_LOOSE, 4 * MOST_LOOSE))) == MOST_LOOSE
    assert counted.add(map(str, range(4 * MOST_LOOSE))) == 0
    counted.clear()
    assert counted.add(["1", "1"]) == 1
