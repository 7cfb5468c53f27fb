"""Paging: one generator per family of lists; each yields pages in order and stops on contradictions.

| family | request | next page |
|---|---|---|
| `listed` | query `page`/`per_page` or `starting_after` | `pages.next`: URL string, object, null or absent |
| `searched` | body `pagination.starting_after`, with query and sort repeated | `pages.next.starting_after` |
| `scrolled` | query `scroll_param` | until a page is empty |

Sources of the rules: API reference, "Pagination" and "Scroll over all companies". The description types almost every
`pages.next` as an object, while many lists really answer a URL: every form is accepted everywhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import stamina

from .client import QUICK_ATTEMPTS, Answer, Client
from .completeness import Proof, identity_of
from .errors import (
    BadAnswer,
    Failure,
    IncompleteListing,
    IntercomError,
    NotFound,
    PageCursorRefused,
    ScrollOccupied,
    Unreachable,
)

SCROLL_LIFETIME_SECONDS = 60
SCROLL_ATTEMPTS = 5
MOST_BEYOND_TOTAL = 1_000
MOST_PAGES_WITHOUT_NEWS = 100


@dataclass(frozen=True)
class Page:
    """Records of one response, the cursor that leads to it, and the one that follows (None: this is the last).

    `count_strays`: records that were taken out (see `strays`). `goes_on_after`: set for what has no page cursor behind
    it, a whole range of a search: where the search goes on.
    """

    records: list[dict[str, Any]]
    page_cursor: str | None
    next_page_cursor: str | None
    total_count: int | None
    server_at: float | None
    count_strays: int = 0
    goes_on_after: int | None = None


def listed(
    client: Client, path: str, records_key: str = "data", *, attempts: int | None = None, **params: Any
) -> Iterator[Page]:
    """Yield the pages of a GET list of either family; a list without `pages` is one page.

    Where they bring fewer records than Intercom counts, the whole list follows once more; callers go by ids. Raises
    IncompleteListing at the end of the second time.
    """
    proof = Proof("GET", path)
    listing = f"{path}?{urlencode({name: value for name, value in params.items() if isinstance(value, str)})}"
    for _ in range(2):
        proof.again()
        for page in paged(client, path, records_key, attempts=attempts, **params):
            proof.add(page.records, page.total_count)
            yield page
        if not proof.is_short(client.excess.of(listing)):
            break
    proof.conclude(client.excess, listing)


def paged(
    client: Client, path: str, records_key: str = "data", *, attempts: int | None = None, **params: Any
) -> Iterator[Page]:
    """Yield the pages of a GET list from where `params` begin, without proof that they are all."""
    guard = _RepetitionGuard("GET", path, client.bounds.max_pages)
    following: dict[str, Any] = {}
    page_cursor: str | None = None
    while True:
        answer = client.get(path, attempts=attempts, **{**params, **following})
        pages = answer.data.get("pages")
        records = records_in(answer.data, records_key, "GET", path)
        advance = {} if not records and _is_past_the_end(pages) else next_params(pages, path)
        next_page_cursor = str(advance.get("starting_after") or advance.get("page") or advance) if advance else None
        page = Page(
            records=records,
            page_cursor=page_cursor,
            next_page_cursor=next_page_cursor,
            total_count=answer.data.get("total_count"),
            server_at=answer.server_at,
        )
        guard.check(page)
        yield page
        if not advance:
            return
        following, page_cursor = advance, next_page_cursor


def searched(
    client: Client,
    path: str,
    records_key: str,
    query: dict[str, Any],
    page_cursor: str | None,
    per_page: int,
    *,
    order: str = "ascending",
    attempts: int | None = None,
) -> Iterator[Page]:
    """Yield the pages of a search from `page_cursor` on (None: from the start), by `updated_at` in this order.

    Sort and query go with every cursor: without the sort the order is not by time, and a cursor without it fails.
    Busy days answer 502/504 to heavy pages; the page is halved then, and asked for again at the same cursor.
    """
    guard = _RepetitionGuard("POST", path, client.bounds.max_pages)
    largest_per_page = per_page
    while True:
        # A first page has no `starting_after`: an empty one is refused.
        place = {"starting_after": page_cursor} if page_cursor else {}
        body = {
            "query": query,
            "sort": {"field": "updated_at", "order": order},
            "pagination": {"per_page": per_page, **place},
        }
        try:
            answer = client.post(path, body, attempts=attempts or (QUICK_ATTEMPTS if per_page > 1 else None))
        except BadAnswer:
            if per_page == 1:
                raise
            per_page //= 2
            continue
        per_page = min(per_page * 2, largest_per_page)
        page = Page(
            records=records_in(answer.data, records_key, "POST", path),
            page_cursor=page_cursor,
            next_page_cursor=next_params(answer.data.get("pages"), path).get("starting_after"),
            total_count=answer.data.get("total_count"),
            server_at=answer.server_at,
        )
        guard.check(page)
        yield page
        if page.next_page_cursor is None:
            return
        page_cursor = page.next_page_cursor


def scrolled(client: Client, path: str) -> Iterator[Page]:
    """Yield the pages of a scroll until an empty one; start over when Intercom ends it early.

    The token may be the same on every page, so it says nothing about progress. A scroll that broke cannot be resumed:
    it starts over and repeats records, which the caller merges by id.
    """
    broken_after: int | None = None
    for attempt in range(1, SCROLL_ATTEMPTS + 1):
        sizes: list[int] = []
        try:
            for page in _scrolled_once(client, path):
                sizes.append(len(page.records))
                yield page
        except (BadAnswer, NotFound, Unreachable) as error:
            # Some workspaces end a scroll with 404 instead of an empty page. It is the end if the last page was short,
            # or if it comes twice at the same place; anywhere else it is an expired scroll.
            is_missing = isinstance(error, NotFound)
            if is_missing and sizes and (sizes[-1] < max(sizes) or sum(sizes) == broken_after):
                return
            if attempt == SCROLL_ATTEMPTS:
                raise
            broken_after = sum(sizes) if is_missing else None
        else:
            return


def _scrolled_once(client: Client, path: str) -> Iterator[Page]:
    answer = _open_scroll(client, path)
    first_ids: set[Any] = set()
    page_cursor: str | None = None
    while records := records_in(answer.data, "data", "GET", path):
        first_id = identity_of(records[0])
        if first_id in first_ids:
            raise IncompleteListing(Failure("GET", path, message=f"the scroll repeats the page of record {first_id!r}"))
        first_ids.add(first_id)
        if len(first_ids) > client.bounds.max_pages:
            message = f"more than max_pages = {client.bounds.max_pages} pages (a setting under [sources.intercom])"
            raise IncompleteListing(Failure("GET", path, message=message))
        scroll_param = answer.data.get("scroll_param")
        yield Page(records, page_cursor, scroll_param, None, answer.server_at)
        page_cursor = scroll_param
        if not scroll_param:
            raise IncompleteListing(Failure("GET", path, message="a scroll page without scroll_param"))
        # Never asked twice: if only the answer was lost, the scroll has moved on, and its next page is not this one.
        answer = client.get(path, attempts=1, scroll_param=scroll_param)


def _open_scroll(client: Client, path: str) -> Answer:
    """Return the first page; wait for another reader's scroll to end, which takes a minute at most if it is dead."""
    retries = stamina.retry_context(
        on=ScrollOccupied, attempts=12, timeout=3 * SCROLL_LIFETIME_SECONDS, wait_initial=5, wait_max=15
    )
    for attempt in retries:
        with attempt:
            return client.get(path, attempts=QUICK_ATTEMPTS)
    raise AssertionError("stamina either returns or raises")  # pragma: no cover


def resumed(
    pages: Iterator[Page], restarted: Callable[[], Iterator[Page]], on_restart: Callable[[IntercomError], None]
) -> Iterator[Page]:
    """Yield `pages`, which begin at a remembered page cursor, or those of `restarted()` where Intercom refuses it.

    Expired cursors have answered 400 and 500. An outage looks the same: the cursor is given up (`on_restart`) only once
    a listing without it has answered.
    """
    try:
        first = next(pages)
    except (PageCursorRefused, BadAnswer) as error:
        pages = restarted()
        first = next(pages)
        on_restart(error)
    yield first
    yield from pages


def records_in(data: dict[str, Any], key: str, method: str, path: str) -> list[dict[str, Any]]:
    """Return the records of a list answer under `key`, or under `data` where the two are mixed up in the API."""
    for name in (key, "data"):
        value = data.get(name)
        if isinstance(value, list):
            return value
    if data.get("total_count") == 0:
        return []  # a search that found nothing may leave out its list
    message = f"no list {key!r} in the answer; keys: {', '.join(sorted(data))}"
    raise IncompleteListing(Failure(method, path, message=message))


def next_params(pages: Any, path: str) -> dict[str, Any]:
    """Return the query parameters that lead to the next page; empty on the last one.

    Of a URL only the query is used: its host may be another region's, and the token is for the configured one.
    """
    following = pages.get("next") if isinstance(pages, dict) else None
    params: dict[str, Any] = {}
    if isinstance(following, str):
        params = dict(parse_qsl(urlsplit(following).query))
    elif isinstance(following, dict):
        place = "starting_after" if following.get("starting_after") else "page"
        params = {place: following[place]} if following.get(place) else {}
        following = {name: value for name, value in following.items() if value is not None and name != "type"}
    if following and not params:
        raise IncompleteListing(Failure("GET", path, message=f"no way to the next page in {following!r}"))
    return params


def _is_past_the_end(pages: Any) -> bool:
    """Tell whether a page has a number from which on there are none."""
    page, total_pages = (pages.get("page"), pages.get("total_pages")) if isinstance(pages, dict) else (None, None)
    return isinstance(page, int) and isinstance(total_pages, int) and page >= total_pages


class _RepetitionGuard:
    """Stops a listing whose pages lead back to themselves."""

    def __init__(self, method: str, path: str, max_pages: int) -> None:
        self._method, self._path = method, path
        self._max_pages = max_pages
        self._count_pages = self._count_records = 0
        self._cursors: set[str] = set()
        self._versions: list[tuple[Any, Any]] = []
        self._found: set[Any] = set()
        self._pages_without_news = 0

    def check(self, page: Page) -> None:
        following = page.next_page_cursor
        if following is not None and not page.records:
            self._stop("an empty page that names a next one")
        if following is not None and following in self._cursors:
            self._stop(f"page cursor {following!r} for the second time")
        if following is not None:
            self._cursors.add(following)
        if following is not None:
            self._check_progress(page.records)
            self._check_number(page)
        versions = [(identity_of(record), _version(record)) for record in page.records]
        if versions and versions == self._versions and following is not None:
            self._stop(f"the same page twice, starting with record {versions[0][0]!r}")
        self._versions = versions

    def _check_progress(self, records: list[dict[str, Any]]) -> None:
        count_before = len(self._found)
        self._found.update(map(identity_of, records))
        self._pages_without_news = 0 if len(self._found) > count_before else self._pages_without_news + 1
        if self._pages_without_news > MOST_PAGES_WITHOUT_NEWS:
            self._stop(f"{self._pages_without_news} pages with new page cursors and no new record")

    def _check_number(self, page: Page) -> None:
        self._count_pages += 1
        self._count_records += len(page.records)
        if self._count_pages >= self._max_pages:
            self._stop(f"more than max_pages = {self._max_pages} pages (a setting under [sources.intercom])")
        total_count = page.total_count
        if isinstance(total_count, int) and self._count_records > 2 * total_count + MOST_BEYOND_TOTAL:
            self._stop(f"{self._count_records:,} records were listed of {total_count:,}, and there is a next page")

    def _stop(self, evidence: str) -> None:
        raise IncompleteListing(Failure(self._method, self._path, message=evidence))


def _version(record: Any) -> Any:
    return record.get("updated_at") if isinstance(record, dict) else None
