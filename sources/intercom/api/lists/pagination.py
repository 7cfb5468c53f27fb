"""Paging: one generator per family of lists; each yields pages in order and stops on contradictions.

| family | request | next page |
|---|---|---|
| `listed` | query `page`/`per_page` or `starting_after` | `pages.next`: URL string, object, null or absent |
| `searched` | body `pagination.starting_after`, with query and sort repeated | `pages.next.starting_after` |
| `scrolled` (`scroll.py`) | query `scroll_param` | until a page is empty |

Sources of the rules: API reference, "Pagination" and "Scroll over all companies". The description types almost every
`pages.next` as an object, while many lists really answer a URL: every form is accepted everywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..errors import BadAnswer, Failure, IncompleteListing, IntercomError, PageCursorRefused
from ..http.client import QUICK_ATTEMPTS, Client
from .completeness import Proof
from .repeated_pages import RepetitionGuard

MOST_DIGITS = 19  # what is longer counts nothing


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
    guard = RepetitionGuard("GET", path, client.bounds.max_pages)
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
            total_count=total_count_in(answer.data),
            server_at=answer.server_at,
        )
        guard.check(page.records, page.next_page_cursor, page.total_count)
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
    guard = RepetitionGuard("POST", path, client.bounds.max_pages)
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
            next_page_cursor=_next_page_cursor(answer.data.get("pages"), path),
            total_count=total_count_in(answer.data),
            server_at=answer.server_at,
        )
        guard.check(page.records, page.next_page_cursor, page.total_count)
        yield page
        if page.next_page_cursor is None:
            return
        page_cursor = page.next_page_cursor


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
    if total_count_in(data) == 0:
        return []  # a search that found nothing may leave out its list
    message = f"no list {key!r} in the answer; keys: {', '.join(sorted(data))}"
    raise IncompleteListing(Failure(method, path, message=message))


def total_count_in(data: Mapping[str, Any]) -> int | None:
    """Return how many records Intercom counts, None where it does not say; a number may be written as a text."""
    number = data.get("total_count")
    if type(number) is int:
        return number if number >= 0 else None
    if isinstance(number, str):
        return int(number) if number.isdecimal() and len(number) < MOST_DIGITS else None
    if not isinstance(number, float):
        return None
    return int(number) if number >= 0 and number == int(number) else None


def _next_page_cursor(pages: Any, path: str) -> str | None:
    """Return the page cursor of a search, None behind its last page."""
    params = next_params(pages, path)
    if params and not params.get("starting_after"):
        message = f"no page cursor of a search in {pages['next']!r}"
        raise IncompleteListing(Failure("POST", path, message=message))
    return params.get("starting_after")


def next_params(pages: Any, path: str) -> dict[str, Any]:
    """Return the query parameters that lead to the next page; empty on the last one.

    Of a URL only the query is used: its host may be another region's, and the token is for the configured one.
    """
    if pages and not isinstance(pages, dict):
        raise IncompleteListing(
            Failure("GET", path, message="`pages` is no object: nobody knows whether there are more")
        )
    following = pages.get("next") if pages else None
    params: dict[str, Any] = {}
    if isinstance(following, str):
        params = dict(parse_qsl(urlsplit(following).query))
    elif isinstance(following, dict):
        place = "starting_after" if following.get("starting_after") else "page"
        is_named = following.get(place) and type(following[place]) in {str, int}
        params = {place: following[place]} if is_named else {}
        following = {name: value for name, value in following.items() if value is not None and name != "type"}
    if following and not params:
        raise IncompleteListing(Failure("GET", path, message=f"no way to the next page in {following!r}"))
    return params


def _is_past_the_end(pages: Any) -> bool:
    """Tell whether a page has a number from which on there are none."""
    page, total_pages = (pages.get("page"), pages.get("total_pages")) if isinstance(pages, dict) else (None, None)
    return isinstance(page, int) and isinstance(total_pages, int) and page >= total_pages
