"""The pages of a pass over a search, from where it goes on: page by page, a long one in ranges of time."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from ...api.completeness.overstated_totals import Excess
from ...api.day import BY_DAY_SECONDS
from ...api.errors import IntercomError, PageCursorRefused
from ...api.identity import believable
from ...api.lists.lookahead import prefetched
from ...api.lists.page import PER_PAGE, Page
from ...api.lists.pagination import resumed
from ...api.lists.search_endpoint import Search
from ...api.record import updated_at
from ...reading.reading import Reading
from .day_comparison import compares_days
from .gaps import pages_around_gaps
from .order import Order
from .range_cuts import Scale
from .ranges import Asked, Ranges, is_lacking
from .search_pass import Pass
from .stored_progress import StoredProgress

logger = logging.getLogger(__name__)

MOST_IN_VAIN = 3  # page cursors that are refused one after the other, without a later change between them


def pages_of_pass(search: Search, reading: Reading, stored: StoredProgress) -> Iterator[Page]:
    """Yield the pages of the pass that goes on, or begins; the next one is always being asked for already."""
    session = reading.session
    stored.progress = stored.progress.begun(session.wishes.start_at, stored.overlap_seconds)
    if stored.page_cursor is None:
        return _from_its_start(search, reading, stored)
    return prefetched(session.lists, _from_page_cursor(search, reading, stored, stored.page_cursor))


def _from_page_cursor(search: Search, reading: Reading, stored: StoredProgress, page_cursor: str) -> Iterator[Page]:
    def restarted() -> Iterator[Page]:
        going_on = stored.progress.in_pass
        return _searched(search, reading, stored, going_on.restart_after(stored.overlap_seconds))

    def on_restart(error: IntercomError) -> None:
        stored.progress = stored.progress.restarted(stored.overlap_seconds)
        logger.warning("%s: the page cursor is refused, back to the watermark (%s)", search.path, error)

    going_on = stored.progress.in_pass
    pages = _searched(search, reading, stored, going_on.after, page_cursor)
    return resumed(pages, restarted, on_restart)


def _from_its_start(search: Search, reading: Reading, stored: StoredProgress) -> Iterator[Page]:
    """Yield the pages of a pass that has no page cursor; in ranges as far as they go."""
    going_on = stored.progress.in_pass
    lists, after = reading.session.lists, going_on.after
    ranges: Ranges | None = reading.session.ahead.pop(search.path, None)
    pages: Iterator[Page] = iter(())
    if ranges is None or ranges.position != after:
        if going_on.origin is not None and _is_short(search, reading, going_on.origin, going_on):
            yield from _page_by_page(search, reading, stored, going_on.origin)
            return
        first, pages = _begun(_searched(search, reading, stored, after))
        search = stored.as_compared(search)
        ranges = Ranges.of(search, _asked(reading, search), after, first)
    if ranges is not None:
        reading.session.ahead[search.path] = ranges
        yield from iter(ranges.take, None)
        count_all = _first_of(search, reading, ranges.origin).total_count
        first, pages = _begun(_searched(search, reading, stored, ranges.after))
        excess = Excess(reading.state, search.path, ranges.origin).count
        if ranges.is_contradicted(count_all, first.total_count, excess):
            yield from _page_by_page(search, reading, stored, ranges.origin)
            return
    yield from prefetched(lists, pages)


def _is_short(search: Search, reading: Reading, origin: int, going_on: Pass) -> bool:
    """Return True if the ranges that an earlier run has read lack records, by how many there are now in their time.

    Only their own run has compared the numbers, and it may have been killed before.
    """
    count_all = _first_of(search, reading, origin).total_count
    count_behind = _first_of(search, reading, search.uncovered(going_on.after)).total_count
    excess = Excess(reading.state, search.path, origin).count
    return is_lacking(count_all, count_behind, going_on.count_in_ranges, excess)


def _page_by_page(search: Search, reading: Reading, stored: StoredProgress, origin: int) -> Iterator[Page]:
    """Yield the pages of a search again from `origin` on, whose ranges lack records."""
    logger.warning("%s: ranges of time have not brought all that Intercom counts; reading page by page", search.path)
    counted = _first_of(search, reading, origin)
    yield Page([], None, None, counted.total_count, counted.server_at, goes_on_after=origin)
    yield from prefetched(reading.session.lists, _searched(search, reading, stored, origin))


def _first_of(search: Search, reading: Reading, after: int) -> Page:
    """Return a page of one record, which counts all of a search from `after` on."""
    return next(search.pages(reading.client, after, None, per_page=1))


def _begun(pages: Iterator[Page]) -> tuple[Page, Iterator[Page]]:
    """Return the pass's first page, which says how many records there are, and all pages."""
    first = next(pages)
    return first, chain([first], pages)


def _asked(reading: Reading, search: Search) -> Asked:
    session = reading.session
    scale = Scale.of(_per_page(reading), search.records_ahead, reading.chunk.records)
    timezone = session.identity.app.get("timezone")
    return Asked(reading.client, session.lists, session.stop.is_set, scale, session.overlap_seconds, timezone)


def _searched(
    search: Search, reading: Reading, stored: StoredProgress, after: int, page_cursor: str | None = None
) -> Iterator[Page]:
    """Yield the pages of the pass in progress; if a page cursor expires on the way, from before what was reached.

    They start over where the search is unsorted.
    """
    order = Order.of(stored.progress.in_pass, reading.session.overlap_seconds)
    reached: int | None = None
    count_in_vain = 0
    while True:
        reached_before = reached
        try:
            for page in _listed(stored.as_compared(search), reading, stored, order, after, page_cursor):
                moments = believable(map(updated_at, page.records), page.server_at or reading.session.identity.now())
                reached = max(moments if reached is None else [*moments, reached], default=None)
                yield page
        except PageCursorRefused as error:
            count_in_vain = count_in_vain + 1 if reached == reached_before else 0
            if reached is None or count_in_vain > MOST_IN_VAIN:
                raise
            back_to = "to the start" if order.is_unsorted else "by the overlap"
            logger.warning("%s: the page cursor is refused, back %s (%s)", search.path, back_to, error)
        else:
            return
        page_cursor = None
        if not order.is_unsorted:
            after = max(after, reached - reading.session.overlap_seconds)
        yield Page([], None, None, None, None, goes_on_after=after)


def _listed(
    search: Search, reading: Reading, stored: StoredProgress, order: Order, after: int, page_cursor: str | None
) -> Iterator[Page]:
    """Yield the pages that a search lists from a moment on, by days if its first page shows that it compares these."""
    client, now, per_page = reading.client, reading.session.identity.now(), _per_page(reading)
    pages = pages_around_gaps(search, client, after, page_cursor, per_page, now, order)
    if page_cursor is None:
        first, pages = _begun(pages)
        if compares_days(search, client, after, first):
            search = replace(search, granularity_seconds=BY_DAY_SECONDS)
            stored.compare_days(BY_DAY_SECONDS, search.horizon_seconds(stored.overlap_seconds))
            pages = pages_around_gaps(search, client, after, None, per_page, now, order)
    yield from pages


def _per_page(reading: Reading) -> int:
    return min(PER_PAGE, reading.chunk.records)
