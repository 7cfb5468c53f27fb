"""fct_conversations: how long each customer waited, and how it ended."""

from itertools import pairwise

from tests.transforms.models.definitions.events import FINS_ID, NOBODY, TEAMMATES
from tests.transforms.models.definitions.history import WEEK_SECONDS
from tests.transforms.models.definitions.people import only_company
from tests.transforms.models.definitions.turns import turns


def rows(workspace):
    """Rows of fct_conversations."""
    for history in workspace.histories:
        yield {
            "conversation_id": history.conversation_id,
            "contact_id": workspace.survivor(history.contact),
            "company_id": only_company(workspace, workspace.survivor(history.contact)),
            "direction": direction(history),
            "state": history.state,
            "admin_assignee_id": history.admin,
            "team_assignee_id": history.team,
            **answers(history, workspace),
            **closes(history, workspace),
            **from_assignment_to_close(history),
            **durations(history, workspace),
            **counts(history),
            **outcomes(history, workspace),
        }


def direction(history):
    """inbound (a customer wrote, begun by customer or workflow), outbound_replied (... begun by us) or outbound."""
    if history.asked is None:
        return "outbound"
    return "inbound" if history.is_inbound else "outbound_replied"


def answers(history, workspace):
    """From the customer's first message to the first reply after it; of inbound ones."""
    asked, reply = history.asked, history.first_reply
    found = {
        "asked_at_epoch": asked and asked.at,
        "first_reply_at_epoch": reply and reply.at,
        "first_reply_admin_id": reply and reply.author,
        "first_response_seconds": None,
        "first_response_business_seconds": None,
        "first_response_after_bot_seconds": None,
        "was_closed_before_first_reply": None,
        "time_to_first_assignment_seconds": None,
    }
    if history.is_inbound:
        before = [event for event in history.since_asked if reply is None or event.place < reply.place]
        assigned = first_assigned_at(history)
        found["was_closed_before_first_reply"] = any(event.is_close for event in before)
        found["time_to_first_assignment_seconds"] = None if assigned is None else assigned - asked.at
    if history.is_inbound and reply:
        hours = workspace.hours(history.at_end_of(asked.at).team)
        found["first_response_seconds"] = reply.at - asked.at
        found["first_response_business_seconds"] = hours.seconds(asked.at, reply.at)
        found["first_response_after_bot_seconds"] = reply.at - handed_over_at(history)
    return found


def first_assigned_at(history):
    """The first assignment to a teammate after the customer wrote; that moment where a teammate had it by then."""
    if history.at_end_of(history.asked.at).admin:
        return history.asked.at
    return next((event.at for event in history.since_asked if event.to in TEAMMATES), None)


def handed_over_at(history):
    """When a bot handed over: the first assignment to a teammate, a team or nobody, if a bot had come before it.

    Nobody gets what has just begun, too: to nobody counts after a bot alone, and after the customer where a bot began.
    """
    before = history.events[: history.first_reply.place + 1]
    bots = [event.place for event in before if event.is_bot_reply or event.to == FINS_ID]
    if before[0].role == "bot":
        bots.append(history.asked.place)
    came = min(bots, default=None)
    assigned = (event for event in before if event.is_assignment and event.to != FINS_ID)
    hands_over = (event for event in assigned if event.to != NOBODY or (came is not None and came <= event.place))
    handed_over = next(hands_over, None)
    has_bot = before[0].role == "bot" or (came is not None and handed_over is not None and came <= handed_over.place)
    return max(handed_over.at, history.asked.at) if handed_over and has_bot else history.asked.at


def closes(history, workspace):
    """From the customer's first message to the first and last close after it; who closed it last."""
    asked, last = history.asked, history.closes[-1] if history.closes else None
    since = [event.at for event in history.closes_since_asked]
    seconds = [at - asked.at for at in since]
    is_resolved = history.is_closed and bool(since)
    hours = workspace.hours(history.team)
    return {
        "first_close_at_epoch": history.closes[0].at if last else None,
        "last_close_at_epoch": last and last.at,
        "last_closed_by_role": last and last.role,
        "last_closed_by_admin_id": last.author if last and last.role == "teammate" else None,
        "first_close_seconds": seconds[0] if since else None,
        "last_close_seconds": seconds[-1] if since else None,
        "resolution_seconds": seconds[-1] if is_resolved else None,
        "resolution_business_seconds": hours.seconds(asked.at, since[-1]) if is_resolved else None,
    }


def from_assignment_to_close(history):
    """To the last close: from the first assignment to a teammate, and from the last one that is not after it."""
    closes = history.closes_since_asked
    first = first_assigned_at(history) if closes else None
    assigned = [] if first is None else [first]
    assigned += [event.at for event in history.since_asked if closes and event.to in TEAMMATES]
    before = [at for at in assigned if at <= closes[-1].at]
    return {
        "first_assignment_to_close_seconds": closes[-1].at - before[0] if before else None,
        "last_assignment_to_close_seconds": closes[-1].at - before[-1] if before else None,
    }


def durations(history, workspace):
    """Handling: open and assigned to a teammate, counted once it was closed. Unassigned: open and without one."""
    waiting = [turn.asked_at for turn in turns(history) if turn.outcome == "waiting"]
    team = history.at_end_of(waiting[0]).team if waiting else None
    return {
        "handling_seconds": history.open_seconds(workspace.now, TEAMMATES) if history.closes else None,
        "unassigned_seconds": history.open_seconds(workspace.now, [None]),
        "waiting_business_seconds": workspace.hours(team).seconds(waiting[0], workspace.now) if waiting else None,
    }


def counts(history):
    """How many there are of each; a handover is a change of owner between two different ones."""
    since_reply = history.after(history.first_reply) if history.first_reply else []
    handovers = [
        after
        for before, after in pairwise(history.events)
        if (before.admin and after.admin and before.admin != after.admin)
        or (before.team and after.team and before.team != after.team)
    ]
    return {
        "count_replies": len(history.replies),
        "count_replying_admins": len({event.author for event in history.replies}),
        "count_customer_messages": sum(event.is_question for event in history.events),
        "count_bot_replies": sum(event.is_bot_reply for event in history.events[1:]),
        "count_notes": sum(event.is_note for event in history.events),
        "count_closes": len(history.closes),
        "count_reopens": len(history.reopenings()),
        "count_turns": len(turns(history)),
        "count_handovers": len(handovers),
        "count_assignments": sum(event.is_assignment for event in history.events),
        "count_reassignments": sum(event.is_assignment for event in since_reply) if history.asked else None,
    }


def outcomes(history, workspace):
    """What is said of each with yes or no; NULL: not known before 7 days have passed."""
    replies = [event for event in history.since_asked if event.is_reply]
    last_message = next((event for event in reversed(history.events) if is_message(event)), None)
    is_asked_and_closed = history.is_closed and history.asked is not None
    return {
        "is_waiting_on_us": history.state == "open" and last_message is not None and last_message.role == "customer",
        "is_closed_on_first_contact": is_asked_and_closed
        and len(history.closes) == len({event.author for event in history.replies}) == 1,
        "is_one_touch": is_asked_and_closed and len(replies) == 1 and not history.reopenings(),
        "is_rateable": history.is_closed and bool(replies),
        "is_reopened_within_7_days": is_reopened_within_7_days(history, workspace),
        "is_resolved_no_return": is_resolved_without_return(history, workspace),
        "is_deflected_by_bot": is_deflected_by_bot(history),
    }


def is_message(event):
    """A message that is no bot's."""
    return event.is_question or event.is_reply or (event.part_type == "source" and event.role == "teammate")


def is_reopened_within_7_days(history, workspace):
    """Of its first close since the customer wrote."""
    first = next(iter(history.closes_since_asked), None)
    if first is None or workspace.now < first.at + WEEK_SECONDS:
        return None
    return history.is_reopened_within(WEEK_SECONDS)


def is_resolved_without_return(history, workspace):
    """No new conversation of that contact, with a customer's message, within 7 days of the last close."""
    closed = history.closes[-1].at if history.closes and history.is_closed else None
    if closed is None or workspace.now < closed + WEEK_SECONDS:
        return None
    others = [each for each in workspace.of_contact(history.contact) if each is not history and each.is_inbound]
    return not any(closed < each.asked.at <= closed + WEEK_SECONDS for each in others)


def is_deflected_by_bot(history):
    """Inbound, closed, a bot answered the customer, no reply, never a teammate's, and closed by none of them."""
    return (
        history.is_inbound
        and history.is_closed
        and any(event.is_bot_reply for event in history.since_asked)
        and not history.replies
        and not any(event.admin for event in history.events)
        and history.closes[-1].role != "teammate"
    )
