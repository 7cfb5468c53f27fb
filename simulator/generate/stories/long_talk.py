"""A conversation of more parts than the API shows: the hidden parts include assignments, closes and first replies."""

from simulator.generate.stories.story import Story
from simulator.workspace.people import reference

COUNT_PARTS = 700
CLOSED_AFTER_PARTS = 100
LONGEST_PAUSE_SECONDS = 900


def play_long_talk(story: Story) -> None:
    """Play questions and answers up to 700 parts, with a close and a reopening among the oldest."""
    talk = story.talk
    pause_seconds = max(1, min((story.now - talk.at) // (COUNT_PARTS + 2), LONGEST_PAUSE_SECONDS))
    story.then(0, talk.assign, story.cast.operator, "default_assignment", story.team())
    story.then(0, talk.assign, story.teammate, "assignment", reference("admin", story.teammate["id"]))
    while len(talk.parts) < COUNT_PARTS and not story.is_over:
        number = len(talk.parts)
        if number == CLOSED_AFTER_PARTS:
            story.then(pause_seconds, talk.close, story.teammate)
        elif number % 2:
            story.then(pause_seconds, talk.admin_replies, story.teammate, f"<p>Message {number}</p>")
        else:
            story.then(pause_seconds, talk.contact_writes, story.customer, f"<p>Message {number}</p>")
    story.finish()
