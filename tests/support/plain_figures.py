"""The figures of a conversation, read from its events one after the other: docs/metrics.md a second time, without SQL.

Of what is odd in records this knows nothing: all parts are there, and they lead to the state and owner that it has.
"""

from dataclasses import dataclass
from itertools import pairwise

WEEK_SECONDS, DAY_SECONDS, MINUTE_SECONDS = 604_800, 86_400, 60
SEEN = ("comment", "quick_reply", "assignment", "close", "open", "snoozed")  # parts whose text the customer sees
ASKING = ("source", "comment", "quick_reply", "attribute_collected")
UNSNOOZING = ("timer_unsnooze", "assign_and_unsnooze", "note_and_unsnooze")
OPENING = ("open", "assign_and_reopen", "note_and_reopen")


@dataclass
class Event:
    """The opening message (`source`) or a part. `role` is customer, teammate or bot; `to` is (teammate, team)."""

    at: int
    part_type: str
    role: str
    author_id: str
    has_text: bool = True
    to: tuple | None = None
    state: str = ""  # as the rest: after it
    admin: str | None = None
    team: str | None = None

    def __post_init__(self):
        opens_with_text = self.part_type == "open" and self.has_text
        self.is_question = self.role == "customer" and (self.part_type in ASKING or opens_with_text)
        is_seen = self.has_text and (self.part_type in SEEN or self.part_type.startswith("assign_and_"))
        self.is_reply = self.role == "teammate" and is_seen and self.part_type != "source"
        self.is_close = self.part_type == "close"
        self.is_action = self.is_close or self.part_type in ("snoozed", *OPENING, *UNSNOOZING)
        self.is_assignment = "assign" in self.part_type
        is_said = is_seen or (self.has_text and self.is_assignment)
        self.is_bot_reply = self.role == "bot" and is_said and self.part_type != "source"

    def sets(self, state):
        """Return the state that follows on `state`."""
        if self.is_close:
            return "closed"
        if self.part_type == "snoozed":
            return "snoozed"
        opens = self.part_type in OPENING or self.part_type in UNSNOOZING or self.is_question
        return "open" if opens and self.part_type != "source" else state


def followed(events, owner, is_ours):
    """Give each event the state, teammate and team after it; what we sent is closed until somebody opens it."""
    state, (admin, team) = "closed" if is_ours else "open", owner
    for place, event in enumerate(events):
        state = state if opens_nothing(events, place, is_ours) else event.sets(state)
        if event.to:
            admin, team = event.to[0], event.to[1] or team
        event.state, event.admin, event.team = state, admin, team
    return events


def opens_nothing(events, place, is_ours):
    """Tell whether it is a message that left it closed, after a close or what we sent: a part opens it later."""
    event = events[place]
    before = [each for each in events[:place] if each.is_action]
    later = next((each for each in events[place + 1 :] if each.is_action), None)
    was_closed = before[-1].is_close if before else is_ours
    if not was_closed or not event.is_question or event.is_action or later is None:
        return False
    return later.part_type in OPENING and later.at > event.at + MINUTE_SECONDS


def turns(events):
    """Return (asked, how it ended, when) of each question; one that left it closed is one if there is no other.

    One that was closed unanswered is asked again by whoever opens it, unless a reply does.
    """
    found, messages, opening, is_owed = [], [], None, False
    for before, event in zip([events[0], *events], events, strict=False):
        messages += [event] if event.is_question else []
        is_opened = before.state == "closed" != event.state
        if is_opened and is_owed and not event.is_question and not event.is_reply:
            opening = event
        if event.is_reply or event.is_close:
            if messages or opening:
                outcome = "answered" if event.is_reply else "closed_unanswered"
                found.append((asked_at(messages, opening, found), outcome, event.at))
            is_owed = not event.is_reply and (is_owed or bool(messages))
            messages, opening = [], None
    return [*found, (asked_at(messages, opening, found), "waiting", None)] if messages or opening else found


def asked_at(messages, opening, earlier_turns):
    """Return when the question of these messages was asked: the first turn begins with the first message."""
    questions = [event.at for event in messages if event.state != "closed"] if earlier_turns else []
    asked = questions or [event.at for event in messages[:1]]
    return min([*asked[:1], *([opening.at] if opening else [])])


def seconds(events, now, is_counted):
    """Return how long the events that count were the last one, all together."""
    ends = [event.at for event in events[1:]] + [now]
    return sum(end - event.at for event, end in zip(events, ends, strict=True) if is_counted(event))


def reopenings(events, is_ours):
    """Return when it did not stay closed; the first opening of what we sent is none."""
    opened = [after.at for before, after in pairwise(events) if before.state == "closed" and after.state != "closed"]
    return opened[1:] if is_ours else opened


def figures(events, now, is_ours):
    """Return columns of fct_conversations, by their names."""
    place = next((number for number, event in enumerate(events) if event.is_question), None)
    asked, later = (None, []) if place is None else (events[place], events[place + 1 :])
    replies, closes = [event for event in later if event.is_reply], [event for event in events if event.is_close]
    reopened, state = reopenings(events, is_ours), events[-1].state
    answer = replies[0] if replies else None
    before_answer = later[: later.index(answer)] if answer else later
    asked_closes = [event.at - asked.at for event in closes if event.at >= asked.at] if asked else []
    is_inbound = bool(asked) and not is_ours
    repliers = {event.author_id for event in events if event.is_reply}
    last_message = next((event for event in reversed(events) if event.is_question or event.is_reply), None)
    is_known = bool(closes) and now >= closes[0].at + WEEK_SECONDS
    return {
        "direction": "inbound" if is_inbound else "outbound_replied" if asked else "outbound",
        "asked_at_epoch": asked.at if asked else None,
        "first_reply_at_epoch": answer.at if answer else None,
        "first_reply_admin_id": answer.author_id if answer else None,
        "first_response_seconds": answer.at - asked.at if answer and is_inbound else None,
        "was_closed_before_first_reply": any(event.is_close for event in before_answer) if is_inbound else None,
        "first_close_seconds": asked_closes[0] if asked_closes else None,
        "last_close_seconds": asked_closes[-1] if asked_closes else None,
        "resolution_seconds": asked_closes[-1] if asked_closes and state == "closed" else None,
        "handling_seconds": seconds(events, now, lambda e: e.state == "open" and e.admin) if closes else None,
        "unassigned_seconds": seconds(events, now, lambda e: e.state == "open" and not e.admin),
        "count_replies": sum(event.is_reply for event in events),
        "count_bot_replies": sum(event.is_bot_reply for event in events),
        "count_customer_messages": sum(event.is_question for event in events),
        "count_closes": len(closes),
        "count_reopens": len(reopened),
        "count_turns": len(turns(events)),
        "count_assignments": sum(event.is_assignment for event in events),
        "is_closed_on_first_contact": bool(asked) and state == "closed" and len(closes) == len(repliers) == 1,
        "is_one_touch": state == "closed" and len(replies) == 1 and not reopened,
        "is_rateable": state == "closed" and bool(replies),
        "is_waiting_on_us": state == "open" and last_message is not None and last_message.is_question,
        "is_reopened_within_7_days": bool(reopened) and reopened[0] <= closes[0].at + WEEK_SECONDS
        if is_known
        else None,
        "is_deflected_by_bot": is_inbound
        and state == "closed"
        and any(event.is_bot_reply for event in later)
        and not repliers
        and not any(event.admin for event in events)
        and closes[-1].role != "teammate",
    }


def backlog(events, now):
    """Return (day's number since 1970 in UTC, state, team, teammate) of each day that ended with it open or snoozed."""
    for day in range(events[0].at // DAY_SECONDS, now // DAY_SECONDS + 1):
        is_over = (day + 1) * DAY_SECONDS <= now
        seen = [event for event in events if event.at < (day + 1) * DAY_SECONDS or not is_over]
        if seen[-1].state != "closed":
            yield day, seen[-1].state, seen[-1].team or "none", seen[-1].admin
