"""How a conversation gets going: a customer asks, a workflow greets, Fin answers or hands over."""

from enum import Enum, auto

from simulator.clock import DAY_SECONDS, HOUR_SECONDS
from simulator.dice import Weighted
from simulator.generate import words
from simulator.generate.stories.story import Story
from simulator.workspace.conversation_rules import outcomes
from simulator.workspace.conversation_rules.statistics import is_sent
from simulator.workspace.people import reference

SHARE_WITH_FIN = 0.4
SHARE_NOT_ANSWERED = {"operator_initiated": 0.3, "automated": 0.5}
SHARE_OUTBOUND_NOT_ANSWERED = 0.6
FIN_RESULTS: Weighted[str | None] = Weighted(
    {"routed_to_team": 45, "assumed_resolution": 22, "confirmed_resolution": 13, "abandoned": 12, None: 8}
)
"""`ai_agent.resolution_state`; None: Fin found no answer."""
FORMS = (
    ("work_email", "<p>What is your work email?</p>", "ada@example.com"),
    ("order_number", "<p>Which order is it about?</p>", "4711"),
)


class Beginning(Enum):
    """How a story's first answers, by workflow or Fin, have ended."""

    UNANSWERED = auto()
    DONE_BY_BOT = auto()
    NEEDS_TEAMMATES = auto()


def begin(story: Story) -> Beginning:
    """Play the first answers until teammates are needed, or nobody is."""
    source, dice = story.conversation["source"], story.dice
    delivery = source["delivered_as"]
    if delivery == "customer_initiated":
        return _fin_answers(story) if dice.happens(SHARE_WITH_FIN) else Beginning.NEEDS_TEAMMATES
    if not is_sent(source):
        return _greeted(story, SHARE_NOT_ANSWERED[delivery])
    if delivery == "admin_initiated" and dice.happens(0.5):
        # Whoever writes first owns the conversation, and no part shows it.
        story.dialogue.set_owners(story.owner(), None)
    if dice.happens(SHARE_OUTBOUND_NOT_ANSWERED):
        return Beginning.UNANSWERED
    _asks(story, DAY_SECONDS)
    return Beginning.NEEDS_TEAMMATES


def _greeted(story: Story, share_not_answered: float) -> Beginning:
    """Let a workflow greet first; the customer answers by a text, a button or a form."""
    dice, dialogue = story.dice, story.dialogue
    if dice.happens(share_not_answered):
        if dice.happens(0.3):
            story.then(DAY_SECONDS, dialogue.close, story.cast.operator)
        return Beginning.UNANSWERED
    if dice.happens(0.4):
        name, question, answer = dice.pick(FORMS)
        story.then(dice.within(0, 5), dialogue.bot_replies, story.cast.operator, question, "attribute_collector")
        story.then(story.wait(120), dialogue.contact_fills_in, story.customer, name, answer)
        if dice.happens(0.6):
            _asks(story, 120)
    elif dice.happens(0.3):
        story.then(story.wait(60), dialogue.contact_writes, story.customer, "<p>Talk to sales</p>", (), "quick_reply")
    else:
        _asks(story, HOUR_SECONDS)
    return _fin_answers(story) if dice.happens(SHARE_WITH_FIN) else Beginning.NEEDS_TEAMMATES


def _asks(story: Story, typical_seconds: int) -> None:
    question = words.body(story.dice, words.QUESTIONS)
    story.then(story.wait(typical_seconds), story.dialogue.contact_writes, story.customer, question)


def _fin_answers(story: Story) -> Beginning:
    """Let Fin try the first answer; `ai_agent` has the result."""
    dice, dialogue, fin = story.dice, story.dialogue, story.cast.fin
    if dice.happens(0.3):
        to_fin = reference("bot", fin["id"])
        story.then(0, dialogue.assign, story.cast.operator, "workflow_assignment", to_fin)
    result = FIN_RESULTS.throw(dice)
    if result is None:
        story.then(dice.within(0, 20), dialogue.add, "resolution_bot_found_no_answer", fin)
    else:
        story.then(dice.within(0, 20), dialogue.bot_replies, fin, words.body(dice, words.BOT_ANSWERS))
    if story.is_over:
        return Beginning.DONE_BY_BOT
    outcomes.fin_takes_part(dialogue, result, None if result is None else dice.pick(("ai_answer", "custom_answer")))
    if result in {None, "routed_to_team"}:
        _asks_for_a_person(story)
        return Beginning.NEEDS_TEAMMATES
    _ends_with_fin(story, result)
    return Beginning.DONE_BY_BOT


def _asks_for_a_person(story: Story) -> None:
    wait_seconds = story.dice.within(5, 60)
    story.then(wait_seconds, story.dialogue.contact_writes, story.customer, "<p>I want to talk to a person</p>")


def _ends_with_fin(story: Story, result: str | None) -> None:
    """End with Fin's first answer: confirmed by the customer, or abandoned; then a timer closes it after a day."""
    dice, dialogue, cast = story.dice, story.dialogue, story.cast
    if result == "confirmed_resolution":
        story.then(dice.within(20, 300), dialogue.contact_writes, story.customer, "<p>That helped 👍</p>")
        story.then(dice.within(0, 30), dialogue.close, cast.fin)
    elif result == "abandoned":
        story.then(dice.within(20, 300), dialogue.contact_writes, story.customer, "<p>That is not it</p>")
        story.then(dice.within(5, 20), dialogue.bot_replies, cast.fin, words.body(dice, words.BOT_ANSWERS))
        story.then(DAY_SECONDS, dialogue.close, cast.operator)
    else:
        story.then(dice.within(60, 900), dialogue.add, "user_became_idle", cast.fin)
        story.then(dice.within(0, DAY_SECONDS), dialogue.close, cast.fin)
    if dice.happens(0.25) and not story.is_over:
        outcomes.rate_fin(dialogue, dice.within(1, 5), dice.pick(words.REMARKS))
