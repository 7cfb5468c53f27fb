"""Items in lists of a few: for queries and calls that take several at once, or to tell which part of many changed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from ..errors import IntercomError

Item = TypeVar("Item")

USUAL = 100  # items of a lasting batch


def in_batches(items: Iterable[Item], count: int) -> Iterator[list[Item]]:
    """Yield the items in batches, in their order, `count` at a time."""
    left = iter(items)
    while batch := list(islice(left, count)):
        yield batch


def in_lasting_batches(items: Iterable[Item], identity_of: Callable[[Item], str]) -> Iterator[list[Item]]:
    """Yield the items in batches, in their order, about a hundred at a time; the last one may be empty.

    A batch ends with an item that is told by its identity, so that one that comes or goes changes its own batch alone.
    What came before an error of Intercom's is yielded before that is raised.
    """
    batch: list[Item] = []
    try:
        for item in items:
            batch.append(item)
            if _is_last(identity_of(item)):
                yield batch
                batch = []
    except IntercomError:
        if batch:
            yield batch
        raise
    yield batch


def _is_last(identity: str) -> bool:
    digest = hashlib.blake2b(identity.encode(errors="replace"), digest_size=4).digest()
    return int.from_bytes(digest) % USUAL == 0
