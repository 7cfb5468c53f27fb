"""The next page of a list, as an answer names it, or None after the last one.

The API reference types almost every `pages.next` as an object, while many lists really answer a URL: every form is
accepted everywhere. Recorded examples of articles, collections and news have no `next` at all: there `page` and
`total_pages` say whether there is more.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..call import Call
from .list_answer import total_count_in, whole_number

NO_WAY = frozenset({"type", "per_page"})  # keys of an object `next` that do not lead to a page


def cursor_of_next_page(data: Mapping[str, Any], call: Call) -> str | None:
    """Return the next page cursor of a search, or None after its last page."""
    pages: Any = data.get("pages")
    params = next_params(pages, call)
    if params and not params.get("starting_after"):
        raise call.contradiction(f"no page cursor of a search in {pages['next']!r}")
    if not params and total_count_in(data) is None:
        _check_is_last(pages, call)
    return params.get("starting_after")


def params_of_next_page(
    data: Mapping[str, Any], call: Call, asked: Mapping[str, Any], count_listed: int, *, is_empty: bool
) -> dict[str, Any]:
    """Return the query parameters of the next page of a GET list; empty after the last one.

    A list by page number may name no next page: it goes on as long as its numbers say so, and Intercom does not count
    as many records as were listed. A list by page cursor always does; its records are compared with Intercom's count
    instead.
    """
    pages, total_count = data.get("pages"), total_count_in(data)
    if is_empty and _is_past_the_end(pages):
        return {}
    if (params := next_params(pages, call)) or (total_count is not None and count_listed >= total_count):
        return params
    if asked.get("starting_after") is None:
        following = _following_number(pages)
        return {} if following is None else {"page": following}
    if total_count is None:
        _check_is_last(pages, call)
    return {}


def next_params(pages: Any, call: Call) -> dict[str, Any]:
    """Return the query parameters that `next` gives for the next page; empty if it names none.

    Of a URL only the query is used: its host may be another region's, and the token is for the configured one.
    """
    if pages and not isinstance(pages, dict):
        raise call.contradiction("`pages` is no object: nobody knows whether there are more")
    following = pages.get("next") if pages else None
    params: dict[str, Any] = {}
    if isinstance(following, str):
        params = dict(parse_qsl(urlsplit(following).query))
    elif isinstance(following, dict):
        name = "starting_after" if following.get("starting_after") else "page"
        is_named = following.get(name) and type(following[name]) in {str, int}
        params = {name: following[name]} if is_named else {}
        following = {name: value for name, value in following.items() if name not in NO_WAY and value not in (None, "")}
    if following and not params:
        raise call.contradiction(f"no way to the next page in {following!r}")
    return params


def _check_is_last(pages: Any, call: Call) -> None:
    if (following := _following_number(pages)) is not None:
        raise call.contradiction(f"nothing leads to page {following} of {pages['total_pages']}")


def _is_past_the_end(pages: Any) -> bool:
    """Return True if there is no next page: this one's number is the last page's or beyond it."""
    numbers = _numbers(pages)
    return numbers is not None and numbers[0] >= numbers[1]


def _following_number(pages: Any) -> int | None:
    """Return the number of the next page, or None if there is none or it is unknown."""
    numbers = _numbers(pages)
    return None if numbers is None or numbers[0] >= numbers[1] else numbers[0] + 1


def _numbers(pages: Any) -> tuple[int, int] | None:
    """Return `page` and `total_pages`, by which there is a next page or none; None if not both are numbers."""
    if not isinstance(pages, dict):
        return None
    page, total_pages = whole_number(pages.get("page")), whole_number(pages.get("total_pages"))
    return None if page is None or total_pages is None else (page, total_pages)
