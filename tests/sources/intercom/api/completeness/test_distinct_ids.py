"""Ids that are counted once, however many there are and in which order they come."""

from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.completeness.distinct_ids import MOST_LOOSE, DistinctIds


@given(st.lists(st.lists(st.sampled_from(["", "5", b"", b"5", "a", b"a"]) | st.text(max_size=2))))
def test_each_id_counts_once(pages):
    counted = DistinctIds()
    for number, page in enumerate(pages):
        before = {one for earlier in pages[:number] for one in earlier}
        count_new = len({*page} - before)
        assert counted.add(page) == (count_new, len(page) - count_new)
        assert len(counted) == len({*page} | before)


def test_more_ids_than_are_kept_loosely_count_once():
    counted = DistinctIds()
    assert counted.add(range(3 * MOST_LOOSE)) == (3 * MOST_LOOSE, 0)
    assert counted.add(range(2 * MOST_LOOSE, 4 * MOST_LOOSE)) == (MOST_LOOSE, MOST_LOOSE)
    assert counted.add(range(4 * MOST_LOOSE)) == (0, 4 * MOST_LOOSE)
    assert len(counted) == 4 * MOST_LOOSE
    counted.clear()
    assert counted.add(["1", "1"]) == (1, 1)
