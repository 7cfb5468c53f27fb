"""A history as the API shows it: one record of a conversation, with its parts."""

from tests.support.told.conversation import AUTHORS, BOT, Conversation
from tests.transforms.models.definitions.events import NOBODY
from tests.transforms.models.definitions.statistics import statistics
from tests.transforms.models.definitions.turns import turns


def record(history):
    """What GET /conversations/{id} gives; its parts come in any order."""
    opening, *events = history.events
    told = Conversation(int(history.conversation_id), opening.at, opening.author, history.delivered_as, history.contact)
    for event in events:
        told.then(event.at, event.author, event.part_type, "<p>Text</p>" if event.has_text else None, event.to)
        told.parts[-1] |= oddities(history, event)
    told.parts.reverse()
    shown = told.ends(history.state, history.admin, history.team)
    shown["priority"] = history.priority
    shown["source"]["type"] = history.channel
    waits = [turn.asked_at for turn in turns(history) if turn.outcome == "waiting"]
    shown["waiting_since"] = waits[0] if waits else None
    shown["first_contact_reply"] = history.asked and {"created_at": history.asked.at, "type": history.channel}
    if history.rating:
        shown["conversation_rating"] = rating(history)
    if history.guest:
        shown["contacts"]["contacts"].append({"type": "contact", "id": history.guest})
    if history.is_fin_involved:
        outcome = {"ai_agent": {"resolution_state": history.fin_outcome}} if history.fin_outcome else {}
        shown |= {"ai_agent_participated": True, **outcome}
    if history.has_statistics:
        shown["statistics"] = statistics(history)
    return shown


def oddities(history, event):
    """What Intercom does now and then: a redacted text, an assignment to nobody, a bot that writes as a teammate."""
    odd = {}
    if event.is_redacted:
        odd |= {"body": None, "redacted": True}
    if event.to == NOBODY:
        odd |= {"assigned_to": {"type": "nobody_admin", "id": None}}
    if event.author == BOT and history.channel == "email":
        odd |= {"author": AUTHORS[BOT] | {"type": "admin"}}
    return odd


def rating(history):
    return {
        "rating": history.rating.score,
        "remark": None,
        "created_at": history.rating.requested_at,
        "contact": {"type": "contact", "id": history.contact},
        "teammate": {"type": "admin", "id": history.rating.admin},
    }
