"""What exists: every operation of API 2.10 that reads, and the paths that only later versions have."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.call import Call
from simulator.endpoints import companies, contacts, conversations, reference, tickets
from simulator.record import Record

Endpoint = Callable[[Call], Record]


@dataclass(frozen=True)
class Operation:
    """One operation: the official id, how it is called and who answers it."""

    name: str
    method: str
    path: str
    endpoint: Endpoint


OPERATIONS = (
    Operation("identifyAdmin", "GET", "/me", reference.identify),
    Operation("listAdmins", "GET", "/admins", reference.list_admins),
    Operation("retrieveAdmin", "GET", "/admins/{id}", reference.show_admin),
    Operation("listTeams", "GET", "/teams", reference.list_teams),
    Operation("retrieveTeam", "GET", "/teams/{id}", reference.show_team),
    Operation("listTags", "GET", "/tags", reference.list_tags),
    Operation("findTag", "GET", "/tags/{id}", reference.show_tag),
    Operation("listSegments", "GET", "/segments", reference.list_segments),
    Operation("retrieveSegment", "GET", "/segments/{id}", reference.show_segment),
    Operation("listSubscriptionTypes", "GET", "/subscription_types", reference.list_subscription_types),
    Operation("lisDataAttributes", "GET", "/data_attributes", reference.list_data_attributes),
    Operation("ListContacts", "GET", "/contacts", contacts.list_contacts),
    Operation("SearchContacts", "POST", "/contacts/search", contacts.search_contacts),
    Operation("ShowContact", "GET", "/contacts/{id}", contacts.show_contact),
    Operation("listTagsForAContact", "GET", "/contacts/{id}/tags", contacts.list_contact_tags),
    Operation("listNotes", "GET", "/contacts/{id}/notes", contacts.list_contact_notes),
    Operation("listSegmentsForAContact", "GET", "/contacts/{id}/segments", contacts.list_contact_segments),
    Operation(
        "listSubscriptionsForAContact", "GET", "/contacts/{id}/subscriptions", contacts.list_contact_subscriptions
    ),
    Operation("listCompaniesForAContact", "GET", "/contacts/{id}/companies", contacts.list_contact_companies),
    Operation("retrieveNote", "GET", "/notes/{id}", contacts.show_note),
    Operation("retrieveCompany", "GET", "/companies", companies.find_companies),
    Operation("listAllCompanies", "POST", "/companies/list", companies.list_companies),
    Operation("scrollOverAllCompanies", "GET", "/companies/scroll", companies.scroll_companies),
    Operation("RetrieveACompanyById", "GET", "/companies/{id}", companies.show_company),
    Operation("ListAttachedContacts", "GET", "/companies/{id}/contacts", companies.list_company_contacts),
    Operation("ListAttachedSegmentsForCompanies", "GET", "/companies/{id}/segments", companies.list_company_segments),
    Operation("listConversations", "GET", "/conversations", conversations.list_conversations),
    Operation("searchConversations", "POST", "/conversations/search", conversations.search_conversations),
    Operation("retrieveConversation", "GET", "/conversations/{id}", conversations.show_conversation),
    Operation("searchTickets", "POST", "/tickets/search", tickets.search_tickets),
    Operation("getTicket", "GET", "/tickets/{id}", tickets.show_ticket),
    Operation("listTicketTypes", "GET", "/ticket_types", tickets.list_ticket_types),
    Operation("getTicketType", "GET", "/ticket_types/{id}", tickets.show_ticket_type),
)
"""Reading operations by their id in the official description (its own spelling)."""

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
    """Finds what a method and path mean; a fixed path wins over one with `{id}`."""

    def __init__(self) -> None:
        self._fixed: dict[tuple[str, str], Operation | None] = {}
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Operation | None]]] = {}
        for operation in OPERATIONS:
            self._add(operation.method, operation.path, operation)
        for method, path in LATER_PATHS:
            self._add(method, path, None)

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str]]:
        """The operation with its path parameters; None for a later version's path; KeyError when nothing is there."""
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
