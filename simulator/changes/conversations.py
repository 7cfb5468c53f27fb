"""Changes of conversations: every act of a customer, teammate or bot."""

from collections.abc import Callable

from simulator.changes.scene import Change, Changed, Scene
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.generate.conversations import new_conversation
from simulator.generate.rhythm import DAY_SECONDS
from simulator.record import Record
from simulator.workspace.dialogue import Dialogue
from simulator.workspace.people import contact_author, reference

Act = Callable[[Scene, Dialogue], None]


def _created(scene: Scene) -> Changed:
    contact = scene.any(scene.workspace.contacts)
    conversation = new_conversation(scene.workspace, scene.dice, scene.cast, contact, scene.at)
    scene.workspace.conversations.put(conversation)
    return "conversations", conversation["id"]


def _deleted(scene: Scene) -> Changed:
    conversation = scene.any(scene.workspace.conversations)
    scene.workspace.conversations.remove(conversation["id"], "deleted")
    return "conversations", conversation["id"]


def _customer_replied(scene: Scene, talk: Dialogue) -> None:
    contact = _customer(scene, talk)
    if contact is None:
        return
    files = new_attachments(scene.dice, 0.1)
    talk.contact_writes(contact_author(contact), words.body(scene.dice, words.QUESTIONS), files)
    if contact["id"] in scene.workspace.contacts.records:
        contact["last_replied_at"] = scene.at
        scene.touch(scene.workspace.contacts, contact)


def _teammate_replied(scene: Scene, talk: Dialogue) -> None:
    talk.admin_replies(
        scene.author(), words.body(scene.dice, words.ANSWERS), attachments=new_attachments(scene.dice, 0.1)
    )


def _bot_replied(scene: Scene, talk: Dialogue) -> None:
    talk.bot_replies(scene.cast.fin, words.body(scene.dice, words.BOT_ANSWERS))


def _noted(scene: Scene, talk: Dialogue) -> None:
    talk.note(scene.author(), words.body(scene.dice, words.NOTES))


def _closed(scene: Scene, talk: Dialogue) -> None:
    talk.close(scene.cast.operator if scene.dice.happens(0.2) else scene.author())


def _answered_and_closed(scene: Scene, talk: Dialogue) -> None:
    author = scene.author()
    talk.admin_replies(author, words.body(scene.dice, words.ANSWERS))
    talk.close(author)  # two parts in the same second


def _reopened(scene: Scene, talk: Dialogue) -> None:
    talk.reopen(scene.author())


def _snoozed(scene: Scene, talk: Dialogue) -> None:
    talk.snooze(scene.author(), scene.at + scene.dice.within(1, 5) * DAY_SECONDS)


def _unsnoozed(scene: Scene, talk: Dialogue) -> None:
    talk.unsnooze(scene.author(), "unsnoozed")


def _assigned(scene: Scene, talk: Dialogue) -> None:
    author, dice = scene.author(), scene.dice
    bot = reference("bot", scene.cast.fin["id"])
    to = dice.pick((reference("admin", scene.author()["id"]), dice.pick(scene.cast.teams), bot, None))
    talk.assign(author, "assignment", to)


def _tagged(scene: Scene, talk: Dialogue) -> None:
    worn = {tag["id"] for tag in talk.conversation["tags"]["tags"]}
    tag = scene.find(scene.workspace.tags, lambda record: record["id"] not in worn)
    if tag is not None:
        talk.tag(scene.author(), tag)


def _untagged(scene: Scene, talk: Dialogue) -> None:
    talk.untag(scene.author(), scene.dice.pick(talk.conversation["tags"]["tags"])["id"])


def _rated(scene: Scene, talk: Dialogue) -> None:
    contact = _customer(scene, talk)
    if contact is not None:
        talk.rate(contact, scene.author()["id"], scene.dice.within(1, 5), scene.dice.pick(words.REMARKS))


def _redacted(scene: Scene, talk: Dialogue) -> None:
    redactable = talk.redactable()
    if redactable:
        talk.redact(scene.dice.pick(redactable))


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


def _burst(scene: Scene, talk: Dialogue) -> None:
    for _ in range(3):
        _customer_replied(scene, talk)
    _teammate_replied(scene, talk)


def _customer(scene: Scene, talk: Dialogue) -> Record | None:
    contact_id = talk.conversation["contacts"]["contacts"][0]["id"]
    return scene.workspace.contacts.get(contact_id)


def _acting(act: Act, is_fit: Callable[[Record], bool] = lambda _: True) -> Change:
    """A change that does `act` in some conversation that is fit for it."""

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


def _is(state: str) -> Callable[[Record], bool]:
    return lambda record: record["state"] == state


def _is_not_closed(record: Record) -> bool:
    return bool(record["state"] != "closed")


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_created": (10, _created),
    "conversation_customer_replied": (10, _acting(_customer_replied)),
    "conversation_teammate_replied": (8, _acting(_teammate_replied)),
    "conversation_bot_replied": (3, _acting(_bot_replied)),
    "conversation_noted": (3, _acting(_noted)),
    "conversation_closed": (6, _acting(_closed, _is_not_closed)),
    "conversation_answered_and_closed": (3, _acting(_answered_and_closed, _is_not_closed)),
    "conversation_reopened": (3, _acting(_reopened, _is("closed"))),
    "conversation_snoozed": (2, _acting(_snoozed, _is("open"))),
    "conversation_unsnoozed": (2, _acting(_unsnoozed, _is("snoozed"))),
    "conversation_assigned": (5, _acting(_assigned)),
    "conversation_tagged": (4, _acting(_tagged)),
    "conversation_untagged": (3, _acting(_untagged, lambda record: bool(record["tags"]["tags"]))),
    "conversation_rated": (3, _acting(_rated, _is("closed"))),
    "conversation_redacted": (
        1,
        _acting(_redacted, lambda record: bool(record["conversation_parts"]["conversation_parts"])),
    ),
    "conversation_prioritised": (2, _acting(_prioritised)),
    "conversation_attribute_set": (3, _acting(_attribute_set)),
    "conversation_customer_added": (1, _acting(_customer_added)),
    "conversation_burst": (2, _acting(_burst)),
    "conversation_deleted": (1, _deleted),
}
