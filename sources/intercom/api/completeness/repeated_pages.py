"""Detects listings whose pages lead back to themselves: a repeated cursor or page, or more pages than possible."""

from typing import Any

from ..call import Call
from ..record import identity_of, naming
from .distinct_ids import DistinctIds

MOST_BEYOND_TOTAL = 1_000
MOST_PAGES_WITHOUT_NEWS = 100
MOST_EMPTY_PAGES = 3  # one after the other: deep pages come empty, and what follows them does not


class RepetitionGuard:
    """Stops a listing whose pages repeat: they lead back to themselves."""

    def __init__(self, call: Call, max_pages: int) -> None:
        self._call = call
        self._max_pages = max_pages
        self._count_records = 0
        self._cursors: set[str] = set()
        self._versions: list[tuple[Any, Any]] = []
        self._count_empty = 0
        self._found = DistinctIds()

    def check(self, records: list[dict[str, Any]], following: str | None, total_count: int | None) -> None:
        """Raise IncompleteListing if a page with these records and this next page cursor contradicts those before.

        The last page, without a next one, may repeat what it likes: it ends the listing.
        """
        if following is None:
            return
        if following in self._cursors:
            self._stop(
                f"page cursor {following!r} for the second time" if records else "an empty page that names a next one"
            )
        self._cursors.add(following)
        self._count_empty = 0 if records else self._count_empty + 1
        if not records:
            self._check_empty()
            return
        versions = [(identity_of(record), _version(record)) for record in records]
        if versions == self._versions:
            self._stop(f"the same page twice, starting with {naming(versions[0][0])}")
        self._versions = versions
        self._found.add([identity for identity, _ in versions])
        if self._found.added_in_vain > MOST_PAGES_WITHOUT_NEWS:
            self._stop(f"{self._found.added_in_vain} pages with new page cursors and no new record")
        self._count_records += len(records)
        if total_count is not None and self._count_records > 2 * total_count + MOST_BEYOND_TOTAL:
            self._stop(f"{self._count_records:,} records were listed of {total_count:,}, and there is a next page")
        check_page_count(self._call, len(self._cursors) + 1, self._max_pages)

    def _check_empty(self) -> None:
        if self._count_empty > MOST_EMPTY_PAGES:
            self._stop(f"{self._count_empty} empty pages one after the other, each of which names a next one")
        check_page_count(self._call, len(self._cursors) + 1, self._max_pages)

    def _stop(self, evidence: str) -> None:
        raise self._call.contradiction(evidence)


def check_page_count(call: Call, count_pages: int, max_pages: int) -> None:
    """Raise IncompleteListing if a listing has more pages than the setting allows."""
    if count_pages > max_pages:
        raise call.contradiction(f"more than max_pages = {max_pages} pages (a setting under [sources.intercom])")


def _version(record: Any) -> Any:
    return record.get("updated_at") if isinstance(record, dict) else None
