"""Tickets and their types."""

from simulator.endpoints.answers.newest_parts import with_newest_parts
from simulator.endpoints.answers.search import search_answer
from simulator.http.answer import Answer
from simulator.http.call import Call
from simulator.record import Record
from simulator.search.dialect import ticket_dialect


def render_ticket(ticket: Record) -> Record:
    """Return a ticket as search and show answer it, with its newest parts."""
    return with_newest_parts(ticket, "ticket_parts")


def search_tickets(call: Call) -> Record | Answer:
    """Answer POST /tickets/search: the only way to list tickets."""
    dialect = ticket_dialect(call.workspace, call.options)
    return search_answer(call, call.workspace.tickets, dialect, render_ticket, 20, "ticket.list", "tickets")


def show_ticket(call: Call) -> Record:
    """Answer GET /tickets/{id}: by the API's id, not by the number shown in the inbox."""
    ticket = call.one_of(call.workspace.tickets)
    return render_ticket(ticket)


def list_ticket_types(call: Call) -> Record:
    """Answer GET /ticket_types: all of them, archived ones too, with their attributes."""
    return {"type": "list", "data": list(call.workspace.ticket_types)}


def show_ticket_type(call: Call) -> Record:
    """Answer GET /ticket_types/{id}."""
    return call.one_of(call.workspace.ticket_types)
