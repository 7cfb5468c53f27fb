"""Every resource, in the order of reading. One file per entity: its tables, and how its records become their rows."""

from difflib import get_close_matches

from ..reading.resource import Resource
from .activity_logs import ACTIVITY_LOGS
from .companies import COMPANIES
from .contact_lists import CONTACT_SEGMENTS, CONTACT_SUBSCRIPTIONS
from .contacts import CONTACTS
from .content_export import CONTENT_EXPORT
from .conversations import CONVERSATIONS
from .events import EVENTS
from .help_center import HELP_CENTER
from .news import NEWS
from .reference import REFERENCE
from .staff import STAFF
from .tickets import TICKETS
from .visitors import VISITORS

RESOURCES: dict[str, Resource] = {
    resource.name: resource
    for resource in (
        *STAFF,
        *REFERENCE,
        *HELP_CENTER,
        *NEWS,
        COMPANIES,
        CONTACTS,
        CONVERSATIONS,
        TICKETS,
        ACTIVITY_LOGS,
        CONTENT_EXPORT,
        CONTACT_SEGMENTS,
        CONTACT_SUBSCRIPTIONS,
        *EVENTS,
        VISITORS,
    )
}


def no_resource(name: str) -> str:
    """Return the message that there is no resource of this name, with the one that was probably meant."""
    near = get_close_matches(name, RESOURCES, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"There is no resource {name!r}.{meant} Resources: {', '.join(RESOURCES)}."
