"""The sizes of resources by the way in which they are read: searches, lists, and what is asked for every contact.

Records of the overlap come again, and count; of an interrupted pass the rest counts. What is read by windows or in
parts costs a few calls more.
"""

from collections.abc import Callable
from math import ceil

from ..api.http.client import Client
from ..api.lists.list_answer import total_count_in
from ..api.lists.page import PER_PAGE
from ..api.lists.search_endpoint import Search
from ..api.record import Record
from ..reading.resource_size import Size, SizeQuestion
from .dlt_state import KnownListState, PerContactState, SearchState, looked_at
from .known_list import is_stale, wished_for
from .search.progress import Progress

SAMPLE = 20  # records of a search whose further calls are counted, for all that it will find

SizeOf = Callable[[SizeQuestion], Size]


def of_search(search: Search, calls: Callable[[Record], int]) -> SizeOf:
    """The sizing of a search: by what it will find; a found record costs `calls` more."""

    def size(question: SizeQuestion) -> Size:
        begun = _begun(question)
        page = next(search.pages(question.client, begun.in_pass.after, None, SAMPLE))
        count = len(page.records) if page.total_count is None else page.total_count
        if begun.in_pass.page_cursor is not None:
            count = max(count - begun.in_pass.count_listed, 0)
        further = sum(map(calls, page.records)) / len(page.records) if page.records else 0.0
        return Size(count, max(ceil(count / PER_PAGE), 1) + ceil(further * count))

    return size


def _begun(question: SizeQuestion) -> Progress:
    """Return the progress of a search for its sizing, as when the planned run's first chunk has begun."""
    wishes, overlap_seconds = question.wishes, question.overlap_seconds
    kept = Progress() if wishes.from_scratch else Progress.of(looked_at(question.state, SearchState))
    progress = kept.starting(wishes.start_at, overlap_seconds)
    if wishes.since is not None:
        progress = progress.rereading(wishes.since, wishes.start_at, overlap_seconds)
    return progress.begun(wishes.start_at, overlap_seconds)


def of_whole_list(count_of: Callable[[Client], int | None], per_page: int) -> SizeOf:
    """The sizing of a list that is read whole; `count_of` asks for its number, as every run does."""

    def size(question: SizeQuestion) -> Size:
        count = count_of(question.client)
        return Size(count, 1 + ceil((count or 0) / per_page) + 1)

    return size


def of_known_list(path: str, *, has_silent_figures: bool = False) -> SizeOf:
    """The sizing of a list of which each record that is not loaded yet, or is wanted again, costs a call."""

    def size(question: SizeQuestion) -> Size:
        count = _count(question.client, path)
        state = looked_at(question.state, KnownListState)
        known = state.get("known", {})
        if has_silent_figures and is_stale(state, question.identity.now()):
            known = {}
        loaded = {identity for identity, at in known.items() if at is not None}
        new = max(count - len(loaded.difference(wished_for(known, question.wishes))), 0)
        return Size(new, ceil(count / PER_PAGE) + 1 + new)

    return size


def of_every_contact(question: SizeQuestion) -> Size:
    """The sizing of what costs a call for each contact, of those that the pass has not listed yet."""
    count = max(_count(question.client, "/contacts") - _count_passed(question), 0)
    return Size(None, ceil(count / PER_PAGE) + count)


def _count_passed(question: SizeQuestion) -> int:
    wishes, going_on = question.wishes, looked_at(question.state, PerContactState).get("pass", {})
    is_begun_anew = wishes.from_scratch or wishes.since is not None
    return 0 if is_begun_anew or "page_cursor" not in going_on else going_on.get("count_listed", 0)


def _count(client: Client, path: str) -> int:
    return total_count_in(client.get(path, per_page=1).data) or 0
