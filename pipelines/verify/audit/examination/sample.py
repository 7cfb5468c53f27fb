"""The random sample: which records of each table are read again."""

import hashlib
import heapq
from collections.abc import Iterable


def sampled(ids_by_table: Iterable[Iterable[str]], size: int, seed: int) -> set[str]:
    """Return a sample: `size` random ids of each table, or all if there are fewer.

    Every id has a random rank of its own, and the lowest ones are taken: the same records serve for many tables, and
    the same seed takes the same records wherever they are loaded.
    """

    def rank(record_id: str) -> bytes:
        return hashlib.blake2b(f"{seed}:{record_id}".encode(), digest_size=8).digest()

    return {record_id for ids in ids_by_table for record_id in heapq.nsmallest(size, ids, key=rank)}
