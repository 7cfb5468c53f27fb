"""The scroll over all companies: pages by a token that lives for a minute, one scroll of a workspace at a time.

Source of the rules: API reference, "Scroll over all companies".
"""

from collections.abc import Iterator
from typing import Any

import stamina

from ..call import Call
from ..completeness.repeated_pages import check_page_count
from ..completeness.shortfall import is_clearly_less
from ..errors import BadAnswer, NotFound, ScrollOccupied, Unreachable
from ..http.client import Answer, Client
from ..http.retries import QUICK_ATTEMPTS
from ..record import content_of, identity_of, naming
from .list_answer import records_in
from .page import Page

SCROLL_LIFETIME_SECONDS = 60
SCROLL_PER_PAGE = 100
SCROLL_ATTEMPTS = 5


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
            is_missing = isinstance(error, NotFound)
            if is_missing and _is_end(sizes, broken_after):
                return
            is_away = isinstance(error, Unreachable) and not sizes  # and has been waited for
            if attempt == SCROLL_ATTEMPTS or is_away:
                if is_missing and sizes:  # it has expired; a workspace without companies has no page of them
                    raise BadAnswer(error.failure) from error
                raise
            broken_after = sum(sizes) if is_missing else None
        else:
            return


def _is_end(sizes: list[int], broken_after: int | None) -> bool:
    """Return True if a 404 behind pages of these `sizes` ends the scroll: the last one came at the same place.

    Some workspaces end a scroll so instead of with an empty page. Elsewhere it has expired, also behind a short page:
    of that, some were deleted meanwhile. Behind one, about as many records are the same place: a long scroll of a busy
    workspace never brings exactly as many as the last one.
    """
    count = sum(sizes)
    if not count or broken_after is None:
        return False
    is_near = not is_clearly_less(min(count, broken_after), max(count, broken_after))
    return count == broken_after or (is_near and sizes[-1] < max(sizes))


def _scrolled_once(client: Client, path: str) -> Iterator[Page]:
    call = Call("GET", path)
    answer = _open_scroll(client, path)
    first_ids: set[Any] = set()
    page_cursor: str | None = None
    while records := records_in(answer.data, "data", call):
        first_id = _first_identity(records)
        if first_id in first_ids:
            raise call.contradiction(f"the scroll repeats the page of {naming(first_id)}")
        first_ids.add(first_id)
        check_page_count(call, len(first_ids), client.bounds.max_pages)
        scroll_param = answer.data.get("scroll_param")
        yield Page(records, page_cursor, scroll_param, None, answer.server_at)
        page_cursor = scroll_param
        if not scroll_param:
            raise call.contradiction("a scroll page without scroll_param")
        # Never requested twice: if only the answer was lost, the scroll has moved on, and would skip this page.
        answer = client.get(path, attempts=1, scroll_param=scroll_param)


def _first_identity(records: list[Any]) -> Any:
    """Return what tells a page of the scroll from others: its first id, or all of it where no record has one."""
    ids = (identity for identity in map(identity_of, records) if isinstance(identity, str))
    return next(ids, None) or content_of(records)


def _open_scroll(client: Client, path: str) -> Answer:
    """Open the scroll and return its first page; wait for another reader's to end, a minute at most if that is dead."""
    retries = stamina.retry_context(
        on=ScrollOccupied, attempts=12, timeout=3 * SCROLL_LIFETIME_SECONDS, wait_initial=5, wait_max=15
    )
    for attempt in retries:
        with attempt:
            return client.get(path, bad_answers=QUICK_ATTEMPTS)
    raise AssertionError("stamina either returns or raises")  # pragma: no cover
