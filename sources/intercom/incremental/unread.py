"""Records that Intercom lists but cannot deliver: one of them must not hold up all others, nor be forgotten."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

from ..api.errors import (
    BadAnswer,
    Failure,
    IncompleteListing,
    IntercomError,
    InvalidRequest,
    RecordsUnread,
)
from ..api.record import Record
from .state import UnreadState

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_UNREAD = 20  # more than a few broken records are an outage
MOST_NAMED = 5


@dataclass(frozen=True)
class Unreadable:
    """What came of a record that Intercom cannot deliver."""

    error: IntercomError


def attempted(read: Callable[[Item], Result], item: Item) -> Result | Unreadable:
    """Return `read(item)`; an error that may be this record's alone is returned, any other raised."""
    try:
        return read(item)
    except (BadAnswer, InvalidRequest, IncompleteListing) as error:
        return Unreadable(error)


def all_attempted(
    executor: Executor, read: Callable[[Item], Result], items: Iterable[Item]
) -> list[Result | Unreadable]:
    """Return what came of each item; raises an error of theirs where so many cannot be read that it is an outage."""
    futures = [executor.submit(attempted, read, item) for item in items]
    results: list[Result | Unreadable] = []
    count_unreadable = 0
    try:
        for future in futures:
            result = future.result()
            results.append(result)
            count_unreadable += isinstance(result, Unreadable)
            if isinstance(result, Unreadable) and count_unreadable > MOST_UNREAD:
                raise result.error
        return results
    finally:
        for future in futures:
            future.cancel()


class Unread:
    """The ids that could not be read, kept in a resource's state until they are read or gone."""

    def __init__(self, state: UnreadState, path: str) -> None:
        self._state = state
        self._path = path
        self._last_error: IntercomError | None = None

    @property
    def ids(self) -> list[str]:
        """The ids, the longest remembered first."""
        return list(self._state.get("unread", ()))

    @property
    def records(self) -> list[Record]:
        """The ids as records of which nothing else is known, in the same order."""
        return [{"id": identity} for identity in self.ids]

    def add(self, record_id: str, error: IntercomError) -> None:
        """Remember a record; raises `error` where so many cannot be read that it is not the records' fault."""
        self._last_error = error
        if record_id not in self.ids:
            if len(self.ids) >= MOST_UNREAD:
                raise error
            self._state["unread"] = [*self.ids, record_id]

    def remove(self, record_id: str) -> None:
        """Forget a record that was read, or has vanished."""
        if record_id in self.ids:
            self._state["unread"] = [one for one in self.ids if one != record_id]

    def check(self) -> None:
        """Raise RecordsUnread, naming the records, unless there are none."""
        if not self.ids:
            return
        named = ", ".join(self.ids[:MOST_NAMED]) + (", …" if len(self.ids) > MOST_NAMED else "")
        reason = f"; the last answer: {self._last_error.failure}" if self._last_error else ""
        message = f"{len(self.ids)} listed records cannot be read in full (id {named}){reason}"
        raise RecordsUnread(Failure("GET", self._path, message=message))
