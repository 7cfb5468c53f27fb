"""Tickets: found by search on `updated_at`, which brings them whole, with their parts."""

from ..api.lists.search_endpoint import Search
from ..api.record import Record
from ..incremental.searched_list import searched_list
from ..records.entity import Entity
from ..records.single_record import by_id
from ..rows.flatten import counts, flatten
from ..rows.linked_records import TAGGING_COLUMNS, Link
from ..rows.parts import TICKET_PART_COLUMNS, PartTables
from ..rows.table import Row, Rows, Table, integer, json, text, truth, unix_seconds

SEARCH = Search("/tickets/search", "tickets", records_ahead=2_000)

TICKETS_TABLE = Table(
    name="tickets",
    one_row="a ticket",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always ticket",
        ticket_id="the number people see in the inbox",
        category="Customer, Back-office or Tracker",
        ticket_state="submitted, in_progress, waiting_on_customer or resolved",
        ticket_state_internal_label="what teammates call the state",
        ticket_state_external_label="what customers see as the state",
        ticket_type__id="ticket_types.id",
        ticket_type__name="ticket type's name",
        ticket_type__category="ticket type's category",
        admin_assignee_id="teammate who owns it; 0 for none",
        team_assignee_id="team that owns it; 0 for none",
        company_id="companies.id, where newer backends send it",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change", snoozed_until="when it opens again")
    | truth(
        open="it is open",
        is_shared="customers see it",
        linked_objects__has_more="there are more linked objects than the API shows",
    )
    | integer(
        ticket_parts__total_count="parts it has; only the newest 500 are shown by the API",
        linked_objects__total_count="linked tickets and conversations",
    )
    | json("attached", ticket_attributes="values of the ticket type's attributes, by name"),
)
TICKET_PARTS = PartTables.of(TICKETS_TABLE, "ticket", TICKET_PART_COLUMNS)
LINKS = (
    Link.of(
        TICKETS_TABLE,
        "ticket",
        "contacts",
        "a contact who takes part in a ticket",
        text("contact_id", contact_id="contacts.id")
        | text("impersonal", type="always contact")
        | text("user_id", external_id="your own id of the contact"),
    ),
    Link.of(
        TICKETS_TABLE, "ticket", "tags", "a tag on a ticket", text("impersonal", tag_id="tags.id") | TAGGING_COLUMNS
    ),
    Link.of(
        TICKETS_TABLE,
        "ticket",
        "linked_objects",
        "a ticket or conversation linked to a ticket",
        text(
            "impersonal",
            linked_object_id="tickets.id or conversations.id",
            type="ticket or conversation",
            category="of a ticket",
        ),
    ),
)


def ticket_rows(tickets: list[Record]) -> Rows:
    """Return the rows of whole tickets."""
    links = [row for link in LINKS for row in link.rows_of(tickets)]
    return [(TICKETS_TABLE, [_row(ticket) for ticket in tickets]), *TICKET_PARTS.rows_of(tickets), *links]


def _row(ticket: Record) -> Row:
    """Return the ticket's own row; of the embedded ticket type it keeps what names it, the rest is in ticket_types."""
    ticket_type = ticket.get("ticket_type")
    kind = (
        {name: ticket_type.get(name) for name in ("id", "name", "category")}
        if isinstance(ticket_type, dict)
        else ticket_type
    )
    without = {"ticket_parts", "ticket_type", *(link.field for link in LINKS)}
    return (
        flatten(ticket, {"ticket_attributes"}, without)
        | flatten({"ticket_type": kind})
        | counts(ticket, "ticket_parts", "linked_objects")
    )


TICKET = Entity(
    (TICKETS_TABLE, TICKET_PARTS.parts, TICKET_PARTS.attachments, *(link.table for link in LINKS)),
    by_id("/tickets"),
    ticket_rows,
    as_listed=lambda found: found if TICKET_PARTS.are_shown_in(found) else None,
)
TICKETS = searched_list(SEARCH, TICKET)
