"""Tickets of every type, new or made from conversations, with attributes of every data type and a history of states."""

from bisect import bisect_left
from collections.abc import Sequence

from simulator.clock import DAY_SECONDS, HOUR_SECONDS
from simulator.dice import Dice
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.generate.cast import Cast
from simulator.generate.rhythm import Rhythm
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.people import contact_author, contact_reference, reference
from simulator.workspace.ticket_desk import NOBODY_ID, STATE_LABELS, TicketDesk

LATELY = 30
"""A ticket is linked with one of so many conversations that began last before it."""
LONGEST_CHAT_PARTS = 100
KEEPS_ITS_ID = ("0", "3", "6", "9")
"""A conversation of such an id gives it to the ticket that it becomes: nobody has documented whether they all do."""
TAGGED = 4
"""One of so many tickets has tags."""
STATES = ("in_progress", "waiting_on_customer", "in_progress", "resolved")


def new_ticket(workspace: Workspace, dice: Dice, contact: Record, created_at: int) -> Record:
    """Return a generated ticket, submitted, without parts; its type is embedded as it is at that moment."""
    ticket_type = dice.pick(list(workspace.ticket_types))
    state = "submitted"
    return {
        "type": "ticket",
        "id": workspace.next_id("conversation"),  # one series for both, so that no id is that of two by chance
        "ticket_id": workspace.next_id("ticket", 1),
        "category": ticket_type["category"],
        "ticket_attributes": _attributes(dice, ticket_type, created_at),
        "ticket_state": state,
        "ticket_state_internal_label": STATE_LABELS[state][0],
        "ticket_state_external_label": STATE_LABELS[state][1],
        "ticket_type": ticket_type,
        "contacts": {"type": "contact.list", "contacts": [contact_reference(contact)]},
        "admin_assignee_id": NOBODY_ID,
        "team_assignee_id": NOBODY_ID,
        "created_at": created_at,
        "updated_at": created_at,
        "open": True,
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": [], "total_count": 0},
        "is_shared": ticket_type["category"] == "Customer",
    }


def attribute_value(dice: Dice, data_type: str, at: int) -> object:
    """Return a value as a ticket attribute of this type shows it; unset is null, files are a list or one file."""
    if dice.happens(0.2):
        return None
    files = new_attachments(dice, 1)
    values: Record = {
        "string": words.body(dice, words.QUESTIONS),
        "list": dice.pick(("low", "high")),
        "integer": dice.within(0, 500),
        "decimal": dice.pick((1.5, 0.01, 99.99)),
        "boolean": dice.happens(0.5),
        "datetime": dice.pick((at + DAY_SECONDS, "2026-05-01T10:00:00Z")),
        "files": files if dice.happens(0.7) else files[0],
    }
    return values[data_type]


def _attributes(dice: Dice, ticket_type: Record, at: int) -> Record:
    attributes: Record = {"_default_title_": f"Ticket about {dice.pick(words.TOPICS)}"}
    for attribute in ticket_type["ticket_type_attributes"]["data"][1:]:
        attributes[attribute["name"]] = attribute_value(dice, attribute["data_type"], at)
    return attributes


def add_tickets(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """Generate `count` tickets; about a third are linked with a conversation, and made from it if possible."""
    cast, contacts = Cast(workspace), list(workspace.contacts)
    conversations = sorted(workspace.conversations, key=lambda each: int(each["created_at"]))
    begun = [each["created_at"] for each in conversations]
    tickets = []
    for created_at in sorted(rhythm.moment(dice) for _ in range(count)):
        contact = dice.pick(contacts)
        ticket = new_ticket(workspace, dice, contact, created_at)
        earlier = bisect_left(begun, created_at)
        if earlier and dice.happens(0.3):
            conversation = dice.pick(conversations[max(0, earlier - LATELY) : earlier])
            contact = convert(workspace, conversation, ticket) or contact
            link(conversation, ticket)
        desk = TicketDesk(workspace, ticket, created_at)
        desk.begin(cast.operator)
        if int(ticket["id"]) % TAGGED == 0:
            _tag(desk, cast)
        _play(desk, dice, cast, contact_author(contact))
        tickets.append(ticket)
    workspace.tickets.fill(tickets)


def convert(workspace: Workspace, conversation: Record, ticket: Record) -> Record | None:
    """Make a generated ticket from a conversation, with its age, people and messages so far; return its contact.

    None if that is impossible: only tickets of category Customer are made so, and a conversation becomes at most one.
    """
    people = conversation["contacts"]["contacts"]
    contact = workspace.contacts.get(people[0]["id"]) if people else None
    parts = conversation["conversation_parts"]["conversation_parts"]
    is_fit = ticket["category"] == "Customer" and conversation["ticket"] is None and len(parts) <= LONGEST_CHAT_PARTS
    if contact is None or not is_fit:
        return None
    if conversation["id"].endswith(KEEPS_ITS_ID):
        ticket["id"] = conversation["id"]
    begun_at = ticket["created_at"]
    ticket.update(created_at=conversation["created_at"], contacts={"type": "contact.list", "contacts": list(people)})
    conversation["ticket"] = reference("ticket", ticket["id"])
    _repeat_chat(workspace, conversation, ticket, [part for part in parts if part["created_at"] <= begun_at])
    return contact


def _repeat_chat(workspace: Workspace, conversation: Record, ticket: Record, parts: Sequence[Record]) -> None:
    source = conversation["source"]
    desk = TicketDesk(workspace, ticket, conversation["created_at"])
    desk.add("comment", source["author"], source["body"])
    for part in parts:
        if part["part_type"] == "comment":
            desk.at = part["created_at"]
            desk.add("comment", part["author"], part["body"])


def link(conversation: Record, ticket: Record) -> None:
    """Link a conversation and a ticket, each naming the other."""
    pairs = (
        (conversation["linked_objects"], {"type": "ticket", "id": ticket["id"], "category": ticket["category"]}),
        (ticket["linked_objects"], {"type": "conversation", "id": conversation["id"], "category": None}),
    )
    for links, item in pairs:
        if item not in links["data"]:
            links["data"].append(item)
            links["total_count"] = len(links["data"])


def unlink(conversation: Record, ticket: Record) -> None:
    """Let a conversation and a ticket name each other no more."""
    for links, other in ((conversation["linked_objects"], ticket), (ticket["linked_objects"], conversation)):
        links["data"] = [item for item in links["data"] if (item["type"], item["id"]) != (other["type"], other["id"])]
        links["total_count"] = len(links["data"])


def _tag(desk: TicketDesk, cast: Cast) -> None:
    number = int(desk.ticket["id"]) // TAGGED
    for tag in cast.tags[number % len(cast.tags) :][: number % 3 + 1]:
        desk.tag(cast.admins[number % len(cast.admins)], tag)


def _play(desk: TicketDesk, dice: Dice, cast: Cast, customer: Record) -> None:
    now = desk.workspace.clock.now()
    admin = dice.pick(cast.admins)
    if dice.happens(0.7):
        desk.assign(cast.operator, admin["id"], dice.pick(cast.teams)["id"] if dice.happens(0.5) else None)
    for state in STATES[: dice.within(0, 4)]:
        desk.at += int(dice.expovariate(1 / DAY_SECONDS))
        if desk.at >= now:
            return
        desk.change_state(admin, state)
        if dice.happens(0.5):
            desk.add(
                "comment",
                dice.pick((admin, customer)),
                words.body(dice, words.ANSWERS),
                attachments=new_attachments(dice, 0.1),
            )
        if dice.happens(0.3):
            desk.add("note", dice.pick(cast.admins), words.body(dice, words.NOTES))
    if desk.ticket["open"] and dice.happens(0.1) and desk.at + HOUR_SECONDS < now:
        desk.snooze(admin, now + DAY_SECONDS)
