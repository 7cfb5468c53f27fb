"""Working ahead: the next page is asked for while the details of this one are fetched, and results stay in order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

from sources.intercom.errors import IntercomError

Item = TypeVar("Item")
Batch = TypeVar("Batch")
Result = TypeVar("Result")

_END = object()


def prefetched(executor: Executor, items: Iterator[Item]) -> Iterator[Item]:
    """Yield `items`, whose next one is always being fetched already by a thread of `executor`."""
    future: Future[Item | object] = executor.submit(next, items, _END)
    while (item := future.result()) is not _END:
        future = executor.submit(next, items, _END)
        yield item  # type: ignore[misc]  # not _END, so an Item


def completed(
    executor: Executor,
    batches: Iterator[Batch],
    records: Callable[[Batch], list[Item]],
    complete: Callable[[Item], Result],
    is_stopped: Callable[[], bool],
    depth: int = 2,
) -> Iterator[tuple[Batch, list[Result]]]:
    """Yield each batch with `complete(record)` of its records; `depth` more batches are being worked on meanwhile.

    An error of a batch is raised in its place, after all batches before it; once `is_stopped`, what has not begun is
    given up, and only finished batches come out.
    """
    under_way: deque[tuple[Batch, list[Future[Result]]]] = deque()
    failure: IntercomError | None = None
    try:
        while True:
            try:
                batch = next(batches)
            except StopIteration:
                break
            except IntercomError as error:
                failure = error
                break
            under_way.append((batch, [executor.submit(complete, record) for record in records(batch)]))
            if len(under_way) > depth:
                yield _finished(under_way)
        while under_way and not is_stopped():
            yield _finished(under_way)
        if failure is not None:
            raise failure
    finally:
        for _, futures in under_way:
            for future in futures:
                future.cancel()


def _finished(under_way: deque[tuple[Batch, list[Future[Result]]]]) -> tuple[Batch, list[Result]]:
    batch, futures = under_way.popleft()
    try:
        return batch, [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()
