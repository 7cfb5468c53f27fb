"""Paging: one generator per family of lists; each yields pages in order and stops on contradictions.

| family | request | next page |
|---|---|---|
| `listed` | query `page`/`per_page` or `starting_after` | `pages.next`: URL string, object, null or absent |
| `searched` | body `pagination.starting_after`, with query and sort repeated | `pages.next.starting_after` |
| `scrolled` (`scroll.py`) | query `scroll_param` | until a page is empty |

Sources of the rules: API reference, "Pagination" and "Scroll over all companies". The description types almost every
`pages.next` as an object, while many lists really answer a URL: every form is accepted everywhere. Recorded examples of
articles, collections and news have no `next` at all: there `page` and `total_pages` say whether there is more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..errors import BadAnswer, Failure, IncompleteListing, IntercomError, PageCursorRefused
from ..http.client import Client
from ..http.retries import QUICK_ATTEMPTS
from .completeness import ListingCount
from .overstated_totals import Excess
from .repeated_pages import RepetitionGuard

MOST_DIGITS = 19  # what is longer counts nothing
NO_WAY = frozenset({"type", "per_page"})  # of an object `next`: what leads nowhere


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
    client: Client,
    path: str,
    records_key: str = "data",
    *,
    attempts: int | None = None,
    is_of_one_record: bool = False,
    **params: Any,
) -> Iterator[Page]:
    """Yield the pages of a GET list of either family; a list without `pages` is one page.

    Where they bring fewer records than Intercom counts, the whole list follows once more; callers go by ids. Raises
    IncompleteListing at the end of the second time. `is_of_one_record`: there are as many such lists as records, so
    that nothing is remembered of them.
    """
    count, excess = ListingCount("GET", path), Excess() if is_of_one_record else client.excess
    listing = f"{path}?{urlencode({name: value for name, value in params.items() if isinstance(value, str)})}"
    for _ in range(2):
        count.restart()
        for page in paged(client, path, records_key, attempts=attempts, **params):
            count.add(page.records, page.total_count)
            yield page
        if not count.is_short(excess.of(listing)):
            break
    count.conclude(excess, listing)


def paged(
    client: Client, path: str, records_key: str = "data", *, attempts: int | None = None, **params: Any
) -> Iterator[Page]:
    """Yield the pages of a GET list from where `params` begin, without proof that they are all."""
    guard = RepetitionGuard("GET", path, client.bounds.max_pages)
    following: dict[str, Any] = {}
    page_cursor: str | None = None
    count_listed = 0
    while True:
        asked = {**params, **following}
        answer = client.get(path, attempts=attempts, **asked)
        records = records_in(answer.data, records_key, "GET", path)
        count_listed += len(records)
        advance = _advance(answer.data, path, asked, count_listed, is_empty=not records)
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
            next_page_cursor=_next_page_cursor(answer.data, path),
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
    """Return how many records Intercom counts, None where it does not say."""
    return _whole_number(data.get("total_count"))


def _whole_number(number: object) -> int | None:
    """Return a number that counts something, however JSON writes it: as a text, or with a fraction of nothing."""
    if type(number) is int:
        return number if number >= 0 else None
    if isinstance(number, str):
        return int(number) if number.isdecimal() and len(number) < MOST_DIGITS else None
    if not isinstance(number, float):
        return None
    return int(number) if number >= 0 and number == int(number) else None


def _next_page_cursor(data: Mapping[str, Any], path: str) -> str | None:
    """Return the page cursor of a search, None behind its last page."""
    pages: Any = data.get("pages")
    params = next_params(pages, "POST", path)
    if params and not params.get("starting_after"):
        raise _no_way_on("POST", path, f"no page cursor of a search in {pages['next']!r}")
    if not params and total_count_in(data) is None:
        _check_is_last(pages, "POST", path)
    return params.get("starting_after")


def _advance(
    data: Mapping[str, Any], path: str, asked: Mapping[str, Any], count_listed: int, *, is_empty: bool
) -> dict[str, Any]:
    """Return the query parameters that lead to the page behind this one of a GET list; empty on the last one.

    A list by page number may name no next page: it goes on as long as its numbers say so, and Intercom does not count
    as many records as were listed. One by page cursor cannot; there it is the count of records that is held against it.
    """
    pages, total_count = data.get("pages"), total_count_in(data)
    if is_empty and _is_past_the_end(pages):
        return {}
    if (params := next_params(pages, "GET", path)) or (total_count is not None and count_listed >= total_count):
        return params
    if asked.get("starting_after") is None:
        following = _following_number(pages)
        return {} if following is None else {"page": following}
    if total_count is None:
        _check_is_last(pages, "GET", path)
    return {}


def next_params(pages: Any, method: str, path: str) -> dict[str, Any]:
    """Return the query parameters that `next` gives for the next page; empty where it names none.

    Of a URL only the query is used: its host may be another region's, and the token is for the configured one.
    """
    if pages and not isinstance(pages, dict):
        raise _no_way_on(method, path, "`pages` is no object: nobody knows whether there are more")
    following = pages.get("next") if pages else None
    params: dict[str, Any] = {}
    if isinstance(following, str):
        params = dict(parse_qsl(urlsplit(following).query))
    elif isinstance(following, dict):
        place = "starting_after" if following.get("starting_after") else "page"
        is_named = following.get(place) and type(following[place]) in {str, int}
        params = {place: following[place]} if is_named else {}
        following = {name: value for name, value in following.items() if name not in NO_WAY and value not in (None, "")}
    if following and not params:
        raise _no_way_on(method, path, f"no way to the next page in {following!r}")
    return params


def _check_is_last(pages: Any, method: str, path: str) -> None:
    if (following := _following_number(pages)) is not None:
        raise _no_way_on(method, path, f"nothing leads to page {following} of {pages['total_pages']}")


def _no_way_on(method: str, path: str, message: str) -> IncompleteListing:
    return IncompleteListing(Failure(method, path, message=message))


def _is_past_the_end(pages: Any) -> bool:
    """Tell whether a page has a number from which on there are none."""
    numbers = _numbers(pages)
    return numbers is not None and numbers[0] >= numbers[1]


def _following_number(pages: Any) -> int | None:
    """Return the number of the page behind this one, None where there is none, or none is known."""
    numbers = _numbers(pages)
    return None if numbers is None or numbers[0] >= numbers[1] else numbers[0] + 1


def _numbers(pages: Any) -> tuple[int, int] | None:
    """Return `page` and `total_pages`, None where they are not both numbers."""
    if not isinstance(pages, dict):
        return None
    page, total_pages = _whole_number(pages.get("page")), _whole_number(pages.get("total_pages"))
    return None if page is None or total_pages is None else (page, total_pages)
