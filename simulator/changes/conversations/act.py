"""How an act becomes a change: it happens now, in some conversation that qualifies for it."""

from collections.abc import Callable

from simulator.changes.scene import Change, Changed, Scene
from simulator.record import Record
from simulator.workspace.conversation_rules.dialogue import Dialogue

Act = Callable[[Scene, Dialogue], None]
Fitness = Callable[[Record], bool]


def acting(act: Act, is_fit: Fitness = lambda _: True) -> Change:
    """Return a change that does `act` in some conversation that qualifies for it."""

    def change(scene: Scene) -> Changed | None:
        conversation = scene.find(scene.workspace.conversations, is_fit)
        if conversation is None:
            return None
        talk = scene.dialogue(conversation)
        act(scene, talk)
        talk.finish()
        conversation["updated_at"] = scene.at
        scene.workspace.conversations.put(conversation)
        return "conversations", conversation["id"]

    return change


def in_state(state: str) -> Fitness:
    """Conversations in this state qualify."""
    return lambda record: bool(record["state"] == state)


def is_not_closed(record: Record) -> bool:
    """Open or snoozed."""
    return bool(record["state"] != "closed")


def customer_of(scene: Scene, talk: Dialogue) -> Record | None:
    """The first contact of a conversation, if it can still be read."""
    contact_id = talk.conversation["contacts"]["contacts"][0]["id"]
    return scene.workspace.contacts.get(contact_id)
