"""The routes: every operation of API 2.10 that reads, and the paths that only later versions have."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from simulator import errors
from simulator.endpoints import (
    activity_logs,
    companies,
    contacts,
    content_export,
    conversations,
    events,
    help_center,
    news,
    reference,
    staff,
    tickets,
    visitors,
)
from simulator.http.answer import Answer
from simulator.http.call import Call
from simulator.options import Options, words
from simulator.record import Record

Endpoint = Callable[[Call], Record | Answer]


@dataclass(frozen=True)
class Operation:
    """An operation with its route: official id, method and path, the permission it needs and who answers it."""

    name: str
    method: str
    path: str
    area: str
    endpoint: Endpoint

    @property
    def missing(self) -> Callable[[], errors.ApiError]:
        """Makes the error that the operation answers for a record that cannot be read."""
        return MISSING.get(self.path.split("/")[1], errors.resource_not_found)


OPERATIONS = (
    Operation("identifyAdmin", "GET", "/me", "me", staff.identify),
    Operation("listAdmins", "GET", "/admins", "admins", staff.list_admins),
    Operation("retrieveAdmin", "GET", "/admins/{id}", "admins", staff.show_admin),
    Operation("listTeams", "GET", "/teams", "admins", staff.list_teams),
    Operation("retrieveTeam", "GET", "/teams/{id}", "admins", staff.show_team),
    Operation("listTags", "GET", "/tags", "tags", reference.list_tags),
    Operation("findTag", "GET", "/tags/{id}", "tags", reference.show_tag),
    Operation("listSegments", "GET", "/segments", "people", reference.list_segments),
    Operation("retrieveSegment", "GET", "/segments/{id}", "people", reference.show_segment),
    Operation("listSubscriptionTypes", "GET", "/subscription_types", "people", reference.list_subscription_types),
    Operation("lisDataAttributes", "GET", "/data_attributes", "people", reference.list_data_attributes),
    Operation("ListContacts", "GET", "/contacts", "people", contacts.list_contacts),
    Operation("SearchContacts", "POST", "/contacts/search", "people", contacts.search_contacts),
    Operation("ShowContact", "GET", "/contacts/{id}", "people", contacts.show_contact),
    Operation("listTagsForAContact", "GET", "/contacts/{id}/tags", "people", contacts.list_contact_tags),
    Operation("listNotes", "GET", "/contacts/{id}/notes", "people", contacts.list_contact_notes),
    Operation("listSegmentsForAContact", "GET", "/contacts/{id}/segments", "people", contacts.list_contact_segments),
    Operation(
        "listSubscriptionsForAContact",
        "GET",
        "/contacts/{id}/subscriptions",
        "people",
        contacts.list_contact_subscriptions,
    ),
    Operation("listCompaniesForAContact", "GET", "/contacts/{id}/companies", "people", contacts.list_contact_companies),
    Operation("retrieveNote", "GET", "/notes/{id}", "people", contacts.show_note),
    Operation("retrieveCompany", "GET", "/companies", "people", companies.find_companies),
    Operation("listAllCompanies", "POST", "/companies/list", "people", companies.list_companies),
    Operation("scrollOverAllCompanies", "GET", "/companies/scroll", "people", companies.scroll_companies),
    Operation("RetrieveACompanyById", "GET", "/companies/{id}", "people", companies.show_company),
    Operation("ListAttachedContacts", "GET", "/companies/{id}/contacts", "people", companies.list_company_contacts),
    Operation(
        "ListAttachedSegmentsForCompanies", "GET", "/companies/{id}/segments", "people", companies.list_company_segments
    ),
    Operation("listConversations", "GET", "/conversations", "conversations", conversations.list_conversations),
    Operation(
        "searchConversations", "POST", "/conversations/search", "conversations", conversations.search_conversations
    ),
    Operation("retrieveConversation", "GET", "/conversations/{id}", "conversations", conversations.show_conversation),
    Operation("searchTickets", "POST", "/tickets/search", "tickets", tickets.search_tickets),
    Operation("getTicket", "GET", "/tickets/{id}", "tickets", tickets.show_ticket),
    Operation("listTicketTypes", "GET", "/ticket_types", "tickets", tickets.list_ticket_types),
    Operation("getTicketType", "GET", "/ticket_types/{id}", "tickets", tickets.show_ticket_type),
    Operation("listActivityLogs", "GET", "/admins/activity_logs", "activity_logs", activity_logs.list_activity_logs),
    Operation("listArticles", "GET", "/articles", "articles", help_center.list_articles),
    Operation("searchArticles", "GET", "/articles/search", "articles", help_center.search_articles),
    Operation("retrieveArticle", "GET", "/articles/{id}", "articles", help_center.show_article),
    Operation("listAllCollections", "GET", "/help_center/collections", "articles", help_center.list_collections),
    Operation("retrieveCollection", "GET", "/help_center/collections/{id}", "articles", help_center.show_collection),
    Operation("listHelpCenters", "GET", "/help_center/help_centers", "articles", help_center.list_help_centers),
    Operation("retrieveHelpCenter", "GET", "/help_center/help_centers/{id}", "articles", help_center.show_help_center),
    Operation("listNewsItems", "GET", "/news/news_items", "news", news.list_news_items),
    Operation("retrieveNewsItem", "GET", "/news/news_items/{id}", "news", news.show_news_item),
    Operation("listNewsfeeds", "GET", "/news/newsfeeds", "news", news.list_newsfeeds),
    Operation("retrieveNewsfeed", "GET", "/news/newsfeeds/{id}", "news", news.show_newsfeed),
    Operation("listLiveNewsfeedItems", "GET", "/news/newsfeeds/{id}/items", "news", news.list_newsfeed_items),
    Operation("lisDataEvents", "GET", "/events", "events", events.list_events),
    Operation("retrieveVisitorWithUserId", "GET", "/visitors", "people", visitors.show_visitor),
    Operation("createDataExport", "POST", "/export/content/data", "export", content_export.create_export),
    Operation("getDataExport", "GET", "/export/content/data/{id}", "export", content_export.show_export),
    Operation("downloadDataExport", "GET", "/download/content/data/{id}", "export", content_export.download_export),
    Operation("cancelDataExport", "POST", "/export/cancel/{id}", "export", content_export.cancel_export),
)
"""Reading operations by their id in the official description (its own spelling)."""

MISSING = {
    "admins": errors.admin_not_found,
    "teams": errors.team_not_found,
    "contacts": errors.user_not_found,
    "companies": errors.company_not_found,
    "tickets": errors.ticket_not_found,
    "events": errors.user_not_found,
    "visitors": errors.visitor_not_found,
}
"""The first word of a path -> the error of a record that cannot be read below it; of any other, the plain one."""

AREAS = sorted({operation.area for operation in OPERATIONS})
"""What `missing_scopes` and `restricted_areas` can name."""


def check_areas(options: Options) -> None:
    """Raise ValueError for areas of permission that do not exist, because naming them would refuse nothing."""
    unknown = sorted({*words(options.missing_scopes), *words(options.restricted_areas)} - set(AREAS))
    if unknown:
        raise ValueError(f"unknown area: {', '.join(unknown)}; known: {', '.join(AREAS)}")


LATER_PATHS = (
    ("GET", "/ticket_states"),
    ("DELETE", "/conversations/{id}"),
    ("DELETE", "/tickets/{id}"),
    ("GET", "/contacts/find_by_external_id/{id}"),
    ("GET", "/calls"),
    ("GET", "/calls/{id}"),
    ("POST", "/calls/search"),
    ("GET", "/custom_object_instances/{id}"),
    ("GET", "/away_status_reasons"),
    ("GET", "/internal_articles"),
    ("GET", "/internal_articles/search"),
    ("GET", "/ai/content_import_sources"),
    ("GET", "/ai/external_pages"),
    ("GET", "/conversations/deleted"),
    ("GET", "/conversations/attributes"),
    ("GET", "/contacts/{id}/merge_history"),
    ("GET", "/brands"),
    ("GET", "/emails"),
    ("GET", "/macros"),
    ("GET", "/companies/{id}/notes"),
    ("POST", "/companies/search"),
    ("POST", "/admins/activity_logs/search"),
    ("GET", "/export/reporting_data/get_datasets"),
    ("POST", "/export/reporting_data/enqueue"),
)
"""Paths that exist only after 2.10: they answer `intercom_version_invalid`."""


class Paths:
    """The routes by path: finds the operation for a method and path; a fixed path wins over one with `{id}`."""

    def __init__(self) -> None:
        self._fixed: dict[tuple[str, str], Operation | None] = {}
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Operation | None]]] = {}
        for operation in OPERATIONS:
            self._add(operation.method, operation.path, operation)
        for method, path in LATER_PATHS:
            self._add(method, path, None)

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str]]:
        """Find the route: an operation and path parameters; None for a later version's path; KeyError if unknown."""
        path = path.rstrip("/")
        if (method, path) in self._fixed:
            return self._fixed[method, path], {}
        segments = path.split("/")
        for template, operation in self._by_shape.get((method, len(segments)), []):
            if all(want in {got, "{id}"} for want, got in zip(template, segments, strict=True)):
                return operation, {"id": segments[template.index("{id}")]}
        raise KeyError(path)

    def _add(self, method: str, path: str, operation: Operation | None) -> None:
        if "{id}" in path:
            segments = path.split("/")
            self._by_shape.setdefault((method, len(segments)), []).append((segments, operation))
        else:
            self._fixed[method, path] = operation


def is_known(operation: str) -> bool:
    """Return True for the id of an operation of the routes, and for a path of one as a request has it."""
    if operation in {each.name for each in OPERATIONS}:
        return True
    if "{" in operation or operation.endswith("/"):
        return False
    paths = Paths()
    for method in {each.method for each in OPERATIONS}:
        with suppress(KeyError):
            if paths.find(method, operation)[0] is not None:
                return True
    return False
