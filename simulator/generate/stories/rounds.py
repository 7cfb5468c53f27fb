"""One round of a conversation: a note perhaps, an answer, and the next question."""

from simulator.clock import HOUR_SECONDS
from simulator.generate import words
from simulator.generate.attachments import new_attachments
from simulator.generate.stories.story import Story

ANSWER_SECONDS = (HOUR_SECONDS // 6, HOUR_SECONDS, 5 * HOUR_SECONDS)
"""Typical waits for an answer: in a chat, by mail, on a busy day."""


def play_round(story: Story) -> None:
    """Play a round of the story: mostly an answer and a reaction to it."""
    dice = story.dice
    if dice.happens(0.15):
        note = words.body(dice, words.NOTES)
        story.then(story.wait(600), story.dialogue.note, dice.pick(story.cast.admins), note)
    if dice.happens(0.9):
        _answer(story)
    if dice.happens(0.7):
        ask(story, 3 * HOUR_SECONDS)


def ask(story: Story, typical_seconds: int) -> None:
    """Play the customer's part of a round: a question."""
    question, files = words.body(story.dice, words.QUESTIONS), new_attachments(story.dice, 0.05)
    story.then(story.wait(typical_seconds), story.dialogue.contact_writes, story.customer, question, files)


def _answer(story: Story) -> None:
    part_type = "quick_reply" if story.dice.happens(0.02) else "comment"
    answer, files = words.body(story.dice, words.ANSWERS), new_attachments(story.dice, 0.05)
    wait_seconds = story.wait(story.dice.pick(ANSWER_SECONDS))
    story.then(wait_seconds, story.dialogue.admin_replies, story.teammate, answer, part_type, files)
