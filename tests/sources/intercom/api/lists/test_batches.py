"""Batches that end where their items say so: what comes or goes changes one of them, and an error loses none."""

import pytest

from sources.intercom.api.call import Call
from sources.intercom.api.errors import IncompleteListing
from sources.intercom.api.lists.batches import in_lasting_batches

MANY = [f"id{number}" for number in range(1_000)]


def batches(items):
    return list(in_lasting_batches(items, str))


def test_all_items_come_in_their_order_and_about_a_hundred_at_a_time():
    assert [one for batch in batches(MANY) for one in batch] == MANY
    assert 5 <= len(batches(MANY)) <= 20
    assert batches([]) == [[]]


@pytest.mark.parametrize("place", [0, 1, 500, 999])
def test_an_item_that_goes_changes_its_own_batch_or_joins_two(place):
    before, after = batches(MANY), batches([*MANY[:place], *MANY[place + 1 :]])
    assert len([batch for batch in after if batch not in before]) <= 1


def test_what_came_before_an_error_is_yielded_first():
    def broken():
        yield from MANY[:250]
        raise Call("GET", "/things").contradiction("a page is missing")

    met = []
    with pytest.raises(IncompleteListing):
        met.extend(one for batch in in_lasting_batches(broken(), str) for one in batch)
    assert met == MANY[:250]
