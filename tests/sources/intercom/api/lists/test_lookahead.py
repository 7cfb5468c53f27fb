"""Working ahead: order, errors in their place, and an end when the run is stopped."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from sources.intercom.api.errors import BadAnswer, Failure
from sources.intercom.api.lists.lookahead import completed, prefetched

FAILURE = BadAnswer(Failure("GET", "/x"))
WAIT_SECONDS = 10


@pytest.fixture
def executor():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def no():
    return False


def run(executor, batches, complete, is_stopped=no):
    """Yield each batch with its results, which come with what they are of."""
    for batch, results in completed(executor, iter(batches), lambda batch: batch, complete, is_stopped):
        assert [item for item, _ in results] == batch[: len(results)]
        yield batch, [result for _, result in results]


@pytest.mark.parametrize("items", [[], [1], [1, 2, 3], [None, False, 0]])
def test_prefetching_changes_nothing(executor, items):
    assert list(prefetched(executor, iter(items))) == items


def test_the_next_item_is_fetched_while_this_one_is_in_use(executor):
    fetched = Event()

    def items():
        yield 1
        fetched.set()
        yield 2

    ahead = prefetched(executor, items())
    assert next(ahead) == 1
    assert fetched.wait(WAIT_SECONDS)


def test_an_error_while_prefetching_comes_after_the_items_before_it(executor):
    def items():
        yield 1
        raise FAILURE

    ahead = prefetched(executor, items())
    assert next(ahead) == 1
    with pytest.raises(BadAnswer):
        next(ahead)


def test_batches_and_results_keep_their_order_however_long_each_takes(executor):
    last_is_done = Event()

    def complete(number):
        if number == 1:
            assert last_is_done.wait(WAIT_SECONDS)
        if number == 5:
            last_is_done.set()
        return number * 10

    batches = [[1, 2], [3], [], [4, 5]]
    assert list(run(executor, batches[:2] + batches[3:], complete)) == [
        ([1, 2], [10, 20]),
        ([3], [30]),
        ([4, 5], [40, 50]),
    ]
    assert list(run(executor, batches, lambda number: number))[2] == ([], [])


def test_no_more_batches_are_begun_than_the_depth_allows(executor):
    begun = []

    def batches():
        for number in range(10):
            begun.append(number)
            yield [number]

    results = run(executor, batches(), lambda number: number)
    next(results)
    assert begun == [0, 1, 2]


def test_an_error_of_a_listing_comes_after_everything_before_it(executor):
    def batches():
        yield [1]
        yield [2]
        raise FAILURE

    results = run(executor, batches(), lambda number: number)
    assert [next(results), next(results)] == [([1], [1]), ([2], [2])]
    with pytest.raises(BadAnswer):
        next(results)


def test_an_error_of_a_record_comes_in_its_place_and_spares_what_is_before(executor):
    def complete(number):
        if number == 3:
            raise FAILURE
        return number

    results = run(executor, [[1], [2], [3, 4], [5]], complete)
    assert [next(results), next(results)] == [([1], [1]), ([2], [2])]
    with pytest.raises(BadAnswer):
        next(results)
    assert list(results) == []


def test_nothing_new_is_begun_once_the_run_is_stopped(executor):
    stopped = Event()
    begun = []

    def complete(number):
        begun.append(number)
        return number

    results = run(executor, ([number] for number in range(100)), complete, stopped.is_set)
    next(results)
    stopped.set()
    list(results)
    assert len(begun) <= 4


def test_a_batch_ends_where_the_run_was_stopped_and_nothing_behind_that_is_kept(executor):
    """Of eight records the first three are done, and others keep every thread when it is stopped."""
    others_end, looks = Event(), []

    def records(batch):
        yield from batch[:3]
        for _ in range(4):
            executor.submit(others_end.wait, WAIT_SECONDS)
        yield from batch[3:]

    def is_stopped():
        looks.append(None)
        if len(looks) > 4:  # the fourth record was given up: those behind it get threads again
            others_end.set()
        return len(looks) > 3

    batch = list(range(8))
    [(whole, found)] = completed(executor, iter([batch]), records, lambda number: number, is_stopped)
    others_end.set()
    assert (whole, [result for _, result in found]) == (batch, [0, 1, 2])
