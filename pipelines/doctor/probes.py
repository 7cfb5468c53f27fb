"""A cheap call for each resource, or for one that needs the same permission: what an access token may read."""

import time
from collections.abc import Callable, Collection
from typing import Any

from sources.intercom.api.day import DAY_SECONDS
from sources.intercom.api.errors import IntercomError, NotFound, ScrollOccupied
from sources.intercom.api.explanation import explained
from sources.intercom.api.http.client import Client

ATTEMPTS = 2
NOBODY = "intercom-elt-doctor"  # an id that nobody has: with the permission Intercom answers 404


def _search(path: str) -> Callable[[Client], object]:
    body = {"query": {"field": "updated_at", "operator": ">", "value": 0}, "pagination": {"per_page": 1}}
    return lambda client: client.post(path, body, attempts=ATTEMPTS)


def _get(path: str, **params: Any) -> Callable[[Client], object]:
    return lambda client: client.get(path, attempts=ATTEMPTS, **params)


# A cheap call each. Companies are not scrolled: that would occupy the workspace's one scroll for a minute.
PROBES: dict[str, Callable[[Client], object]] = {
    "admins": _get("/admins"),
    "teams": _get("/teams"),
    "tags": _get("/tags"),
    "segments": _get("/segments"),
    "subscription_types": _get("/subscription_types"),
    "data_attributes": _get("/data_attributes", model="contact"),
    "ticket_types": _get("/ticket_types"),
    "help_centers": _get("/help_center/help_centers"),
    "collections": _get("/help_center/collections", per_page="1"),
    "articles": _get("/articles", per_page="1"),
    "news_items": _get("/news/news_items", per_page="1"),
    "newsfeeds": _get("/news/newsfeeds", per_page="1"),
    "companies": _get("/companies", per_page="1"),
    "contacts": _search("/contacts/search"),
    "conversations": _search("/conversations/search"),
    "tickets": _search("/tickets/search"),
    "activity_logs": lambda client: client.get(
        "/admins/activity_logs", attempts=ATTEMPTS, created_at_after=int(time.time()) - DAY_SECONDS, per_page=1
    ),
    "content_export": _get(f"/export/content/data/{NOBODY}"),
    "data_events": _get("/events", type="user", intercom_user_id=NOBODY),
    "visitors": _get("/visitors", user_id=NOBODY),
}
# Resources that a call stands for beside its own.
ALSO_READ = {"contacts": ("contact_segments", "contact_subscriptions"), "data_events": ("data_event_summaries",)}
# What is asked for there is nobody's, or not what a sync reads: companies come by the scroll.
FOUND_OTHERWISE = {"content_export", "data_events", "visitors", "companies"}


def asked_for(probe: str, excluded: Collection[str]) -> str | None:
    """Return the first resource that a probe stands for and that is not excluded: what is left to leave out."""
    return next((name for name in (probe, *ALSO_READ.get(probe, ())) if name not in excluded), None)


def refusal(probe: str, client: Client, resource: str) -> str | None:
    """Return why Intercom does not let the access token read a resource that the probe stands for; None if it does."""
    try:
        PROBES[probe](client)
    except ScrollOccupied:
        return None  # the permission itself was granted: somebody else scrolls
    except IntercomError as error:
        is_granted = isinstance(error, NotFound) and probe in FOUND_OTHERWISE
        return None if is_granted else str(explained(error, resource))
    return None
