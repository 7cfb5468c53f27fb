"""A long search in ranges of time that are read side by side, because pages have to wait for one another.

A range ends so long ago that nothing comes into it any more: whatever changes leaves it, and is found after the last
range, where the search goes on page by page. So nothing is missed, in whatever order the ranges are read. They meet as
two consecutive searches do (see `Search.pages_until`).

Ranges are only the quicker way. If one contradicts itself, is refused, or is too dense, they end before it, and the
search goes on page by page from there.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from ...api.completeness.distinct_ids import DistinctIds
from ...api.completeness.shortfall import TOLERATED, Count
from ...api.errors import IncompleteListing, IntercomError, Stopped
from ...api.http.client import Client
from ...api.lists.lookahead import SECONDS_BETWEEN_LOOKS
from ...api.lists.page import Page, Stray
from ...api.lists.search_endpoint import Search
from ...api.record import Record, identity_of, updated_at
from .range_cuts import Cuts, Fit, Scale

logger = logging.getLogger(__name__)

MOST_OVERLAP = 2.5  # of a day that belongs to two ranges, as it may be in a time zone that nobody expects

Result = TypeVar("Result")
_Look = tuple[Page, Iterator[Page]]  # the first page of a range, and its other pages


@dataclass(eq=False)
class _Range:
    """A range: the records that changed from `after` on and before `until`.

    `count`: how many there are by the first page; `last_count`: by the last one.
    """

    after: int
    until: int
    pages: Iterator[Page]
    count: int
    records: dict[Any, Record] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    last_count: int = 0
    server_at: float | None = None
    came_again: int = 0
    _in_reading: DistinctIds = field(default_factory=DistinctIds)

    def add(self, page: Page) -> None:
        """Add a page to the range; of two versions of a record the later one counts."""
        by_id = [(identity_of(record), record) for record in page.records]
        self.came_again += self._in_reading.add([identity for identity, _ in by_id]).again
        self.records.update(by_id)
        self.strays += page.strays
        self.last_count = page.total_count if isinstance(page.total_count, int) else self.last_count
        self.server_at = page.server_at

    def restart(self) -> None:
        """Prepare for reading the range once more; the records found so far are kept."""
        self.came_again = 0
        self.strays.clear()
        self._in_reading.clear()

    @property
    def count_listed(self) -> int:
        return len(self.records) + len(self.strays)

    @property
    def count_missing(self) -> int:
        """The number of records counted but not listed; none may be missing, because nothing enters a past range."""
        return max(self.last_count - self.count_listed, 0)

    @property
    def proof(self) -> Count:
        """What was listed of the range, against the count of its first page."""
        return Count(self.count_listed, self.count, self.came_again)

    @property
    def is_short(self) -> bool:
        return self.count_missing > 0 or self.proof.is_short


@dataclass(frozen=True)
class Asked:
    """What ranges are read with: a client, threads, whether the run is interrupted, the scale of reading.

    `timezone`: the workspace's, if it is known.
    """

    client: Client
    executor: Executor
    is_stopped: Callable[[], bool]
    scale: Scale
    overlap_seconds: int
    timezone: object = None


class Ranges:
    """The ranges of one search, in the order of time.

    `origin`: where the search began. `after`: where it goes on behind what was taken, with the next range or page by
    page. The ranges ahead are also read while what was taken is loaded.
    """

    def __init__(self, search: Search, asked: Asked, cuts: Cuts, count: int, origin: int) -> None:
        self.origin, self.after = origin, cuts.after
        self._search, self._asked, self._cuts = search, asked, cuts
        self._count_expected = count
        self._count_found = self._count_listed = self._count_never_listed = 0
        self._under_way: deque[tuple[_Range, Future[_Range]]] = deque()
        self._looking: Future[bool] | None = None  # for those that follow
        self._is_over = False

    @classmethod
    def of(cls, search: Search, asked: Asked, origin: int, first: Page) -> "Ranges | None":
        """Return the ranges of a search from `origin` on with this first page; None if they are not worthwhile."""
        moments = [updated_at(record) for record in first.records]
        if not moments or moments != sorted(moments) or first.server_at is None:
            return None
        if not isinstance(first.total_count, int) or not search.records_ahead:
            return None
        end = int(first.server_at) - asked.overlap_seconds
        is_by_day = search.granularity_seconds > 0
        cuts = Cuts(
            max(moments[0], 0), end, first.total_count, asked.scale, is_by_day=is_by_day, timezone=asked.timezone
        )
        return cls(search, asked, cuts, first.total_count, origin) if cuts.is_worthwhile else None

    def take(self) -> Page | None:
        """Return the next range as one page, or None if the search goes on page by page from `after`."""
        self._look_ahead()
        while (awaited := self._awaited()) and not self._asked.is_stopped():
            wait(awaited, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
            self._look_ahead()
        taken = self._taken()
        if taken is None:
            self._give_up()
            return None
        self.after = taken.until
        self._count_listed += taken.count_listed
        self._count_never_listed += taken.count_missing
        return Page(
            records=list(taken.records.values()),
            page_cursor=None,
            next_page_cursor=None,
            total_count=self._count_expected,
            server_at=taken.server_at,
            strays=tuple(taken.strays),
            goes_on_after=self.position,
            count_in_range=taken.count_listed + taken.count_missing,
        )

    def _give_up(self) -> None:
        """Begin no more ranges, and drop those under way: the search goes on page by page."""
        self._is_over = True
        for _, reading in tuple(self._under_way):
            reading.cancel()
        self._under_way.clear()

    def _taken(self) -> _Range | None:
        """Return the first range under way, or None if there is none or it could not be read."""
        if not self._under_way or not self._under_way[0][1].done():  # the latter where the run is interrupted
            return None
        return self._result(self._under_way.popleft()[1])

    @property
    def position(self) -> int:
        """The moment before which everything has been taken in ranges, in every time zone."""
        return self._search.covered(self.after)

    def is_contradicted(self, count_all: object, count_behind: object, excess: int) -> bool:
        """Return True if ranges lack a record, by how many there are from `origin`, and then from `after` on.

        `excess` is known to be missing always.
        """
        return is_lacking(count_all, count_behind, self._count_listed, max(self._count_never_listed, excess))

    def _awaited(self) -> list[Future[Any]]:
        """Return the futures that the next range waits for; empty if it is ready or there is none."""
        if not self._under_way:
            return [] if self._looking is None else [self._looking]
        reading = self._under_way[0][1]
        return [] if reading.done() else [reading]

    def _look_ahead(self) -> None:
        """Look for the next ranges, if there is room for them."""
        if self._looking is not None and self._looking.done():
            looked, self._looking = self._looking, None
            self._is_over = self._is_over or not self._result(looked)
        if self._looking is None and not self._is_over and self._has_room:
            self._looking = self._asked.executor.submit(self._look_on)

    @property
    def _has_room(self) -> bool:
        return self._count_ahead < self._asked.scale.ahead

    @property
    def _count_ahead(self) -> int:
        return sum(each.count for each, _ in tuple(self._under_way))

    def _look_on(self) -> bool:
        """Begin to read the next ranges while there is room; False if there are none any more.

        Runs in a thread of its own, because the consumer is busy with rows, and each look waits for an answer.
        """
        while self._has_room and not self._is_over:
            spans = self._cuts.following(self._count_wanted)
            if not spans:
                return False
            looks = [self._asked.executor.submit(self._first_page, *span) for span in spans[1:]]
            try:
                if not self._begun(spans, [partial(self._first_page, *spans[0]), *(look.result for look in looks)]):
                    return False
            finally:
                for look in looks:
                    look.cancel()
        return True

    @property
    def _count_wanted(self) -> int:
        """How many ranges to look at: as many as there is room for, if they have the usual size."""
        return max((self._asked.scale.ahead - self._count_ahead) // self._asked.scale.records, 1)

    def _first_page(self, after: int, until: int) -> _Look:
        """Look at the first page of a range, which says whether it has the right size."""
        pages = self._pages(after, until)
        return next(pages), pages

    def _begun(self, ranges: list[tuple[int, int]], looks: list[Callable[[], _Look]]) -> bool:
        """Begin to read consecutive ranges, up to the first one that must be cut differently.

        False if nothing more can be read in ranges. Ranges without room are requested again later.
        """
        for (after, until), look_at in zip(ranges, looks, strict=True):
            if self._is_over or not self._has_room:
                return True
            first, pages = look_at()
            size = self._cuts.sized(until, first.total_count) if isinstance(first.total_count, int) else None
            if size is Fit.TOO_LARGE:
                return True
            if size is not Fit.GOOD:
                return False
            found = _Range(after, until, pages, first.total_count or 0)
            self._count_found += found.count
            if self._count_found > MOST_OVERLAP * self._count_expected:
                return False  # the server ignores the bounds
            found.add(first)
            self._under_way.append((found, self._asked.executor.submit(self._read, found)))
        return True

    def _read(self, found: _Range) -> _Range:
        """Read the rest of a range, twice if it is short or empty, or has listed a record twice.

        The latter hides another, and what changes meanwhile leaves the range, so that the numbers may agree. An empty
        answer that counts nothing may be wrong, and only this run compares the number of all records with those of its
        ranges. A few counted but never listed records are Intercom's mistake. If there are more, or others are listed
        twice instead, reading page by page has to decide.
        """
        for page in found.pages:
            found.add(page)
        if found.is_short or found.came_again or not found.count_listed:
            found.restart()
            for page in self._pages(found.after, found.until):
                found.add(page)
        if found.is_short and (found.came_again or found.count_missing > TOLERATED or found.proof.is_short):
            raise IncompleteListing(found.proof.shortfall(self._search.call))
        return found

    def _result(self, future: Future[Result]) -> Result | None:
        """Return a future's result, or None after an error of Intercom's, which reading page by page may avoid."""
        try:
            return future.result()
        except Stopped:
            return None
        except IntercomError as error:
            logger.warning(
                "%s: reading page by page from here on, not in ranges of time (%s)", self._search.path, error
            )
            return None

    def _pages(self, after: int, until: int) -> Iterator[Page]:
        return self._search.pages_until(self._asked.client, after, until, self._asked.scale.per_page)


def is_lacking(count_all: object, count_behind: object, count_read: int, tolerated: int) -> bool:
    """Return True if ranges that were read lack more than is tolerated, by how many records there are in their time.

    That is `count_all` from where they began, without `count_behind` from where they ended: those between were there
    when the ranges were read, because none has come in. Where Intercom says no number now, or one that is
    lower than that of a part, nothing is proven, and they count as lacking.
    """
    if not (isinstance(count_all, int) and isinstance(count_behind, int)):
        return True
    return count_all - count_behind - count_read > tolerated or count_all < count_behind
