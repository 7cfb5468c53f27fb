"""Reading records one by one, so that one that is unreadable does not block the others."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ..api.call import Call
from ..api.errors import NOT_FOUND, BadAnswer, IncompleteListing, IntercomError, InvalidRequest, RecordDenied
from ..api.lists.lookahead import completed
from ..reading.session import Session
from ..reading.unreadable_records import MOST_UNREAD, UnreadableRecords
from ..rows.validation import SHAPE_ERRORS, Misfit, reason_of
from .single_record import Whole

Item = TypeVar("Item")
Batch = TypeVar("Batch")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Unreadable:
    """Why an attempt to read a record failed; `error`: Intercom's, or None if it is the record's shape."""

    reason: str
    error: IntercomError | None = None

    @classmethod
    def although_listed(cls, path: str) -> "Unreadable":
        """Return the result of an attempt at a listed record that its own call, at `path`, does not find."""
        error = IncompleteListing(Call("GET", path).failure("it is listed", NOT_FOUND))
        return cls(str(error.failure), error)

    def without_words(self) -> str:
        """Return why the attempt failed without the answer's own words, which may quote a record."""
        return self.reason if self.error is None else self.error.failure.without_words()


def account(records: UnreadableRecords, entity: str, identity: str, result: object) -> None:
    """Account for an attempt: remember what of a record cannot be read or loaded; forget one that is whole or gone.

    Raises the error of an Unreadable if so many records cannot be delivered that it is an outage.
    """
    if not isinstance(result, Unreadable):
        records.misshapen(identity, result.misfits if isinstance(result, Whole) else ())
    elif result.error is not None:
        records.undelivered(identity, result.error)
    else:
        records.misshapen(identity, [Misfit(entity, identity, result.reason)])


def attempted(read: Callable[[Item], Result], item: Item) -> Result | Unreadable:
    """Attempt `read(item)`: return an error that may concern this record alone, raise any other."""
    try:
        return read(item)
    except (BadAnswer, InvalidRequest, IncompleteListing, RecordDenied) as error:
        return Unreadable(str(error.failure), error)
    except SHAPE_ERRORS as error:
        return Unreadable(reason_of(error))


def all_attempted(
    executor: Executor, read: Callable[[Item], Result], items: Iterable[Item]
) -> list[tuple[Item, Result | Unreadable]]:
    """Attempt to read each item, return it with its result; raises an error if so many fail that it is an outage."""
    futures = [(item, executor.submit(attempted, read, item)) for item in items]
    results: list[tuple[Item, Result | Unreadable]] = []
    count_undelivered = 0
    try:
        for item, future in futures:
            result = future.result()
            results.append((item, result))
            if isinstance(result, Unreadable) and result.error is not None:
                count_undelivered += 1
                if count_undelivered > MOST_UNREAD:
                    raise result.error
        return results
    finally:
        for _, future in futures:
            future.cancel()


def each_attempted(
    session: Session,
    batches: Iterator[Batch],
    items_of: Callable[[Batch], list[Item]],
    read: Callable[[Item], Result],
) -> Iterator[tuple[Batch, list[tuple[Item, Result | Unreadable]]]]:
    """Attempt to read the items of each batch, yield it with their results; meanwhile further ones are worked on.

    An interrupted run lacks the last items.
    """
    return completed(session.details, batches, items_of, partial(attempted, read), session.stop.is_set)
