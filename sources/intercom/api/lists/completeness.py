"""The proof of a listing: the distinct records that it brought, against the number that Intercom says there is.

That number is the `total_count` of the first page that names one: real answers repeat records on one page and leave
others out, and deep pages come empty, with a `total_count` of 0.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from ..call import Call
from ..errors import Failure, IncompleteListing
from ..http.client import Tally
from ..record import is_id
from .overstated_totals import Excess

logger = logging.getLogger(__name__)

TOLERATED_SHARE = 0.01
TOLERATED = 5


@dataclass
class ListingCount:
    """What a listing has brought so far.

    `came_again`: records that one pass brought twice. `contradictions`: pages that counted far less than the first.
    """

    call: Call
    total_count: int | None = None
    came_again: int = 0
    contradictions: int = 0
    _found: set[Any] = field(default_factory=set)
    _found_in_pass: set[Any] = field(default_factory=set)

    def add(self, records: Iterable[Any], total_count: Any) -> None:
        """Count a page."""
        for each in map(identity_of, records):
            self.came_again += each in self._found_in_pass
            self._found_in_pass.add(each)
        self._found |= self._found_in_pass
        if not isinstance(total_count, int):
            return
        if self.total_count is None:
            self.total_count = total_count
        self.contradictions += total_count < len(self._found_in_pass) and total_count < self.total_count

    def restart(self) -> None:
        """Start counting another reading of the listing; records of the first one still count."""
        self.total_count, self.came_again, self.contradictions, self._found_in_pass = None, 0, 0, set()

    @property
    def missing(self) -> int:
        """How many records Intercom counts that were not listed."""
        return 0 if self.total_count is None else max(self.total_count - len(self._found), 0)

    def is_short(self, excess: int) -> bool:
        """Return True if the listing should be read once more; `excess` is known to be missing always.

        If Intercom gives no total, a record that came twice is the only sign of a hidden one.
        """
        if self.total_count is None:
            return self.came_again > 0
        is_doubtful = self.came_again or self.contradictions or is_short(len(self._found), self.total_count)
        return self.missing > excess and bool(is_doubtful)

    def conclude(self, excess: Excess, listing: str, tally: Tally) -> None:
        """Raise IncompleteListing if records must be hidden; otherwise log by how much the total is too high."""
        if self.total_count is None and self.came_again:
            message = "%s: the list has some records twice (%s times) and names no number; others may be hidden"
            logger.warning(message, self.call.path, self.came_again)
        if not self.missing:
            excess.remember(listing, 0)
            return
        if self.missing > excess.of(listing):
            if self.came_again or self.contradictions:
                raise incomplete(self.call, len(self._found), self.total_count or 0, self.came_again)
            check_listed(self.call, len(self._found), self.total_count)
            excess.remember(listing, self.missing)
        say_too_high(tally, self.call.path, len(self._found), self.total_count or 0)


def identity_of(record: Any) -> Any:
    """Return a record's identity: its id, or all of its content if it has none."""
    if isinstance(record, dict) and is_id(record.get("id")):
        return str(record["id"])
    return content_of(record)


def content_of(record: Any) -> bytes:
    """Return bytes that differ if records differ; of a record that is nested too deep only the plain fields count."""
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    except (TypeError, RecursionError):
        own = {name: value for name, value in record.items() if _is_plain(value)} if isinstance(record, dict) else {}
        return b"too deep: " + orjson.dumps(own, option=orjson.OPT_SORT_KEYS)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def is_short(count_listed: int, total_count: int | None) -> bool:
    """Return True if a listing should be repeated: totals change while pages are read, but hardly by a hundredth."""
    return isinstance(total_count, int) and total_count - count_listed > total_count * TOLERATED_SHARE


def check_listed(call: Call, count_listed: int, total_count: int | None) -> None:
    """Raise IncompleteListing if a listing lacks more records than can have come and gone while it was read."""
    if isinstance(total_count, int) and lacks_many(count_listed, total_count):
        raise incomplete(call, count_listed, total_count)


def lacks_many(count_listed: int, total_count: int) -> bool:
    """Return True if more records are missing than can have come and gone while a listing was read."""
    return total_count - count_listed > TOLERATED + total_count * TOLERATED_SHARE


def incomplete(call: Call, count_listed: int, total_count: int, came_again: int = 0) -> IncompleteListing:
    """Return the error, with both numbers in it."""
    return IncompleteListing(shortfall(call, count_listed, total_count, came_again))


def shortfall(call: Call, count_listed: int, total_count: int, came_again: int) -> Failure:
    """Return what a listing that falls short is said to be, with both numbers."""
    message = f"Intercom counts {total_count:,} records and listed {count_listed:,}"
    if came_again:
        message += f", some of them twice ({came_again:,} times)"
    return call.failure(message)


def say_too_high(tally: Tally, path: str, count_listed: int, total_count: int) -> None:
    """Say that a total of Intercom stays too high: the listed records are loaded, and no more are asked for."""
    tally.unlisted += total_count - count_listed
    logger.warning("%s: Intercom counts %s records but lists %s; those are loaded", path, total_count, count_listed)
