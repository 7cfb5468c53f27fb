"""How an act becomes a change: it happens now, in some conversation that qualifies for it."""

from collections.abc import Callable

from simulator.changes.scene import Change, Fitness, Scene, change_of_some
from simulator.dice import NothingFitsError
from simulator.record import Record
from simulator.workspace.conversation_rules.dialogue import Dialogue

Act = Callable[[Scene, Dialogue], None]


def acting(act: Act, is_fit: Fitness = lambda _: True) -> Change:
    """Return a change that does `act` in some conversation of the simulator that qualifies for the act."""

    def in_dialogue(scene: Scene, conversation: Record) -> None:
        dialogue = scene.dialogue(conversation)
        act(scene, dialogue)
        dialogue.finish()

    return change_of_some(lambda workspace: workspace.conversations, in_dialogue, is_fit)


def in_state(state: str) -> Fitness:
    """Return which conversations qualify for an act: those in this state."""
    return lambda record: bool(record["state"] == state)


def is_not_closed(record: Record) -> bool:
    """Return True if a conversation qualifies for an act because it is open or snoozed."""
    return bool(record["state"] != "closed")


def customer_of(scene: Scene, dialogue: Dialogue) -> Record:
    """Return the customer of an act, the first contact of its conversation; NothingFitsError if nobody can read it."""
    people = dialogue.conversation["contacts"]["contacts"]
    contact = scene.workspace.contacts.get(people[0]["id"]) if people else None
    if contact is None:
        raise NothingFitsError
    return contact
