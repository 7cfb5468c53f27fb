"""The proof that the listing of a sweep was whole."""

from collections.abc import Collection

from ..api.completeness.shortfall import TOLERATED, TOLERATED_SHARE, Count
from ..api.errors import IncompleteListing
from ..api.lists.page import Page
from .listing import Listing

EXAMPLES = 3


class ListingProof:
    """The proof of a listing: totals that Intercom gave before it and on its first page; the smaller is to be reached.

    Later pages are not believed: past some depth they come empty, with a count of 0. What was listed without an id is
    among what Intercom counts, and may be any record that seems unlisted.
    """

    def __init__(self, listing: Listing, count_before: int | None) -> None:
        self._listing = listing
        self._is_first_known = False
        self._counts = [] if count_before is None else [count_before]
        self._strays: set[str] = set()

    def add(self, page: Page) -> None:
        """Note the total and the strays of a listed page for the proof."""
        self._strays.update(stray.where for stray in page.strays)
        if isinstance(page.total_count, int) and not self._is_first_known:
            self._is_first_known = True
            self._counts.append(page.total_count)

    def check(self, count_listed: int) -> None:
        """Raise IncompleteListing if the listing is not proved: clearly more records should have been in it."""
        count = Count(count_listed + len(self._strays), min(self._counts, default=None))
        if count.lacks_many:
            raise IncompleteListing(count.shortfall(self._listing.call))

    def check_control(self, count_listed: int, count_missing: int) -> None:
        """Raise IncompleteListing if a listing of everything brought nothing, although much is loaded."""
        if not count_listed and count_missing > TOLERATED:
            message = f"nothing is listed, but {count_missing:,} records are loaded"
            raise self._listing.call.contradiction(message)

    def check_unlisted(self, there: Collection[str], count_listed: int) -> None:
        """Raise IncompleteListing if more unlisted records exist than can have been missed by the listing."""
        if len(there) > len(self._strays) + TOLERATED + count_listed * TOLERATED_SHARE:
            examples = ", ".join(sorted(there)[:EXAMPLES])
            message = f"{len(there):,} records exist but are not among the {count_listed:,} listed, such as {examples}"
            raise self._listing.call.contradiction(message)
