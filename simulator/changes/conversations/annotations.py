"""Changes of a conversation's marks: tags, attributes, priority, participants, ratings, service levels."""

from simulator.changes.conversations.act import acting, customer_of, in_state
from simulator.changes.scene import Change, Scene
from simulator.generate import words
from simulator.workspace.conversation_rules import outcomes
from simulator.workspace.conversation_rules.dialogue import Dialogue

SLA_STATUSES = ("hit", "missed", "active", None)


def _tagged(scene: Scene, talk: Dialogue) -> None:
    worn = {tag["id"] for tag in talk.conversation["tags"]["tags"]}
    tag = scene.find(scene.workspace.tags, lambda record: record["id"] not in worn)
    if tag is not None:
        talk.tag(scene.author(), tag)


def _untagged(scene: Scene, talk: Dialogue) -> None:
    talk.untag(scene.author(), scene.dice.pick(talk.conversation["tags"]["tags"])["id"])


def _prioritised(scene: Scene, talk: Dialogue) -> None:
    talk.set_priority(scene.author(), scene.dice.pick(("priority", "not_priority")))


def _attribute_set(scene: Scene, talk: Dialogue) -> None:
    talk.set_attribute(scene.author(), "Issue type", scene.dice.pick(("Bug", "Other", None, 3)))


def _customer_added(scene: Scene, talk: Dialogue) -> None:
    people = talk.conversation["contacts"]["contacts"]
    contact = scene.find(scene.workspace.contacts, lambda record: all(record["id"] != each["id"] for each in people))
    if contact is not None:
        people.append({"type": "contact", "id": contact["id"], "external_id": contact["external_id"]})
        talk.add("participant_added", scene.author())


def _rated(scene: Scene, talk: Dialogue) -> None:
    """Rate the last replier, who may have left since, or nobody in particular if there was no reply."""
    contact = customer_of(scene, talk)
    if contact is not None:
        rated = outcomes.last_replier(talk)
        outcomes.rate(talk, contact, rated, scene.dice.within(1, 5), scene.dice.pick(words.REMARKS))


def _sla_changed(scene: Scene, talk: Dialogue) -> None:
    name = scene.dice.pick(tuple(outcomes.SLA_SECONDS))
    outcomes.apply_sla(talk, scene.cast.operator, name, scene.dice.pick(SLA_STATUSES))


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_tagged": (4, acting(_tagged)),
    "conversation_untagged": (3, acting(_untagged, lambda record: bool(record["tags"]["tags"]))),
    "conversation_prioritised": (2, acting(_prioritised)),
    "conversation_attribute_set": (3, acting(_attribute_set)),
    "conversation_customer_added": (1, acting(_customer_added)),
    "conversation_rated": (3, acting(_rated, in_state("closed"))),
    "conversation_sla_changed": (1, acting(_sla_changed)),
}
