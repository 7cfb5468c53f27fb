"""A search that fails at one record, however small the page: it goes on after that record, which is named.

No page cursor leads past a page that never came. So the search starts again at the earliest later moment at which it
answers; the gap is read backwards from there, down to the record that cannot be listed.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ...api.errors import BadAnswer
from ...api.http.client import Client
from ...api.http.retries import QUICK_ATTEMPTS
from ...api.identity import believable
from ...api.lists.list_answer import records_in
from ...api.lists.page import Page, Span, Stray
from ...api.lists.search_endpoint import Search
from ...api.record import Record, is_older, record_id, updated_at
from .order import Order

MOST_GAPS = 20  # failing records of one search; more are an outage
MOST_RECORDS = 20_000  # of one gap or span: they are held in memory, a gap because it is read backwards


def pages_around_gaps(
    search: Search, client: Client, after: int, page_cursor: str | None, per_page: int, now: float, order: Order
) -> Iterator[Page]:
    """Yield a search's pages around failing records: an always failing page gives way to what can be listed.

    `now`: Intercom's clock. What cannot be listed is among the strays. Raises BadAnswer if more than single records
    fail, if a remembered `page_cursor` fails at once, which looks like an expired one, and if the search is found to
    be unsorted: no moment leads behind a record then.
    """
    newest_at: int | None = None
    for _ in range(MOST_GAPS):
        is_begun = page_cursor is None
        try:
            for page in search.pages(client, after, page_cursor, per_page, reached=order.newest_at):
                is_begun = True
                moments = believable(map(updated_at, page.records), page.server_at or now)
                newest_at = max([newest_at or 0, *moments]) or None
                order.add(page)
                yield replace(page, is_unsorted=order.is_unsorted)
        except BadAnswer as error:
            is_passable = is_begun and not order.is_unsorted
            gap = _Gap.behind(search, client, after, newest_at, now) if is_passable else None
            if gap is None:
                raise
            page = gap.page(error)
            yield page
            after, page_cursor = gap.goes_on_after, None
        else:
            return
    yield from search.pages(client, after, page_cursor, per_page, reached=order.newest_at)


@dataclass(frozen=True)
class SpanRecords:
    """The records of a span of time by id, and its strays; `is_whole`: whether it could be listed to its end."""

    records: dict[str, Record]
    strays: list[Stray]
    is_whole: bool


def records_of_span(search: Search, client: Client, span: Span, most: int = MOST_RECORDS) -> SpanRecords:
    """List a span (first and last moment) once more, and the next change after it; about `most` records.

    By now what had no id may have one, or the search may show what it could not. Where the search is unsorted, a later
    record does not say that the span is over, and all that is later is listed with it.
    """
    since, until = span
    order = Order(overlap_seconds=0)
    found: dict[str, Record] = {}
    strays: list[Stray] = []
    try:
        for page in search.pages(client, since, None, bad_answers=1):
            strays += page.strays
            order.add(page)
            behind = next((updated_at(record) for record in page.records if updated_at(record) > until), None)
            last = until if behind is None else behind
            of_span = [record for record in page.records if not is_older(record, since) and updated_at(record) <= last]
            found |= {record_id(record, search.path): record for record in of_span}
            if behind is not None and not order.is_unsorted:
                break
            if len(found) >= most and page.next_page_cursor is not None:
                return SpanRecords(found, strays, is_whole=False)
    except BadAnswer:
        return SpanRecords(found, strays, is_whole=False)
    return SpanRecords(found, strays, is_whole=True)


@dataclass(frozen=True)
class _Gap:
    """A gap at failing records: those changed at or after `since` that a search cannot show page by page.

    It answers again with records later than `value`, as Intercom compares the two.
    """

    search: Search
    client: Client
    since: int
    value: int
    is_behind_a_record: bool

    @classmethod
    def behind(cls, search: Search, client: Client, after: int, newest_at: int | None, now: float) -> "_Gap | None":
        """Return the gap after the newest record that was listed, or None if no later moment answers."""
        first = search.query(after)["value"] if newest_at is None else newest_at

        def is_beyond(value: int) -> bool:
            at = _first_moment(search, client, value)
            return at is not None and at > first

        last = int(now) + 2 * search.granularity_seconds + 1
        if last <= first or not is_beyond(last):
            return None
        return cls(search, client, first, _earliest(is_beyond, first, last), newest_at is not None)

    @property
    def goes_on_after(self) -> int:
        return self.value + 1 + self.search.granularity_seconds

    def page(self, error: BadAnswer) -> Page:
        """Return the gap's records that can be listed, with the failing ones as strays."""
        until = self.value + max(self.search.granularity_seconds, 1)
        records: list[Record] = []
        strays: list[Stray] = []
        server_at = None
        try:
            for page in self.search.pages_down(self.client, self.since, until):
                records += reversed(page.records)
                strays += page.strays
                server_at = page.server_at
                if len(records) > MOST_RECORDS:
                    raise error
        except BadAnswer as again:
            if again is error:
                raise
            where = f"{self.search.call}, at {self.value}"
            strays.append(Stray(where, error.failure.without_words(), (self.since, until)))
        else:
            # It can be shown by now, or Intercom does not compare times as it is taken to, and shows nothing at all.
            # Of the first gap nothing is known to have changed in its first second.
            if not any(updated_at(record) == self.since or not self.is_behind_a_record for record in records):
                raise error
        records.sort(key=updated_at)
        return Page(records, None, None, None, server_at, tuple(strays), goes_on_after=self.goes_on_after)


def _first_moment(search: Search, client: Client, value: int) -> float | None:
    """Return when the first record later than `value` changed; infinity if there is none, None if the search fails."""
    body = {
        "query": {"field": "updated_at", "operator": ">", "value": value},
        "sort": {"field": "updated_at", "order": "ascending"},
        "pagination": {"per_page": 1},
    }
    try:
        answer = client.post(search.path, body, bad_answers=QUICK_ATTEMPTS)
    except BadAnswer:
        return None
    records = records_in(answer.data, search.records_key, search.call)
    return updated_at(records[0]) if records and isinstance(records[0], dict) else math.inf


def _earliest(is_beyond: Callable[[int], bool], first: int, last: int) -> int:
    """Return the earliest moment from `first` on that is beyond the failing records, as `last` is known to be."""
    if is_beyond(first):
        return first
    low, high, step = first, last, 1
    while low + step < last:  # most gaps are short
        if is_beyond(low + step):
            high = low + step
            break
        low, step = low + step, step * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return high
