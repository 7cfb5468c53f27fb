"""Complete listings: every record of one kind that Intercom has, or those created since a moment.

Searches are asked for by `created_at` and sorted by `updated_at`, ascending and without an upper bound: a record that
changes meanwhile is listed twice, none is skipped. `GET /contacts` and `GET /conversations` know neither filter nor
order, so a change could move a record over the edge of a page, and young records could not be asked for alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..api.call import Call
from ..api.errors import BadAnswer
from ..api.http.client import Client
from ..api.identity import believable
from ..api.lists.list_answer import total_count_in
from ..api.lists.page import PER_PAGE, Page
from ..api.lists.pagination import searched
from ..api.lists.records_without_id import identified
from ..api.lists.scroll import SCROLL_PER_PAGE, scrolled
from ..api.lists.search_endpoint import Search
from ..api.record import created_at, updated_at
from ..incremental.dlt_state import SearchState
from ..incremental.search.day_comparison import as_compared
from ..incremental.search.gaps import pages_around_gaps
from ..incremental.search.order import Order
from ..resources.companies import PATH, count_with_users


@dataclass(frozen=True)
class Listing:
    """A whole listing: `pages` yields the records created at or after a moment; `count` asks for their number.

    By a search that compares days, both begin up to 25 hours earlier. Moments are unix seconds; the second one that
    `pages` takes is Intercom's clock. `count` costs one call and may be None or too small, never too large. `search` is
    that which lists, if one does.
    """

    call: Call
    per_page: int
    pages: Callable[[Client, int, float], Iterator[Page]]
    count: Callable[[Client, int], int | None]
    search: Search | None = None

    def as_compared(self, state: SearchState) -> "Listing":
        """Return the listing by the search as the syncs know it to compare times: from a moment on, or from its day."""
        return self if self.search is None else by_search(as_compared(self.search, state))


def by_search(search: Search) -> Listing:
    """Return the whole listing of an entity by its search endpoint."""

    def pages(client: Client, created_since: int, now: float) -> Iterator[Page]:
        newest_at = 0
        try:
            for page in as_created(client, created_since):
                newest_at = max([newest_at, *believable(map(updated_at, page.records), now)])
                yield page
        except BadAnswer:
            # A page that always fails costs only its own record: the listing goes on by the time of the last change.
            order = Order(overlap_seconds=0)
            since = search.query(created_since, "created_at")["value"]  # what is counted is listed
            for page in pages_around_gaps(search, client, newest_at, None, PER_PAGE, now, order):
                records = [record for record in page.records if created_at(record) >= since]
                yield replace(page, records=records, total_count=None)

    def as_created(client: Client, created_since: int) -> Iterator[Page]:
        query = search.query(created_since, "created_at")
        pages = searched(client, search.path, search.records_key, query, None, PER_PAGE)
        return identified(pages, search.call)

    def count(client: Client, created_since: int) -> int | None:
        query = search.query(created_since, "created_at")
        return total_count_in(client.post(search.path, {"query": query, "pagination": {"per_page": 1}}).data)

    return Listing(search.call, PER_PAGE, pages, count, search)


def by_scroll() -> Listing:
    """Return the whole listing of companies: a scroll always covers all of them, and has no total.

    The page list of companies has one, but leaves out companies without users.
    """
    call = Call("GET", PATH)

    def pages(client: Client, created_since: int, now: float) -> Iterator[Page]:
        return identified(scrolled(client, PATH), call)

    def count(client: Client, created_since: int) -> int | None:
        return count_with_users(client)

    return Listing(call, SCROLL_PER_PAGE, pages, count)
