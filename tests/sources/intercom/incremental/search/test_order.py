"""Whether a search lists by `updated_at`: what single records say, and what they do not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.lists.page import Page
from sources.intercom.incremental.search.order import Order, is_out_of_order
from sources.intercom.incremental.search.search_pass import Pass
from tests.support.searches.searchable import NOW
from tests.support.searches.ticket_search import record

OVERLAP = 900
MONTH = range(NOW - 2_592_000, NOW, 60)
PER_PAGE = 150


def pages_of(moments, server_at=NOW):
    """The moments as the pages of a pass."""
    records = [record(str(number), at) for number, at in enumerate(moments)]
    for start in range(0, len(records), PER_PAGE):
        cursor = str(start) if start else None
        yield Page(records[start : start + PER_PAGE], cursor, str(start + PER_PAGE), None, server_at)


def is_unsorted(moments, order=None, **options):
    order = Order(OVERLAP) if order is None else order
    for page in pages_of(moments, **options):
        order.add(page)
    return order.is_unsorted


@pytest.mark.parametrize("newest_at", [None, NOW])
def test_an_order_that_is_none_shows_on_the_first_page(newest_at):
    shuffled = random.Random(1).sample(MONTH, PER_PAGE)
    assert is_out_of_order(shuffled, newest_at, OVERLAP)
    assert is_out_of_order(sorted(shuffled, reverse=True), newest_at, OVERLAP)


def test_newest_first_shows_also_within_the_overlap():
    assert is_out_of_order([40, 30, 20, 20, 10], None, OVERLAP)


def test_a_page_that_lies_before_an_earlier_one_shows_it_once_and_for_all():
    """So each has an order of its own, as a search in parts would have."""
    order = Order(OVERLAP)
    assert not is_unsorted(MONTH[-150:], order)
    order.add(Page([record("1", MONTH[0])], "c", "d", None, NOW))
    assert order.is_unsorted
    assert is_unsorted(MONTH[-150:], order)


@given(st.lists(st.integers(NOW - 100_000, NOW + 100), min_size=1, max_size=400))
def test_what_is_sorted_is_never_taken_for_unsorted(moments):
    assert not is_unsorted(sorted(moments))


@given(st.lists(st.integers(NOW - 100_000, NOW), min_size=4, max_size=150), st.data())
def test_one_that_a_stale_index_shows_as_it_was_says_nothing(moments, data):
    moments.sort()
    moments[data.draw(st.integers(0, len(moments) - 1), "which")] = NOW - 9_000_000
    assert not is_unsorted(moments)


def test_what_changes_while_pages_are_read_comes_at_the_end():
    moments = [at for at in MONTH if at % 7_200]
    assert not is_unsorted([*moments, *(NOW + number for number in range(50))], server_at=NOW + 60)


@pytest.mark.parametrize("unusable", [0, None, "2026-03-01", -5, 2**60])
def test_times_that_are_none_say_nothing(unusable):
    records = [record(str(number), unusable, created_at=number) for number in range(9)]
    order = Order(OVERLAP)
    order.add(Page([record("9", NOW - 50)], None, "c", None, NOW))
    order.add(Page(records, "c", "d", None, NOW))
    assert not order.is_unsorted


def test_a_search_by_day_that_begins_anew_goes_back_by_more_than_the_overlap():
    order = Order(OVERLAP, newest_at=NOW)
    assert not is_unsorted(MONTH[:150], order)


def test_a_pass_goes_on_in_the_order_that_it_has():
    assert Order.of(Pass(100, "c", reached=5_000), OVERLAP) == Order(OVERLAP, 5_000)
    assert Order.of(Pass(100, "c", reached=5_000, is_unsorted=True), OVERLAP).is_unsorted
    assert Order.of(Pass(100, "c", reached=100), OVERLAP) == Order(OVERLAP), "by day it begins before its bound"
