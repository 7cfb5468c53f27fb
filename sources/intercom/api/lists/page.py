"""A page of a list: the records of one response, without those that cannot be identified."""

from dataclasses import dataclass
from typing import Any

PER_PAGE = 150  # the most that Intercom gives of any list

Span = tuple[int, int]  # first and last moment, in unix seconds


@dataclass(frozen=True)
class Stray:
    """A stray of a page: a listed record without a usable id, where it was listed, and what is wrong with it.

    `span`: the moments (unix seconds) between which it was last changed, if the listing covers a span of time.
    """

    where: str
    reason: str
    span: Span | None = None


@dataclass(frozen=True)
class Page:
    """A page: the records of one response, the cursor that leads to it, and the next one's (None: this is the last).

    `strays`: what was taken out of the records (see `identified`). `goes_on_after`: for a whole range of a search,
    which has no page cursor: the moment at which the search goes on. `count_in_range`: how many records such a range
    has, listed or not. `is_unsorted`: this page, or one before it, is not in the order that a search was asked for.
    """

    records: list[dict[str, Any]]
    page_cursor: str | None
    next_page_cursor: str | None
    total_count: int | None
    server_at: float | None
    strays: tuple[Stray, ...] = ()
    goes_on_after: int | None = None
    count_in_range: int | None = None
    is_unsorted: bool = False
