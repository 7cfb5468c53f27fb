"""fct_response_turns: the waits of a conversation."""

from dataclasses import dataclass, field
from itertools import pairwise

from tests.transforms.models.definitions.events import Event
from tests.transforms.models.definitions.history import MINUTE_SECONDS


@dataclass
class Turn:
    """A wait: for the answer to `messages`, or since `opening`, which opened again what was closed unanswered."""

    messages: list = field(default_factory=list)
    opening: Event | None = None
    is_later: bool = False
    ended_by: Event | None = None

    @property
    def is_wait(self):
        return bool(self.messages or self.opening)

    @property
    def begun_by(self):
        """The first message, or the opening before it; not a message that left it closed, if there is another."""
        asking = [event for event in self.messages if event.state != "closed"] if self.is_later else []
        first = (asking or self.messages)[:1] + ([self.opening] if self.opening else [])
        return min(first, key=lambda event: event.place)

    @property
    def asked_at(self):
        return self.begun_by.at

    @property
    def is_opened_again(self):
        return self.begun_by is self.opening

    @property
    def outcome(self):
        if self.ended_by is None:
            return "waiting"
        return "answered" if self.ended_by.is_reply else "closed_unanswered"

    def waited_until(self, now):
        return self.ended_by.at if self.ended_by else now


def turns(history):
    """A turn starts at the first customer message not yet answered and ends at the next reply or close.

    Where what was closed unanswered is opened again without a new message, it waits again from then on; one that a
    reply opens is answered by it, and has no such turn. A message that left the conversation closed asks nothing.
    """
    found, turn, is_owed = [], Turn(), False
    for before, event in pairwise([history.events[0], *history.events]):
        if event.is_question:
            turn.messages.append(event)
        if is_owed and before.state == "closed" != event.state and opens_without_words(event, history):
            turn.opening = event
        if event.is_reply or event.is_close:
            is_owed = not event.is_reply and (is_owed or bool(turn.messages))
            turn.ended_by = event
            found += [turn] if turn.is_wait else []
            turn = Turn(is_later=bool(found))
    return [*found, turn] if turn.is_wait and not history.is_closed else found


def opens_without_words(event, history):
    """Nobody's: a customer's own opening, a minute at most before the words, is part of them."""
    if event.is_question or event.is_reply:
        return False
    later = (each for each in history.after(event) if each.is_question or each.is_reply or each.is_close)
    following = next(later, None)
    is_announcing = event.role == "customer" and following is not None and following.is_question
    return not (is_announcing and following.at <= event.at + MINUTE_SECONDS)


def rows(workspace):
    """Rows of fct_response_turns. Business seconds are those of the team that had it when the customer asked."""
    for history in workspace.histories:
        for number, turn in enumerate(turns(history), start=1):
            team, until = history.at_end_of(turn.asked_at).team, turn.waited_until(workspace.now)
            is_answered = turn.outcome == "answered"
            yield {
                "conversation_id": history.conversation_id,
                "turn": number,
                "is_first": number == 1,
                "is_opened_again": turn.is_opened_again,
                "asked_team_id": team or "none",
                "admin_id": turn.ended_by.author if is_answered else None,
                "asked_at_epoch": turn.asked_at,
                "outcome": turn.outcome,
                "response_seconds": until - turn.asked_at if is_answered else None,
                "waited_seconds": until - turn.asked_at,
                "waited_business_seconds": workspace.hours(team).seconds(turn.asked_at, until),
                "count_customer_messages": len(turn.messages),
            }
