"""Detects listings whose pages lead back to themselves: a repeated cursor or page, or more pages than possible."""

from typing import Any

from ..call import Call
from .completeness import identity_of

MOST_BEYOND_TOTAL = 1_000
MOST_PAGES_WITHOUT_NEWS = 100


class RepetitionGuard:
    """Stops a listing whose pages lead back to themselves."""

    def __init__(self, call: Call, max_pages: int) -> None:
        self._call = call
        self._max_pages = max_pages
        self._count_pages = self._count_records = 0
        self._cursors: set[str] = set()
        self._versions: list[tuple[Any, Any]] = []
        self._found: set[Any] = set()
        self._pages_without_news = 0

    def check(self, records: list[dict[str, Any]], following: str | None, total_count: int | None) -> None:
        """Raise IncompleteListing if a page with these records and this next page cursor contradicts those before.

        The last page, without a next one, may repeat what it likes: it ends the listing.
        """
        if following is None:
            return
        if not records:
            self._stop("an empty page that names a next one")
        if following in self._cursors:
            self._stop(f"page cursor {following!r} for the second time")
        self._cursors.add(following)
        self._check_progress(records)
        self._check_number(len(records), total_count)
        versions = [(identity_of(record), _version(record)) for record in records]
        if versions == self._versions:
            self._stop(f"the same page twice, starting with record {versions[0][0]!r}")
        self._versions = versions

    def _check_progress(self, records: list[dict[str, Any]]) -> None:
        count_before = len(self._found)
        self._found.update(map(identity_of, records))
        self._pages_without_news = 0 if len(self._found) > count_before else self._pages_without_news + 1
        if self._pages_without_news > MOST_PAGES_WITHOUT_NEWS:
            self._stop(f"{self._pages_without_news} pages with new page cursors and no new record")

    def _check_number(self, count_records: int, total_count: int | None) -> None:
        self._count_pages += 1
        self._count_records += count_records
        if self._count_pages >= self._max_pages:
            self._stop(f"more than max_pages = {self._max_pages} pages (a setting under [sources.intercom])")
        if isinstance(total_count, int) and self._count_records > 2 * total_count + MOST_BEYOND_TOTAL:
            self._stop(f"{self._count_records:,} records were listed of {total_count:,}, and there is a next page")

    def _stop(self, evidence: str) -> None:
        raise self._call.contradiction(evidence)


def _version(record: Any) -> Any:
    return record.get("updated_at") if isinstance(record, dict) else None
