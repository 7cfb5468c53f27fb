"""A workspace's conversations of the last year."""

from simulator.dice import Dice
from simulator.generate.cast import Cast
from simulator.generate.mass_update import update_conversations
from simulator.generate.rhythm import Rhythm
from simulator.generate.stories.long_dialogue import is_long, play_long_dialogue
from simulator.generate.stories.opening import new_conversation
from simulator.generate.stories.plot import play
from simulator.generate.stories.story import Story
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.people import contact_reference


def add_conversations(workspace: Workspace, dice: Dice, rhythm: Rhythm, count: int) -> None:
    """Generate a history of `count` conversations, of which many were changed at one moment."""
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
        (play_long_dialogue if is_long(position) else play)(story)
        _contact_took_part(contact, conversation)
        conversations.append(conversation)
    update_conversations(conversations, rhythm.now)
    workspace.conversations.fill(conversations)


def _contact_took_part(contact: Record, conversation: Record) -> None:
    replied_at = (conversation["statistics"] or {}).get("last_contact_reply_at")
    contacted_at = (conversation["statistics"] or {}).get("last_admin_reply_at")
    for name, at in (("last_replied_at", replied_at), ("last_contacted_at", contacted_at)):
        if at is not None:
            contact[name] = max(at, contact[name] or 0)
            contact["updated_at"] = max(at, contact["updated_at"])
