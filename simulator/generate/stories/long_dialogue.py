"""A conversation of more parts than the API shows: the hidden parts include assignments, closes and first replies."""

from simulator.generate.stories.story import Story
from simulator.workspace.people import reference

ONE_IN = 1_500
COUNT_PARTS = 700
CLOSED_AFTER_PARTS = 100
LONGEST_PAUSE_SECONDS = 900


def is_long(position: int) -> bool:
    """Return True if the conversation at a position of the history has a long dialogue: the oldest one always has."""
    return position % ONE_IN == 0


def play_long_dialogue(story: Story) -> None:
    """Play a long dialogue: questions and answers up to 700 parts, a close and a reopening among the oldest."""
    dialogue = story.dialogue
    pause_seconds = max(1, min((story.now - dialogue.at) // (COUNT_PARTS + 2), LONGEST_PAUSE_SECONDS))
    story.then(0, dialogue.assign, story.cast.operator, "default_assignment", story.team())
    story.then(0, dialogue.assign, story.teammate, "assignment", reference("admin", story.teammate["id"]))
    while len(dialogue.parts) < COUNT_PARTS and not story.is_over:
        number = len(dialogue.parts)
        if number == CLOSED_AFTER_PARTS:
            story.then(pause_seconds, dialogue.close, story.teammate)
        elif number % 2:
            story.then(pause_seconds, dialogue.admin_replies, story.teammate, f"<p>Message {number}</p>")
        else:
            story.then(pause_seconds, dialogue.contact_writes, story.customer, f"<p>Message {number}</p>")
    dialogue.finish()
