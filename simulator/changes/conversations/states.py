"""Conversations that are closed, opened again and snoozed, with or without a part that shows it."""

from simulator.changes.conversations.act import acting, in_state, is_not_closed
from simulator.changes.scene import Change, Scene
from simulator.clock import DAY_SECONDS
from simulator.generate import words
from simulator.workspace.conversation_rules.dialogue import Dialogue


def _closed(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.close(scene.cast.operator if scene.dice.happens(0.2) else scene.author())


def _closed_with_others(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.close_unseen(scene.dice.pick((scene.author()["id"], None)))


def _answered_and_closed(scene: Scene, dialogue: Dialogue) -> None:
    author = scene.author()
    dialogue.admin_replies(author, words.body(scene.dice, words.ANSWERS))
    dialogue.close(author)  # two parts in the same second


def _reopened(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.reopen(scene.author())


def _snoozed(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.snooze(scene.author(), scene.at + scene.dice.within(1, 5) * DAY_SECONDS)


def _unsnoozed(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.unsnooze(scene.author(), "unsnoozed")


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_closed": (6, acting(_closed, is_not_closed)),
    "conversation_closed_with_others": (1, acting(_closed_with_others, is_not_closed)),
    "conversation_answered_and_closed": (3, acting(_answered_and_closed, is_not_closed)),
    "conversation_reopened": (3, acting(_reopened, in_state("closed"))),
    "conversation_snoozed": (2, acting(_snoozed, in_state("open"))),
    "conversation_unsnoozed": (2, acting(_unsnoozed, in_state("snoozed"))),
}
