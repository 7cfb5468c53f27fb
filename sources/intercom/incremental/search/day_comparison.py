"""A search that is taken to compare times by the second, and compares calendar days: seen where it begins at a moment.

That is where a pass begins, and where it goes on without its page cursor. By UTC day, `>` begins with the next day, so
that a search from the middle of a day lists nothing of the rest of it. Where one does list something of that, it
compares seconds. Where not, there may be nothing, or it compares days: one call says so. What it has shown is kept in
the state, for this search alone.
"""

import logging
from dataclasses import replace

from ...api.day import BY_DAY_SECONDS, DAY_SECONDS
from ...api.errors import BadAnswer
from ...api.http.client import Client
from ...api.lists.page import Page
from ...api.lists.search_endpoint import Search
from ...api.record import updated_at
from ..dlt_state import SearchState

logger = logging.getLogger(__name__)

SAMPLE = 5  # of what was left out


def as_compared(search: Search, state: SearchState) -> Search:
    """Return the search as it is known to compare times."""
    known = state.get("granularity_seconds")
    return search if known is None else replace(search, granularity_seconds=known)


def compares_days(search: Search, client: Client, after: int, first: Page) -> bool:
    """Return True if a search from `after` on with this first page is found to leave out the rest of that day.

    That costs a call where the page has nothing of that day, and another one where the first one brings some of it,
    because it may have changed just then, or come on a later page where Intercom ignores the sort. That call asks for
    the rest of that day alone.
    """
    if search.granularity_seconds or after <= 0 or _has_rest_of_day(first, after):
        return False
    try:
        until = _next_day_at(after)
        earlier = next(search.pages_down(client, after - BY_DAY_SECONDS, until, SAMPLE))
        if not _has_rest_of_day(earlier, after):
            return False
        if _has_rest_of_day(next(search.pages_until(client, after, until, SAMPLE)), after):
            return False
    except BadAnswer:  # of a record that cannot be listed, which may be of no interest, or is passed by as a gap
        return False
    logger.warning(
        "%s: Intercom compares days, where seconds were asked for; from now on each run asks for a day more",
        search.path,
    )
    return True


def _has_rest_of_day(page: Page, after: int) -> bool:
    """Return True if a page has a record of the rest of the day that a search from `after` on compares with."""
    return any(after <= updated_at(record) < _next_day_at(after) for record in page.records)


def _next_day_at(after: int) -> int:
    """Return when the UTC day ends that a search from `after` on compares with: that of the second before."""
    return ((after - 1) // DAY_SECONDS + 1) * DAY_SECONDS
