"""Resources read side by side: in order, with their own errors, what is last after the others."""

import threading
from dataclasses import replace
from itertools import count

import pytest

from sources.intercom.api.errors import BadAnswer, Failure
from sources.intercom.reading.resource import Place
from sources.intercom.reading.side_by_side import ITEMS_AHEAD, SideBySide
from sources.intercom.resources import RESOURCES

TOGETHER = RESOURCES["tags"]
AWAITED = replace(TOGETHER, place=Place.AWAITED)
LAST = replace(TOGETHER, place=Place.LAST)


def each(*items):
    yield from items


def taken_in_turn(*iterators):
    """Take items as dlt does, one of each in turn; return those of each, and the errors that ended it."""
    taken, errors = [[] for _ in iterators], [None for _ in iterators]
    left = dict(enumerate(iterators))
    while left:
        for number, iterator in list(left.items()):
            try:
                item = next(iterator)
            except StopIteration:
                del left[number]
            except Exception as error:  # noqa: BLE001 - what it is, is the test
                del left[number]
                errors[number] = error
            else:
                taken[number] += [] if item is None else [item]
    return taken, errors


def test_each_brings_its_own_items_in_order():
    together = SideBySide()
    readers = [together.read(TOGETHER, lambda first=first: each(*range(first, first + 50))) for first in (0, 100, 200)]
    assert taken_in_turn(*readers)[0] == [[*range(50)], [*range(100, 150)], [*range(200, 250)]]


def test_one_is_read_while_another_one_waits():
    arrived = threading.Barrier(2, timeout=10)

    def meeting():
        arrived.wait()  # breaks, where the two are not read at the same time
        yield "met"

    together = SideBySide()
    taken, errors = taken_in_turn(together.read(TOGETHER, meeting), together.read(TOGETHER, meeting))
    assert (taken, errors) == ([["met"], ["met"]], [None, None])


@pytest.mark.parametrize("error", [BadAnswer(Failure("GET", "/tags")), KeyError("a defect")])
def test_an_error_comes_after_what_was_read_before_and_ends_no_other(error):
    def failing():
        yield 1
        raise error

    together = SideBySide()
    others = [together.read(resource, lambda: each(1, 2, 3)) for resource in (TOGETHER, LAST)]
    taken, errors = taken_in_turn(together.read(TOGETHER, failing), *others)
    assert taken == [[1], [1, 2, 3], [1, 2, 3]]
    assert errors == [error, None, None]


def test_what_is_last_begins_when_the_others_have_ended_and_what_is_awaited_keeps_nobody():
    together, ended = SideBySide(), []
    may_end = threading.Event()

    def read(name):
        yield name
        ended.append(name)

    def awaited():
        assert may_end.wait(10)
        yield "awaited"

    def last():
        assert sorted(ended) == ["a", "b"]
        yield "last"
        may_end.set()

    readers = [together.read(LAST, last), together.read(AWAITED, awaited)]
    readers += [together.read(TOGETHER, lambda name=name: read(name)) for name in "ab"]
    assert taken_in_turn(*readers) == ([["last"], ["awaited"], ["a"], ["b"]], [None] * 4)


def test_what_is_awaited_learns_that_all_others_have_ended():
    together, seen = SideBySide(), []

    def awaited():
        seen.append(together.others_ended.is_set())
        assert together.others_ended.wait(10)
        yield "awaited"

    def others():
        while not seen:
            yield 0

    assert taken_in_turn(together.read(AWAITED, awaited), together.read(TOGETHER, others))[1] == [None, None]
    assert seen == [False]


def test_nobody_reads_far_ahead_and_whoever_is_given_up_ends():
    together, ended, read = SideBySide(), threading.Event(), []

    def endless():
        try:
            for number in count():
                read.append(number)
                yield number
        finally:
            ended.set()

    reader = together.read(TOGETHER, endless)
    while next(reader) is None:
        pass
    assert len(read) <= ITEMS_AHEAD + 2
    reader.close()
    assert ended.wait(10)
    assert taken_in_turn(together.read(TOGETHER, lambda: each(1, 2)))[0] == [[1, 2]]
