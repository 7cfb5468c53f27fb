"""Which records an audit draws."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.verify.audit.examination.sample import sampled

IDS = st.sets(st.text(min_size=1, max_size=3), max_size=12)


@given(st.lists(IDS, max_size=3), st.integers(0, 5), st.integers())
def test_it_has_so_many_of_each_table_and_the_same_for_a_seed(tables, size, seed):
    drawn = sampled(tables, size, seed)
    assert all(len(drawn & ids) >= min(size, len(ids)) for ids in tables)
    assert len(drawn) <= sum(min(size, len(ids)) for ids in tables)
    assert drawn == sampled([sorted(ids) for ids in tables], size, seed)


def test_another_seed_draws_others_and_each_comes_up():
    ids = {str(number) for number in range(20)}
    assert set().union(*(sampled([ids], 3, seed) for seed in range(100))) == ids
