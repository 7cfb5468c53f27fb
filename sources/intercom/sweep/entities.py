"""The four entities that are swept, because incremental reading never reports their deletion."""

from ..api.record import Record
from ..resources import companies, contacts, conversations, tickets
from ..resources.contact_lists import (
    CONTACT_SEGMENTS,
    CONTACT_SUBSCRIPTIONS,
    segments_of,
    subscriptions_of,
)
from ..resources.cut_lists import CUT_LISTS, cut_lists
from ..rows.flatten import inner_list
from ..rows.linked_records import Link
from ..rows.table import Rows
from .fingerprint import Aspect, ListAspect, columns_of
from .listing import by_scroll, by_search
from .swept_entity import Beside, SweptEntity

RECORD, SUBSCRIPTIONS = "record", "subscriptions"
OF_SUBSCRIPTIONS = tuple(
    f"{field}__{name}" for field in contacts.SUBSCRIPTION_LISTS for name in ("total_count", "has_more", "data")
)
# A search and the call for one conversation may show large objects differently; these are short, and tell enough.
OF_CONVERSATIONS = (
    *("open", "state", "priority", "title", "admin_assignee_id", "team_assignee_id", "waiting_since", "snoozed_until"),
    "statistics__count_conversation_parts",
)


def _shown_contact(found: Record) -> Rows:
    shown = {field: inner_list(found, field) for field in CUT_LISTS}
    return contacts.contact_rows([(found, {"id": found["id"], **shown})])


def _is_without_users(company: Record) -> bool:
    """Return True of a company that the scroll may hide: of those without users Intercom promises nothing."""
    return company.get("user_count") == 0


def _lists_of_people_and_tags(links: tuple[Link, ...]) -> tuple[ListAspect, ...]:
    return tuple(ListAspect(link.table, (link.table.key[1],)) for link in links if link.field in {"contacts", "tags"})


SWEPT_CONTACTS = SweptEntity(
    entity=contacts.CONTACT,
    listing=by_search(contacts.SEARCH),
    shown=_shown_contact,
    cut=cut_lists,
    aspects=(
        Aspect(
            RECORD,
            columns_of(contacts.CONTACTS_TABLE, without=OF_SUBSCRIPTIONS),
            (
                ListAspect(contacts.CONTACT_TAGS.table, ("tag_id",), "tags"),
                ListAspect(contacts.CONTACT_COMPANIES.table, ("company_id",), "companies"),
                ListAspect(contacts.CONTACT_NOTES, ("id",), "notes"),
                ListAspect(contacts.CONTACT_SOCIAL_PROFILES, ("position", "name", "url")),
            ),
        ),
        Aspect(SUBSCRIPTIONS, OF_SUBSCRIPTIONS),
    ),
    beside=(
        # A segment is a filter: what a contact shows of its segments is the rest of the record.
        Beside(CONTACT_SEGMENTS.name, CONTACT_SEGMENTS.tables[0], RECORD, segments_of),
        Beside(CONTACT_SUBSCRIPTIONS.name, CONTACT_SUBSCRIPTIONS.tables[0], SUBSCRIPTIONS, subscriptions_of),
    ),
    has_merges=True,
)
SWEPT_COMPANIES = SweptEntity(
    entity=companies.COMPANY,
    listing=by_scroll(),
    shown=lambda found: companies.company_rows([found]),
    aspects=(
        Aspect(
            RECORD,
            columns_of(companies.COMPANIES_TABLE),
            (
                ListAspect(companies.COMPANY_TAGS.table, ("tag_id",)),
                ListAspect(companies.COMPANY_SEGMENTS.table, ("segment_id",)),
            ),
        ),
    ),
    is_listed_whole=True,
    may_be_hidden=_is_without_users,
)
SWEPT_CONVERSATIONS = SweptEntity(
    entity=conversations.CONVERSATION,
    listing=by_search(conversations.SEARCH),
    shown=lambda found: conversations.conversation_rows([found]),
    aspects=(
        Aspect(
            RECORD,
            OF_CONVERSATIONS,
            _lists_of_people_and_tags(conversations.LINKS),
        ),
    ),
)
SWEPT_TICKETS = SweptEntity(
    entity=tickets.TICKET,
    listing=by_search(tickets.SEARCH),
    shown=lambda found: tickets.ticket_rows([found]),
    aspects=(
        Aspect(
            RECORD,
            columns_of(tickets.TICKETS_TABLE),
            _lists_of_people_and_tags(tickets.LINKS),
        ),
    ),
)

SWEPT: dict[str, SweptEntity] = {
    swept.name: swept for swept in (SWEPT_COMPANIES, SWEPT_CONTACTS, SWEPT_CONVERSATIONS, SWEPT_TICKETS)
}
