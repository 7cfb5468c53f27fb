"""The plot of a conversation, from its beginning to its end."""

from simulator.clock import DAY_SECONDS
from simulator.generate.stories.asides import aside
from simulator.generate.stories.assignments import assign, change_owner
from simulator.generate.stories.endings import close, return_later
from simulator.generate.stories.first_answers import Beginning, begin
from simulator.generate.stories.imports import play_import
from simulator.generate.stories.rounds import play_round
from simulator.generate.stories.story import Story
from simulator.workspace.conversation_rules import outcomes

SHARE_IMPORTED = 0.02
ROUNDS = (0, 1, 1, 1, 2, 2, 3, 5)
SHARE_WITH_SLA = 0.2
SHARE_SLA_WITHOUT_STATUS = 0.05
NEWEST_RULE, NEWEST_RULE_SECONDS, SHARE_WITH_NEWEST_RULE = "Within three days", 3 * DAY_SECONDS, 0.8


def play(story: Story) -> None:
    """Play the whole plot of a story, from the first answers to what follows its end."""
    dice = story.dice
    if dice.happens(SHARE_IMPORTED):
        play_import(story)
        return
    beginning = begin(story)
    if beginning is Beginning.NEEDS_TEAMMATES:
        assign(story)
        _promise(story)
        for _ in range(dice.pick(ROUNDS)):
            play_round(story)
            if dice.happens(0.12):
                change_owner(story)
        aside(story)
        close(story)
    if beginning is not Beginning.UNANSWERED:
        return_later(story)
    story.dialogue.finish()


def _promise(story: Story) -> None:
    """Give some plots the promise of a service level; lately nearly all."""
    dice, is_recent = story.dice, story.now - story.dialogue.at < NEWEST_RULE_SECONDS
    if not dice.happens(SHARE_WITH_NEWEST_RULE if is_recent else SHARE_WITH_SLA):
        return
    name = NEWEST_RULE if is_recent else dice.pick(tuple(outcomes.SLA_SECONDS))
    if dice.happens(SHARE_SLA_WITHOUT_STATUS):
        story.then(0, outcomes.apply_sla, story.dialogue, story.cast.operator, name, None)
    else:
        story.then(0, story.promise, name)
