"""Messages in conversations, by customers, teammates and bots."""

from simulator.changes.conversations.act import acting, customer_of, in_state
from simulator.changes.scene import Change, Scene
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.record import Record
from simulator.workspace.conversation_rules import outcomes
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.people import Author, contact_author
from simulator.workspace.redaction import is_redactable, is_source_redactable

FIN_RESULTS = ("assumed_resolution", "confirmed_resolution", "routed_to_team", "abandoned")


def _customer_replied(scene: Scene, dialogue: Dialogue) -> None:
    contact = customer_of(scene, dialogue)
    files = new_attachments(scene.dice, 0.1)
    dialogue.contact_writes(contact_author(contact), words.body(scene.dice, words.QUESTIONS), files)
    _keep_time_of_reply(scene, contact)


def _customer_thanked(scene: Scene, dialogue: Dialogue) -> None:
    """Let the customer send a message of thanks, which opens a closed conversation without asking anything."""
    contact = customer_of(scene, dialogue)
    dialogue.contact_writes(contact_author(contact), "<p>Thanks!</p>")
    _keep_time_of_reply(scene, contact)


def _customer_filled_in(scene: Scene, dialogue: Dialogue) -> None:
    contact = customer_of(scene, dialogue)
    dialogue.contact_fills_in(contact_author(contact), "order_number", str(scene.dice.within(1, 9_999)))
    _keep_time_of_reply(scene, contact)


def _keep_time_of_reply(scene: Scene, contact: Record) -> None:
    contact["last_replied_at"] = scene.at
    scene.touch(scene.workspace.contacts, contact)


def _teammate_replied(scene: Scene, dialogue: Dialogue) -> None:
    _reply(scene, dialogue, scene.author())


def _reply(scene: Scene, dialogue: Dialogue, author: Author) -> None:
    dialogue.admin_replies(author, words.body(scene.dice, words.ANSWERS), attachments=new_attachments(scene.dice, 0.1))


def _bot_replied(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.bot_replies(scene.cast.operator, words.body(scene.dice, words.BOT_ANSWERS))


def _fin_answered(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.bot_replies(scene.cast.fin, words.body(scene.dice, words.BOT_ANSWERS))
    outcomes.fin_takes_part(dialogue, scene.dice.pick(FIN_RESULTS))


def _fin_found_nothing(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.add("resolution_bot_found_no_answer", scene.cast.fin)
    outcomes.fin_takes_part(dialogue, None, None)


def _noted(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.note(scene.author(), words.body(scene.dice, words.NOTES), leaves_closed=True)


def _call_summed_up(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.add("call_summary", scene.author(), words.body(scene.dice, words.CALL_SUMMARIES))


def _burst(scene: Scene, dialogue: Dialogue) -> None:
    author = scene.author()  # before anything has changed
    for _ in range(3):
        _customer_replied(scene, dialogue)
    _reply(scene, dialogue, author)


def _redacted(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.redact(scene.dice.pick(dialogue.redactable()))


def _source_redacted(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.redact_source()


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_customer_replied": (10, acting(_customer_replied)),
    "conversation_customer_thanked": (2, acting(_customer_thanked, in_state("closed"))),
    "conversation_customer_filled_in": (1, acting(_customer_filled_in)),
    "conversation_teammate_replied": (8, acting(_teammate_replied)),
    "conversation_bot_replied": (2, acting(_bot_replied)),
    "conversation_fin_answered": (2, acting(_fin_answered)),
    "conversation_fin_found_nothing": (0.5, acting(_fin_found_nothing)),
    "conversation_noted": (3, acting(_noted)),
    "conversation_call_summed_up": (0.5, acting(_call_summed_up)),
    "conversation_burst": (2, acting(_burst)),
    "conversation_redacted": (
        1,
        acting(_redacted, lambda record: any(map(is_redactable, record["conversation_parts"]["conversation_parts"]))),
    ),
    "conversation_source_redacted": (
        0.5,
        acting(_source_redacted, is_source_redactable),
    ),
}
