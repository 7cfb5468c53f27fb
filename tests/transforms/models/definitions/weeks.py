"""fct_teammate_weekly: what a teammate did in a week."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from tests.transforms.models.definitions.handovers import handovers
from tests.transforms.models.definitions.history import WEEK_SECONDS
from tests.transforms.models.definitions.medians import csat, median, rate
from tests.transforms.models.definitions.ratings import rated_admin, rated_at


class Weeks:
    """The weeks of teammates in which there is something of them."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.found = defaultdict(Week)

    def of(self, admin, moment):
        return self.found[admin, self.workspace.week(moment)]


class Week:
    """What is counted of a teammate and a week."""

    def __init__(self):
        self.replied, self.closed, self.handled = [], [], {}
        self.comebacks, self.first_responses, self.scores = [], [], []
        self.owned_seconds = self.count_handovers_in = self.count_handovers_out = 0


def rows(workspace):
    """Rows of fct_teammate_weekly."""
    weeks = Weeks(workspace)
    for history in workspace.histories:
        for count in (count_answers, count_closes, count_handovers, count_owned, count_ratings):
            count(history, weeks)
    for (admin, starts_on), week in weeks.found.items():
        is_over = workspace.midnight(starts_on + timedelta(days=7)) + WEEK_SECONDS <= workspace.now
        yield {
            "admin_id": admin,
            "week_start": starts_on,
            "count_replied_conversations": len(set(week.replied)),
            "count_replies": len(week.replied),
            "count_closes": len(week.closed),
            "owned_seconds": week.owned_seconds,
            "median_handling_seconds": median([*week.handled.values()]),
            "count_first_responses": len(week.first_responses),
            "median_first_response_seconds": median(week.first_responses),
            "count_handovers_in": week.count_handovers_in,
            "count_handovers_out": week.count_handovers_out,
            "reopen_rate": rate(week.comebacks) if is_over else None,
            "count_ratings": len(week.scores),
            "csat": csat(week.scores),
        }


def count_answers(history, weeks):
    """Replies, and first responses by the week of the reply: of inbound ones, unless closed before it."""
    for event in history.replies:
        weeks.of(event.author, event.at).replied.append(history.conversation_id)
    reply, asked = history.first_reply, history.asked
    was_closed = reply and any(event.is_close and event.place < reply.place for event in history.since_asked)
    if history.is_inbound and reply and not was_closed:
        weeks.of(reply.author, reply.at).first_responses.append(reply.at - asked.at)


def count_closes(history, weeks):
    """Own closes: whether it was open again within 7 days, and how long the teammate had had it open."""
    for before, event in pairwise(history.events):
        if not event.is_close or event.role != "teammate":
            continue
        week = weeks.of(event.author, event.at)
        week.closed.append(history.conversation_id)
        if before.state == "closed":
            continue  # a close of what was closed already ends nothing
        opened = next((each.at for each in history.after(event) if each.state != "closed"), None)
        week.comebacks.append(opened is not None and opened <= event.at + WEEK_SECONDS)
        if any(each.admin == event.author for each in history.events):
            owned = history.open_seconds(weeks.workspace.now, [event.author])
            week.handled[history.conversation_id] = owned


def count_handovers(history, weeks):
    """In: got from another teammate, out of another team, or from a bot. Out: to another one, a team, or nobody."""
    for handover in handovers(history):
        giver, taker, at = handover.before.admin, handover.after.admin, handover.after.at
        if taker and taker != giver:
            weeks.of(taker, at).count_handovers_in += 1
        if giver and giver != taker:
            weeks.of(giver, at).count_handovers_out += 1


def count_owned(history, weeks):
    """Open and assigned to the teammate, by the week in which it passed."""
    for event, seconds in history.spans(weeks.workspace.now):
        begins, ends = event.at, event.at + seconds
        while event.state == "open" and event.admin and begins < ends:
            next_week = weeks.workspace.midnight(weeks.workspace.week(begins) + timedelta(days=7))
            weeks.of(event.admin, begins).owned_seconds += min(ends, next_week) - begins
            begins = next_week


def count_ratings(history, weeks):
    """In the week in which the customer gave it."""
    if history.rating and rated_admin(history):
        weeks.of(rated_admin(history), rated_at(history)).scores.append(history.rating.score)
