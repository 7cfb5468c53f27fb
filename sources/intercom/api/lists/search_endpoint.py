"""A search endpoint, and how to ask it for changes since a moment."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..call import Call
from ..http.client import Client
from ..http.retries import QUICK_ATTEMPTS
from ..record import Record
from .page import PER_PAGE, Page
from .pagination import searched
from .records_without_id import identified


@dataclass(frozen=True)
class Search:
    """A search endpoint: where it is, under which key it lists its records, and how coarse its time filter is.

    `granularity_seconds`: contacts are compared by calendar day of the workspace's time zone, so that a
    search for them begins 25 hours earlier (see `api.day`).

    `records_ahead`: how many may be read ahead in ranges of time; 0 if that gains nothing, because each record needs a
    call of its own.
    """

    path: str
    records_key: str
    granularity_seconds: int = 0
    records_ahead: int = 0

    @property
    def call(self) -> Call:
        """The call of the search endpoint."""
        return Call("POST", self.path)

    @property
    def path_of_one(self) -> str:
        """The path of one record that the search endpoint lists, as the API's description writes it."""
        return self.path.replace("search", "{id}")

    def query(self, after: int, field: str = "updated_at") -> Record:
        """Return a search's filter for records updated (or created) at or after `after`, `>` being strict or not."""
        return {"field": field, "operator": ">", "value": max(after - 1 - self.granularity_seconds, 0)}

    def pages(
        self,
        client: Client,
        after: int,
        page_cursor: str | None,
        per_page: int = PER_PAGE,
        *,
        reached: int | None = None,
        bad_answers: int | None = None,
    ) -> Iterator[Page]:
        """Yield pages of the search endpoint: records updated at or after `after`, from `page_cursor` on.

        `reached`: what the pages before the page cursor have brought, where known; strays lie behind it.
        """
        query = self.query(after)
        pages = searched(client, self.path, self.records_key, query, page_cursor, per_page, bad_answers=bad_answers)
        return identified(pages, self.call, (after if page_cursor is None else max(after, reached or after), None))

    def pages_until(self, client: Client, after: int, until: int, per_page: int) -> Iterator[Page]:
        """Yield the search's pages of records updated at or after `after`, and before `until` as Intercom compares it.

        If `pages` or `pages_until` continues with `until` as its `after`, no record is between the two: where days are
        compared, the day of `until` is left out here and is included there, in every time zone.
        """
        pages = searched(client, self.path, self.records_key, self._between(after, until), None, per_page)
        return identified(pages, self.call, (after, None))

    def pages_down(self, client: Client, after: int, until: int, per_page: int = PER_PAGE) -> Iterator[Page]:
        """Yield pages of the search endpoint with the same records as `pages_until`, the newest first."""
        query = self._between(after, until)
        pages = searched(
            client,
            self.path,
            self.records_key,
            query,
            None,
            per_page,
            order="descending",
            bad_answers=QUICK_ATTEMPTS,
        )
        return identified(pages, self.call, (after, until))

    def _between(self, after: int, until: int) -> Record:
        before = {"field": "updated_at", "operator": "<", "value": until}
        return {"operator": "AND", "value": [self.query(after), before]}

    def covered(self, until: int) -> int:
        """Return the moment before which the search's `pages_until` has brought everything, in every time zone."""
        return until - self.granularity_seconds

    def uncovered(self, position: int) -> int:
        """Return the end of the search's `pages_until` that has brought everything before this moment (`covered`)."""
        return position + self.granularity_seconds

    def horizon_seconds(self, overlap_seconds: int) -> int:
        """Return how far before the watermark a pass over the search can bring records again."""
        return overlap_seconds + 2 * self.granularity_seconds
