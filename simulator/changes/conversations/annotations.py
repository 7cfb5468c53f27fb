"""Changes of a conversation's marks: tags, attributes, priority, participants, ratings, service levels."""

from simulator.changes.conversations.act import acting, customer_of, in_state
from simulator.changes.scene import Change, Scene
from simulator.generate import words
from simulator.workspace.conversation_rules import outcomes
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.people import contact_reference

SLA_STATUSES = ("hit", "missed", "active", None)


def _tagged(scene: Scene, dialogue: Dialogue) -> None:
    worn = {tag["id"] for tag in dialogue.conversation["tags"]["tags"]}
    tag = scene.find(scene.workspace.tags, lambda record: record["id"] not in worn)
    dialogue.tag(scene.author(), tag)


def _untagged(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.untag(scene.author(), scene.dice.pick(dialogue.conversation["tags"]["tags"])["id"])


def _prioritised(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.set_priority(scene.author(), scene.dice.pick(("priority", "not_priority")))


def _attribute_set(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.set_attribute(scene.author(), "Issue type", scene.dice.pick(("Bug", "Other", None, 3)))


def _customer_added(scene: Scene, dialogue: Dialogue) -> None:
    people, author = dialogue.conversation["contacts"]["contacts"], scene.author()
    contact = scene.find(scene.workspace.contacts, lambda record: all(record["id"] != each["id"] for each in people))
    people.append(contact_reference(contact))
    dialogue.add("participant_added", author)


def _customer_removed(scene: Scene, dialogue: Dialogue) -> None:
    people, author = dialogue.conversation["contacts"]["contacts"], scene.author()
    people.remove(scene.dice.pick(people))
    dialogue.add("participant_removed", author)


def _rated(scene: Scene, dialogue: Dialogue) -> None:
    """Annotate a conversation with a rating of its last replier, who may have left; of nobody if there was no reply."""
    contact = customer_of(scene, dialogue)
    rated = outcomes.last_replier(dialogue)
    outcomes.rate(dialogue, contact, rated, scene.dice.within(1, 5), scene.dice.pick(words.REMARKS))


def _sla_changed(scene: Scene, dialogue: Dialogue) -> None:
    name = scene.dice.pick(tuple(outcomes.SLA_SECONDS))
    outcomes.apply_sla(dialogue, scene.cast.operator, name, scene.dice.pick(SLA_STATUSES))


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_tagged": (4, acting(_tagged)),
    "conversation_untagged": (3, acting(_untagged, lambda record: bool(record["tags"]["tags"]))),
    "conversation_prioritised": (2, acting(_prioritised)),
    "conversation_attribute_set": (3, acting(_attribute_set)),
    "conversation_customer_added": (1, acting(_customer_added)),
    "conversation_customer_removed": (
        0.5,
        acting(_customer_removed, lambda record: len(record["contacts"]["contacts"]) > 1),  # somebody always stays
    ),
    "conversation_rated": (3, acting(_rated, in_state("closed"))),
    "conversation_sla_changed": (1, acting(_sla_changed)),
}
