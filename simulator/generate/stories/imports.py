"""Conversations brought along from another help desk: messages and a state, no history and no statistics."""

from simulator.clock import HOUR_SECONDS
from simulator.generate import words
from simulator.generate.stories.rounds import ask
from simulator.generate.stories.story import Story
from simulator.workspace.people import CONTACT_ROLES


def play_import(story: Story) -> None:
    """Play an import: closed without a close, owned without an assignment; only the messages are known."""
    dialogue, dice = story.dialogue, story.dice
    if story.conversation["source"]["author"]["type"] not in CONTACT_ROLES:
        ask(story, HOUR_SECONDS)
    answer = words.body(dice, words.ANSWERS)
    story.then(story.wait(HOUR_SECONDS), dialogue.admin_replies, story.teammate, answer)
    dialogue.set_owners(story.owner(), story.team() if dice.happens(0.5) else None)
    if dice.happens(0.9):
        dialogue.close_imported()
    story.conversation["conversation_parts"]["total_count"] = len(dialogue.parts)
