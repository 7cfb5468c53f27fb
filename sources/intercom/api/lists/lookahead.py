"""Working ahead: the next page is asked for while the details of this one are fetched, and results stay in order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import TypeAlias, TypeVar

from ..errors import IntercomError

Item = TypeVar("Item")
Batch = TypeVar("Batch")
Result = TypeVar("Result")
_Work: TypeAlias = tuple[Item, Future[Result]]

DEPTH = 2
SECONDS_BETWEEN_LOOKS = 0.2  # how soon an interruption is noticed

_END = object()


def prefetched(executor: Executor, items: Iterator[Item]) -> Iterator[Item]:
    """Look ahead: yield `items`, while a thread of `executor` already fetches the next one."""
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
) -> Iterator[tuple[Batch, list[tuple[Item, Result]]]]:
    """Yield each batch with its records and `complete(record)` of each, while `DEPTH` more ahead are worked on.

    An error of a batch is raised in its place, after all batches before it. Once `is_stopped`, requests under way are
    finished and the rest is given up: the last batch then comes without the records whose result is lacking.
    """
    under_way: deque[tuple[Batch, list[_Work[Item, Result]]]] = deque()
    failure: IntercomError | None = None
    try:
        while not is_stopped():
            try:
                batch = next(batches)
            except StopIteration:
                break
            except IntercomError as error:
                failure = error
                break
            under_way.append((batch, [(record, executor.submit(complete, record)) for record in records(batch)]))
            if len(under_way) > DEPTH:
                yield _finished(under_way, is_stopped)
        while under_way and not is_stopped():
            yield _finished(under_way, is_stopped)
        if failure is not None:
            raise failure
    finally:
        for _, work in under_way:
            _cancel(work)


def _finished(
    under_way: deque[tuple[Batch, list[_Work[Item, Result]]]], is_stopped: Callable[[], bool]
) -> tuple[Batch, list[tuple[Item, Result]]]:
    """Return the results of the first batch; if the run is stopped, those at its beginning that are done."""
    batch, work = under_way.popleft()
    results: list[tuple[Item, Result]] = []
    try:
        for record, future in work:
            while not _is_done(future):
                if is_stopped() and future.cancel():
                    return batch, results
            results.append((record, future.result()))
        return batch, results
    finally:
        _cancel(work)


def _is_done(future: Future[Result]) -> bool:
    """Wait briefly for one future of work ahead, whatever its outcome; `concurrent.futures.wait` costs far more."""
    with suppress(TimeoutError):
        future.exception(SECONDS_BETWEEN_LOOKS)
    return future.done()


def _cancel(work: list[_Work[Item, Result]]) -> None:
    for _, future in work:
        future.cancel()
