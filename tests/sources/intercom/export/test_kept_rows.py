"""Which reactions of an earlier export a new one has, told by their content alone."""

from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.export.kept_rows import unmatched

REACTION = st.fixed_dictionaries(
    {"receipt_id": st.sampled_from(["1", "2"])}, optional={"url": st.just("a"), "click": st.just(1)}
)


@given(st.data())
def test_the_same_reactions_in_another_order_are_the_same(data):
    """A null is left out of a row, so that one row may be a part of another one."""
    loaded = data.draw(st.lists(REACTION, max_size=6))
    exported = [dict(row) for row in data.draw(st.permutations(loaded))]
    assert unmatched(loaded, exported) == ([], [])


@given(st.lists(REACTION, max_size=4), REACTION)
def test_one_reaction_more_on_either_side_is_told(rows, further):
    def of_receipts(found):
        return [row["receipt_id"] for row in found]

    kept, new = unmatched([*rows, further], rows)
    assert (of_receipts(kept), new) == ([further["receipt_id"]], [])
    kept, new = unmatched(rows, [*rows, further])
    assert (kept, of_receipts(new)) == ([], [further["receipt_id"]])
