"""New conversations, and those that are deleted."""

from simulator.changes.scene import Change, Changed, Scene
from simulator.generate import words
from simulator.generate.stories import new_conversation
from simulator.record import Record
from simulator.workspace.people import reference


def _created(scene: Scene) -> Changed:
    return _kept(scene, _new(scene))


def _greeted(scene: Scene) -> Changed:
    """Begin a new conversation with a workflow's message; the customer may answer in a later change."""
    conversation = _new(scene, "operator_initiated")
    dialogue = scene.dialogue(conversation)
    dialogue.bot_replies(scene.cast.operator, "<p>What is your work email?</p>", "attribute_collector")
    dialogue.finish()
    return _kept(scene, conversation)


def _imported(scene: Scene) -> Changed:
    """Begin an imported conversation: closed, owned without an assignment; statistics come with the next change."""
    conversation = _new(scene, "customer_initiated")
    dialogue = scene.dialogue(conversation)
    author = scene.author()
    dialogue.admin_replies(author, words.body(scene.dice, words.ANSWERS))
    dialogue.set_owners(reference("admin", author["id"]), scene.dice.pick((None, *scene.cast.teams)))
    dialogue.close_imported()
    conversation["conversation_parts"]["total_count"] = len(dialogue.parts)
    return _kept(scene, conversation)


def _deleted(scene: Scene) -> Changed:
    conversation = scene.any(scene.workspace.conversations)
    scene.workspace.conversations.remove(conversation["id"], "deleted")
    return "conversations", conversation["id"]


def _new(scene: Scene, delivery: str | None = None) -> Record:
    contact = scene.any(scene.workspace.contacts)
    return new_conversation(scene.workspace, scene.dice, scene.cast, contact, scene.at, delivery)


def _kept(scene: Scene, conversation: Record) -> Changed:
    scene.workspace.conversations.put(conversation)
    return "conversations", conversation["id"]


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_created": (9, _created),
    "conversation_greeted": (2, _greeted),
    "conversation_imported": (0.5, _imported),
    "conversation_deleted": (1, _deleted),
}
