"""Items in lists of a few, for queries and calls that take several at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def in_batches(items: Iterable[Item], count: int) -> Iterator[list[Item]]:
    """Yield the items in batches, in their order, `count` at a time."""
    left = iter(items)
    while batch := list(islice(left, count)):
        yield batch
