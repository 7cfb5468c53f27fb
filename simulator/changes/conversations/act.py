"""How an act becomes a change: it happens now, in some conversation that qualifies for it."""

from collections.abc import Callable

from simulator.changes.scene import Change, Fitness, Scene, change_of_some
from simulator.record import Record
from simulator.workspace.conversation_rules.dialogue import Dialogue

Act = Callable[[Scene, Dialogue], None]


def acting(act: Act, is_fit: Fitness = lambda _: True) -> Change:
    """Return a change that does `act` in some conversation that qualifies for it."""

    def in_dialogue(scene: Scene, conversation: Record) -> None:
        dialogue = scene.dialogue(conversation)
        act(scene, dialogue)
        dialogue.finish()

    return change_of_some(lambda workspace: workspace.conversations, in_dialogue, is_fit)


def in_state(state: str) -> Fitness:
    """Conversations in this state qualify."""
    return lambda record: bool(record["state"] == state)


def is_not_closed(record: Record) -> bool:
    """Open and snoozed conversations qualify."""
    return bool(record["state"] != "closed")


def customer_of(scene: Scene, dialogue: Dialogue) -> Record | None:
    """The first contact of a conversation, if it can still be read."""
    contact_id = dialogue.conversation["contacts"]["contacts"][0]["id"]
    return scene.workspace.contacts.get(contact_id)
