"""The opening message of a conversation: whose, through which channel, how delivered."""

from simulator.dice import Dice, Weighted
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.generate.cast import Cast
from simulator.generate.odd_values import odd_object
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.conversation_rules.statistics import is_sent
from simulator.workspace.people import contact_author, contact_reference

CHANNELS: Weighted[str | None] = Weighted(
    {
        "conversation": 60,
        "email": 22,
        "whatsapp": 4,
        "facebook": 3,
        "instagram": 2,
        "sms": 2,
        "twitter": 2,
        "phone_call": 2,
        "push": 1,
        "phone_switch": 1,
        None: 3,
    }
)
SERIES = "series"
DELIVERIES = Weighted(
    {
        "customer_initiated": 72,
        "admin_initiated": 8,
        "campaigns_initiated": 5,
        SERIES: 1,
        "operator_initiated": 10,
        "automated": 4,
    }
)
"""A teammate's Series is delivered as `automated`, as a workflow's messages are; the rest are `delivered_as` itself."""


def new_conversation(
    workspace: Workspace, dice: Dice, cast: Cast, contact: Record, created_at: int, delivery: str | None = None
) -> Record:
    """Return a conversation with its opening message alone; how it was delivered is drawn unless it is given."""
    channel = CHANNELS.throw(dice)
    delivery = delivery or DELIVERIES.throw(dice)
    is_by_contact = delivery == "customer_initiated"
    author = contact_author(contact) if is_by_contact else dice.pick(cast.admins)
    if delivery in {"operator_initiated", "automated"}:
        author = cast.operator
    if is_by_contact and channel == "twitter":
        author = {"type": author["type"], "id": author["id"], "name": "", "email": ""}
    source: Record = {
        "type": channel,
        "id": workspace.next_id("source", 403_918_000),
        "delivered_as": "automated" if delivery == SERIES else delivery,
        "subject": dice.pick(words.SUBJECTS) if channel == "email" else "",
        "body": words.body(dice, words.QUESTIONS if is_by_contact else words.ANSWERS),
        "author": author,
        "attachments": new_attachments(dice, 0.05),
        "url": "https://app.example.com/settings?tab=1" if channel == "conversation" and dice.happens(0.5) else None,
        "redacted": False,
    }
    conversation: Record = {
        "type": "conversation",
        "id": workspace.next_id("conversation"),
        "title": "Chat about “billing”" if dice.happens(0.1) else None,
        "created_at": created_at,
        "updated_at": created_at,
        "waiting_since": created_at if is_by_contact else None,
        "snoozed_until": None,
        "open": not is_sent(source),
        "state": "closed" if is_sent(source) else "open",
        "read": False,
        "priority": "not_priority",
        "admin_assignee_id": None,
        "team_assignee_id": None,
        "tags": {"type": "tag.list", "tags": []},
        "conversation_rating": None,
        "source": source,
        "contacts": {"type": "contact.list", "contacts": [contact_reference(contact)]},
        "teammates": None,
        "first_contact_reply": {"created_at": created_at, "type": "conversation", "url": None}
        if is_by_contact
        else None,
        "sla_applied": None,
        "statistics": None,
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "custom_attributes": odd_object(created_at),
        "topics": {},
        "ticket": None,
        "conversation_parts": {"type": "conversation_part.list", "conversation_parts": [], "total_count": 0},
    }
    if dice.happens(0.3):
        conversation["ai_agent_participated"] = False
    if dice.happens(0.05):
        conversation["topics"] = {
            "type": "topic.list",
            "topics": [{"type": "topic", "id": 7, "name": "Billing"}],
            "total_count": 1,
        }
    return conversation
