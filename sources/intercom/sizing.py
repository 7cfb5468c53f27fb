"""How many records a run will read, and at what cost: found out before reading, with at most a call per resource."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from .api.http.client import Client
from .api.identity import Identity
from .api.lists.list_answer import total_count_in
from .api.lists.search_endpoint import PER_PAGE, Search
from .api.record import Record
from .export.settings import ExportSettings
from .incremental.dlt_state import ExportState, KnownListState, SearchState, looked_at
from .incremental.export_calendar import Calendar
from .incremental.search.progress import Progress
from .reading.resource import Continuation, Resource
from .resources import contacts, content_export, conversations, tickets
from .sweep.listing import SCROLL_PER_PAGE, count_of_companies

CALLS_OF_AN_EXPORT_JOB = 6  # created, looked at a few times, downloaded
SAMPLE = 20  # records of a search whose further calls are counted, for all that it will find
SEARCHES: dict[str, tuple[Search, Callable[[Record], int]]] = {  # and the calls for a record
    "contacts": (contacts.SEARCH, lambda contact: len(contacts.lists_with_calls_of_their_own(contact))),
    "conversations": (conversations.SEARCH, lambda conversation: 1),
    "tickets": (tickets.SEARCH, lambda ticket: not tickets.shows_parts(ticket)),
}
# How many records a list and a page of it have, and how many calls each new record takes.
LISTS: dict[str, tuple[Callable[[Client], int | None], int, int]] = {
    "companies": (count_of_companies, SCROLL_PER_PAGE, 0),
    "articles": (lambda client: total_count_in(client.get("/articles", per_page=1).data), PER_PAGE, 1),
}


@dataclass(frozen=True)
class Size:
    """The size of one resource: `records` (None: Intercom does not say before it is read) for so many `calls`."""

    records: int | None
    calls: int


def size_of(
    resource: Resource,
    client: Client,
    identity: Identity,
    states: Mapping[str, Mapping[str, Any]],
    start_at: int,
    overlap_seconds: int,
    export: ExportSettings,
) -> Size:
    """Return how much a run will read that begins with the destination's state.

    Records of the overlap come again, and count. What is read by windows or in parts costs a few calls more.
    """
    state = states.get(resource.name, {})
    if resource.name in SEARCHES:
        search, calls = SEARCHES[resource.name]
        return _searched(search, calls, client, Progress.of(looked_at(state, SearchState)), start_at, overlap_seconds)
    if resource.name in LISTS:
        count_of, per_page, calls_each = LISTS[resource.name]
        count = count_of(client)
        new = max((count or 0) - len(looked_at(state, KnownListState).get("known", {})), 0) if calls_each else count
        return Size(new, ceil((count or 0) / per_page) + 1 + calls_each * (new or 0))
    if resource.name == content_export.NAME:
        calendar = Calendar.of(export, identity, start_at)
        count_jobs = calendar.count_jobs(calendar.first_on(looked_at(state, ExportState)))
        return Size(None, count_jobs * CALLS_OF_AN_EXPORT_JOB)
    if resource.continuation is Continuation.EVERY_CONTACT:
        count = total_count_in(client.get("/contacts", per_page=1).data) or 0
        return Size(None, ceil(count / PER_PAGE) + count)
    return Size(None, len(resource.operations))


def _searched(
    search: Search,
    calls: Callable[[Record], int],
    client: Client,
    progress: Progress,
    start_at: int,
    overlap_seconds: int,
) -> Size:
    begun = progress.starting(start_at, overlap_seconds).begun(start_at, overlap_seconds)
    page = next(search.pages(client, begun.in_pass.after, None, SAMPLE))
    count = len(page.records) if page.total_count is None else page.total_count
    further = sum(map(calls, page.records)) / len(page.records) if page.records else 0.0
    return Size(count, max(ceil(count / PER_PAGE), 1) + ceil(further * count))
