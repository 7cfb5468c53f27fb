"""Every resource, in the order of reading. One file per entity: its tables, and how its records become their rows."""

from sources.intercom.entity import AnyEntity
from sources.intercom.resource import Resource
from sources.intercom.resources.activity_logs import ACTIVITY_LOGS
from sources.intercom.resources.companies import COMPANIES, COMPANY
from sources.intercom.resources.contact_lists import CONTACT_SEGMENTS, CONTACT_SUBSCRIPTIONS
from sources.intercom.resources.contacts import CONTACT, CONTACTS
from sources.intercom.resources.content_export import CONTENT_EXPORT
from sources.intercom.resources.conversations import CONVERSATION, CONVERSATIONS
from sources.intercom.resources.events import EVENTS
from sources.intercom.resources.help_center import HELP_CENTER
from sources.intercom.resources.news import NEWS
from sources.intercom.resources.reference import REFERENCE
from sources.intercom.resources.tickets import TICKET, TICKETS
from sources.intercom.resources.visitors import VISITORS

RESOURCES: dict[str, Resource] = {
    resource.name: resource
    for resource in (
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

# What can be read again record by record, by the name of its table.
ENTITIES: dict[str, AnyEntity] = {entity.table.name: entity for entity in (COMPANY, CONTACT, CONVERSATION, TICKET)}
