"""Contacts and their lists."""

from simulator.endpoints.answers.contact import render_contact
from simulator.endpoints.answers.search import MAX_PER_PAGE, search_answer
from simulator.http.answer import Answer
from simulator.http.call import Call
from simulator.http.paging import PageNumbers, walk_answer
from simulator.record import Record
from simulator.search.dialect import contact_dialect
from simulator.search.walk import walk_by
from simulator.workspace.contact_lists import chosen_subscriptions, member_segments

LIST_PAGES = PageNumbers(default=50, maximum=150, has_null_next=True)


def list_contacts(call: Call) -> Record:
    """Answer GET /contacts: everybody who is readable, newest first."""
    walk = walk_by(call.workspace.contacts, "created_at", is_descending=True)
    default = call.options.contact_default_per_page
    return walk_answer(call, walk, render_contact, default=default, maximum=MAX_PER_PAGE)


def search_contacts(call: Call) -> Record | Answer:
    """Answer POST /contacts/search: dates compare by calendar day of the workspace."""
    return search_answer(call, call.workspace.contacts, contact_dialect(call.workspace), render_contact, default=50)


def show_contact(call: Call) -> Record:
    """Answer GET /contacts/{id}."""
    return render_contact(_contact(call))


def list_contact_tags(call: Call) -> Record:
    """Answer GET /contacts/{id}/tags: whole tags with when and by whom they were applied."""
    return {"type": "list", "data": _contact(call)["tags"]["data"]}


def list_contact_notes(call: Call) -> Record:
    """Answer GET /contacts/{id}/notes."""
    return LIST_PAGES.answer(call, _contact(call)["notes"]["data"])


def list_contact_companies(call: Call) -> Record:
    """Answer GET /contacts/{id}/companies: whole companies."""
    companies = call.workspace.companies.records
    attached = [companies[item["id"]] for item in _contact(call)["companies"]["data"]]
    return LIST_PAGES.answer(call, attached)


def list_contact_segments(call: Call) -> Record:
    """Answer GET /contacts/{id}/segments."""
    return {"type": "list", "data": member_segments(call.workspace, _contact(call))}


def list_contact_subscriptions(call: Call) -> Record:
    """Answer GET /contacts/{id}/subscriptions: explicit choices only."""
    return {"type": "list", "data": chosen_subscriptions(call.workspace, _contact(call))}


def show_note(call: Call) -> Record:
    """Answer GET /notes/{id}: a note that was written on a contact."""
    contact = call.workspace.contacts.get(call.workspace.contact_of_note.get(call.id, ""))
    for note in contact["notes"]["data"] if contact else []:
        if note["id"] == call.id:
            return dict(note)
    raise call.missing()


def _contact(call: Call) -> Record:
    return call.one_of(call.workspace.contacts)
