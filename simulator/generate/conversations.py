"""Conversations: each begins with an opening message and goes on as its story tells."""

from simulator.dice import Dice, Weighted
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.generate.cast import Cast
from simulator.generate.rhythm import DAY_SECONDS, Rhythm
from simulator.generate.story import Story
from simulator.record import Record
from simulator.workspace import Workspace
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
        None: 1,
    }
)
DELIVERIES = Weighted(
    {"customer_initiated": 78, "admin_initiated": 8, "campaigns_initiated": 7, "operator_initiated": 4, "automated": 3}
)
LONG_PARTS = 700


def new_conversation(workspace: Workspace, dice: Dice, cast: Cast, contact: Record, created_at: int) -> Record:
    """A conversation with its opening message and no parts."""
    channel, delivery = CHANNELS.throw(dice), DELIVERIES.throw(dice)
    is_by_contact = delivery == "customer_initiated"
    author = contact_author(contact) if is_by_contact else dice.pick(cast.admins)
    if delivery in {"operator_initiated", "automated"}:
        author = cast.operator
    if is_by_contact and channel == "twitter":
        author = {"type": author["type"], "id": author["id"], "name": "", "email": ""}
    source: Record = {
        "type": channel,
        "id": workspace.next_id("source", 403_918_000),
        "delivered_as": delivery,
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
        "open": True,
        "state": "open",
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
        "custom_attributes": {},
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


def add_conversations(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """`count` conversations; the first has 700 parts, and a bulk change gives many the same `updated_at`."""
    cast, contacts, conversations = Cast(workspace), list(workspace.contacts), []
    created = sorted(rhythm.moment(dice) for _ in range(count))
    for position, created_at in enumerate(created):
        contact = dice.pick(contacts)
        conversation = new_conversation(workspace, dice, cast, contact, created_at)
        if dice.happens(0.03):
            other = dice.pick(contacts)
            if other is not contact:
                conversation["contacts"]["contacts"].append(contact_reference(other))
        story = Story(workspace, dice, cast, conversation, contact)
        if position == 0:
            _long_talk(story)
        else:
            story.play()
        _contact_took_part(contact, conversation)
        conversations.append(conversation)
    bulk_at = rhythm.now - 9 * DAY_SECONDS
    for conversation in conversations[::7]:
        conversation["updated_at"] = max(conversation["updated_at"], bulk_at)
    workspace.conversations.fill(conversations)


def _long_talk(story: Story) -> None:
    pause_seconds = max(1, (story.now - story.talk.at) // (LONG_PARTS + 1))
    for turn in range(LONG_PARTS):
        author = (story.customer, story.teammate)[turn % 2]
        act = story.talk.contact_writes if turn % 2 == 0 else story.talk.admin_replies
        story.then(min(pause_seconds, 900), act, author, f"<p>Message {turn}</p>")
    story.talk.finish()


def _contact_took_part(contact: Record, conversation: Record) -> None:
    replied_at = (conversation["statistics"] or {}).get("last_contact_reply_at")
    contacted_at = (conversation["statistics"] or {}).get("last_admin_reply_at")
    for name, at in (("last_replied_at", replied_at), ("last_contacted_at", contacted_at)):
        if at is not None:
            contact[name] = max(at, contact[name] or 0)
            contact["updated_at"] = max(at, contact["updated_at"])
