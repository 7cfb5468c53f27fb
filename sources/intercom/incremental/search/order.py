"""Whether a search lists by `updated_at`, as it is asked to: what was reached says where to start over only then."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...api.identity import believable
from ...api.lists.page import Page
from ...api.record import updated_at
from .search_pass import Pass

FEWEST_FALLS = 3  # in one page from a record to an earlier one; a stale index shows single ones


@dataclass
class Order:
    """The order of a search's pages: the newest moment listed so far, and whether the search `is_unsorted`.

    That is known from the first page on that lies clearly before what was listed; it stays so.
    """

    overlap_seconds: int
    newest_at: int | None = None
    is_unsorted: bool = False

    @classmethod
    def of(cls, going_on: Pass, overlap_seconds: int) -> "Order":
        """Return the order of a pass's pages, as far as is known. It begins at its bound, not at a listed moment."""
        reached = going_on.reached if going_on.passed > going_on.after else None
        return cls(overlap_seconds, reached, going_on.is_unsorted)

    def add(self, page: Page) -> None:
        """Look at the next page. One without a page cursor begins a listing, which may go back by a day or more."""
        if page.page_cursor is None:
            self.newest_at = None
        own = [updated_at(record) for record in page.records if record.get("updated_at") is not None]
        moments = believable(filter(None, own), page.server_at)
        self.is_unsorted = self.is_unsorted or is_out_of_order(moments, self.newest_at, self.overlap_seconds)
        self.newest_at = max([*moments, self.newest_at or 0]) or None


def is_out_of_order(moments: Sequence[int], newest_at: int | None, overlap_seconds: int) -> bool:
    """Return True if most of a page changed clearly before what is listed before it, or the page goes down.

    `newest_at`: the newest moment of the pages before. What changes while pages are read moves to the end, and a stale
    index shows some records as they were, so that neither single ones nor what lies within the overlap says anything.
    """
    newest, count_before = newest_at or 0, 0
    for at in moments:
        count_before += at < newest - overlap_seconds
        newest = max(newest, at)
    falls = sum(later < earlier for earlier, later in pairwise(moments))
    rises = sum(later > earlier for earlier, later in pairwise(moments))
    return 2 * count_before > len(moments) or falls >= max(FEWEST_FALLS, rises + 1)
