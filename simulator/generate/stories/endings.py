"""How a conversation ends, and what brings it back: thanks, a new question weeks later, a rating."""

from collections.abc import Callable

from simulator.clock import DAY_SECONDS, HOUR_SECONDS, WEEK_SECONDS
from simulator.dice import Weighted
from simulator.generate import words
from simulator.generate.stories.rounds import ask
from simulator.generate.stories.story import Story
from simulator.workspace.conversation_rules import outcomes


def _by_teammate(story: Story) -> None:
    story.then(story.wait(HOUR_SECONDS), story.dialogue.close, story.teammate)


def _by_last_word(story: Story) -> None:
    story.then(story.wait(HOUR_SECONDS), story.dialogue.close, story.teammate, words.body(story.dice, words.ANSWERS))


def _by_timer(story: Story) -> None:
    story.then(3 * DAY_SECONDS, story.dialogue.close, story.cast.operator)


def _by_customer(story: Story) -> None:
    story.then(story.wait(HOUR_SECONDS), story.dialogue.close, story.customer)


def _unseen(story: Story) -> None:
    """Play an ending by a close in bulk, which leaves no part."""
    admin_id = story.dice.pick((story.teammate["id"], None))
    story.then(story.wait(WEEK_SECONDS), story.dialogue.close_unseen, admin_id)


def _not_yet(story: Story) -> None:
    """Leave the story without an ending: open, or snoozed until a later day."""
    if story.dice.happens(0.3):
        until = story.now + story.dice.within(1, 10) * DAY_SECONDS
        story.then(story.wait(HOUR_SECONDS), story.dialogue.snooze, story.teammate, until)


CLOSES: Weighted[Callable[[Story], None]] = Weighted(
    {_by_teammate: 66, _by_last_word: 10, _by_timer: 6, _by_customer: 2, _unseen: 6, _not_yet: 10}
)


def close(story: Story) -> None:
    """Play the ending of a story: a close, mostly by a teammate."""
    CLOSES.throw(story.dice)(story)


def _thanks(story: Story) -> None:
    """Let thanks open the conversation; it is closed without a reply, and weeks later there is a new question."""
    dialogue, dice = story.dialogue, story.dice
    story.then(story.wait(1_200), dialogue.contact_writes, story.customer, "<p>Thanks!</p>")
    _by_teammate(story)
    if dice.happens(0.6):
        story.then(dice.within(1, 5) * WEEK_SECONDS, ask, story, HOUR_SECONDS)
        _answered_and_closed(story)


def _not_solved(story: Story) -> None:
    ask(story, DAY_SECONDS)
    _answered_and_closed(story)


def _answered_and_closed(story: Story) -> None:
    answer = words.body(story.dice, words.ANSWERS)
    story.then(story.wait(HOUR_SECONDS), story.dialogue.admin_replies, story.teammate, answer)
    _by_teammate(story)


def _taken_up_again(story: Story) -> None:
    wait_seconds = story.wait(DAY_SECONDS)
    story.then(wait_seconds, story.dialogue.assign, story.teammate, "assign_and_reopen", story.owner())
    story.then(story.wait(60), story.dialogue.close, story.cast.operator)


def _noted(story: Story) -> None:
    story.then(story.wait(DAY_SECONDS), story.dialogue.note, story.teammate, words.body(story.dice, words.NOTES))
    _by_teammate(story)


def _no_return(_: Story) -> None:
    """Let the ending be the last: the conversation stays closed for good."""


RETURNS: Weighted[Callable[[Story], None]] = Weighted(
    {_no_return: 66, _thanks: 12, _not_solved: 14, _taken_up_again: 4, _noted: 4}
)
SHARE_RATED = 0.25


def return_later(story: Story) -> None:
    """Play what follows the ending, if there was one; days later the customer may rate, with or without a reply."""
    if story.conversation["state"] != "closed":
        return
    RETURNS.throw(story.dice)(story)
    if story.conversation["state"] == "closed" and story.dice.happens(SHARE_RATED):
        rating, remark = story.dice.within(1, 5), story.dice.pick(words.REMARKS)
        rated = outcomes.last_replier(story.dialogue)
        story.then(story.wait(DAY_SECONDS), outcomes.rate, story.dialogue, story.contact, rated, rating, remark)
