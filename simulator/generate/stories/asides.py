"""Acts apart from the dialogue: tags, priority, attributes, a snooze, a summary of a call, a redaction."""

from simulator.clock import HOUR_SECONDS
from simulator.generate import words
from simulator.generate.stories.story import Story
from simulator.workspace.conversation_rules.statistics import is_visible

ATTRIBUTES: tuple[tuple[str, object], ...] = (
    ("Issue type", "Bug"),
    ("issue_type", 4),
    ("order_total", 12.5),
    ("is_escalated", True),
)


def aside(story: Story) -> None:
    """Play some of the asides of a story, acts apart from its dialogue, in this order."""
    dice, dialogue, cast = story.dice, story.dialogue, story.cast
    if dice.happens(0.3):
        story.then(story.wait(60), dialogue.tag, dice.pick(cast.present_admins), dice.pick(cast.tags))
    if dice.happens(0.08):
        story.then(story.wait(60), dialogue.set_priority, story.teammate, "priority")
    if dice.happens(0.3):
        name, value = dice.pick(ATTRIBUTES)
        by = dice.pick((story.teammate, story.customer, cast.operator))
        story.then(story.wait(60), dialogue.set_attribute, by, name, value)
    if story.conversation["source"]["type"] in {"phone_call", "phone_switch"} or dice.happens(0.03):
        wait_seconds, summary = story.wait(600), words.body(dice, words.CALL_SUMMARIES)
        story.then(wait_seconds, dialogue.add, "call_summary", story.teammate, summary)
    if dice.happens(0.08):
        _snooze(story)
    redactable = dialogue.redactable() if dice.happens(0.03) else []
    if redactable:
        replies = [part for part in redactable if part["author"]["type"] == "admin" and is_visible(part)]
        story.then(story.wait(600), dialogue.redact, dice.pick(replies or redactable))


def _snooze(story: Story) -> None:
    """Play an aside: a snooze until a timer ends it, somebody does, or the customer writes."""
    dice, dialogue = story.dice, story.dialogue
    seconds = dice.within(1, 72) * HOUR_SECONDS
    story.then(story.wait(600), lambda: dialogue.snooze(story.teammate, dialogue.at + seconds))
    ending = dice.random()
    if ending < 0.6:  # noqa: PLR2004 - shares of the three endings
        story.then(seconds, dialogue.unsnooze, story.cast.operator)
    elif ending < 0.8:  # noqa: PLR2004 - as above
        story.then(seconds // 2, dialogue.unsnooze, story.teammate, "unsnoozed")
    else:
        story.then(seconds // 2, dialogue.contact_writes, story.customer, words.body(dice, words.QUESTIONS))
