"""Paging: one generator per family of lists; each yields pages in order and stops on contradictions.

| family | request | next page |
|---|---|---|
| `listed` | query `page`/`per_page` or `starting_after` | `pages.next`: URL string, object, null or absent |
| `searched` | body `pagination.starting_after`, with query and sort repeated | `pages.next.starting_after` |
| `scrolled` (`scroll.py`) | query `scroll_param` | until a page is empty |

Sources of the rules: API reference, "Pagination" and "Scroll over all companies".
"""

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any
from urllib.parse import urlencode

from ..call import Call
from ..completeness.listing_count import ListingCount
from ..completeness.overstated_totals import Excess
from ..completeness.repeated_pages import RepetitionGuard
from ..completeness.shortfall import conclude
from ..errors import BadAnswer, IntercomError, PageCursorRefused
from ..http.client import Client, Tally
from ..http.retries import QUICK_ATTEMPTS
from .list_answer import records_in, total_count_in, without_wrong_total
from .next_page import cursor_of_next_page, params_of_next_page
from .page import Page


def listed(
    client: Client,
    path: str,
    records_key: str = "data",
    *,
    bad_answers: int | None = None,
    kept_in: MutableMapping[str, Any] | None = None,
    **params: Any,
) -> Iterator[Page]:
    """Yield the pages of a GET list of either family of pagination; a list without `pages` is one page.

    If they bring fewer records than Intercom counts, or some of them twice, all pages follow once more; callers go by
    ids. Raises IncompleteListing if the second time is short, too. `kept_in`: the state that remembers by how much
    Intercom counts too many. Without it, as for the lists that every single record has, that is neither remembered nor
    counted.
    """
    brought, call = ListingCount(), Call("GET", path)
    listing = f"{path}?{urlencode({name: value for name, value in params.items() if isinstance(value, str)})}"
    excess = Excess({} if kept_in is None else kept_in, listing)
    for _ in range(2):
        brought.restart()
        for page in paged(client, path, records_key, bad_answers=bad_answers, **params):
            brought.add(page.records, page.total_count)
            yield page
        if not brought.count.is_worth_another_reading(excess.count):
            break
    conclude(brought.count, call, excess, Tally() if kept_in is None else client.tally)


def paged(
    client: Client, path: str, records_key: str = "data", *, bad_answers: int | None = None, **params: Any
) -> Iterator[Page]:
    """Yield the pages of a GET list from `params` on, without proof of completeness."""
    call = Call("GET", path)
    guard = RepetitionGuard(call, client.bounds.max_pages)
    following: dict[str, Any] = {}
    page_cursor: str | None = params.get("starting_after")
    count_listed = 0
    while True:
        asked = {**params, **following}
        answer = client.get(path, bad_answers=bad_answers, **asked)
        records = records_in(answer.data, records_key, call)
        data = without_wrong_total(answer.data, records)
        count_listed += len(records)
        advance = params_of_next_page(data, call, asked, count_listed, is_empty=not records)
        next_page_cursor = str(advance.get("starting_after") or advance.get("page") or advance) if advance else None
        page = Page(
            records=records,
            page_cursor=page_cursor,
            next_page_cursor=next_page_cursor,
            total_count=total_count_in(data),
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
    bad_answers: int | None = None,
) -> Iterator[Page]:
    """Yield the pages of a search from `page_cursor` on (None: from the start), ordered by `updated_at`.

    Sort and query go with every cursor: without the sort the order is not by time, and a cursor without it fails. On
    busy days heavy pages are answered by 502/504; the page size is halved then, and the page requested again at the
    same cursor.
    """
    call = Call("POST", path)
    guard = RepetitionGuard(call, client.bounds.max_pages)
    largest_per_page = per_page
    while True:
        # A first page has no `starting_after`: an empty one is refused.
        start = {"starting_after": page_cursor} if page_cursor else {}
        body = {
            "query": query,
            "sort": {"field": "updated_at", "order": order},
            "pagination": {"per_page": per_page, **start},
        }
        try:
            answer = client.post(path, body, bad_answers=bad_answers or (QUICK_ATTEMPTS if per_page > 1 else None))
        except BadAnswer:
            if per_page == 1:
                raise
            per_page //= 2
            continue
        per_page = min(per_page * 2, largest_per_page)
        records = records_in(answer.data, records_key, call)
        data = without_wrong_total(answer.data, records)
        page = Page(
            records=records,
            page_cursor=page_cursor,
            next_page_cursor=cursor_of_next_page(data, call),
            total_count=total_count_in(data),
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
    """Resume pagination: yield `pages` from a remembered page cursor, or `restarted()` if Intercom refuses it.

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
