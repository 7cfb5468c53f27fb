"""The history of a conversation: its events one after the other, and the state and owner after each of them."""

from dataclasses import dataclass, replace
from itertools import pairwise

from tests.transforms.models.definitions.events import OPENING, TEAMMATES, TEAMS

MINUTE_SECONDS, DAY_SECONDS, WEEK_SECONDS = 60, 86_400, 604_800
RATED_NOBODY = "909"  # whom a workflow's rating names: nobody else does


@dataclass
class Rating:
    score: int
    requested_at: int
    admin: str | None


@dataclass(eq=False)
class History:
    """Events in the order of their times, those of one second in the order of their ids."""

    conversation_id: str
    contact: str
    channel: str
    priority: str
    delivered_as: str
    begins_closed: bool
    has_statistics: bool
    events: list
    rating: Rating | None = None
    guest: str | None = None  # another contact who takes part in it
    is_fin_involved: bool = False
    fin_outcome: str | None = None

    def __post_init__(self):
        follow(self.events, self.begins_closed)
        self.replies = [event for event in self.events if event.is_reply]
        self.closes = [event for event in self.events if event.is_close]
        self.state, self.admin, self.team = self.events[-1].state, self.events[-1].admin, self.events[-1].team
        self.asked = next((event for event in self.events if event.is_question), None)
        self.since_asked = self.after(self.asked) if self.asked else []
        self.closes_since_asked = [event for event in self.closes if self.asked and event.place >= self.asked.place]
        self.first_reply = next((event for event in self.since_asked if event.is_reply), None)

    @property
    def began(self):
        return self.events[0].at

    @property
    def is_begun_by_us(self):
        """What teammates send (`admin_initiated`), the campaigns of before, and a teammate's `automated` (Series)."""
        is_series = self.delivered_as == "automated" and self.events[0].role == "teammate"
        return is_series or self.delivered_as in ("admin_initiated", "campaigns_initiated")

    @property
    def is_inbound(self):
        """A customer wrote, and it was begun by a customer, or by a bot or workflow."""
        return self.asked is not None and not self.is_begun_by_us

    @property
    def is_closed(self):
        return self.state == "closed"

    def until(self, moment):
        """What of it had happened by a moment."""
        rating = self.rating if self.rating and self.rating.requested_at <= moment else None
        return replace(self, events=[replace(each) for each in self.events if each.at <= moment], rating=rating)

    def followed_by(self, event):
        return replace(self, events=[*self.events, event])

    def after(self, event):
        return self.events[event.place + 1 :]

    def at_end_of(self, second):
        """The last event of this second or before: a workflow may assign within it."""
        return [event for event in self.events if event.at <= second][-1]

    def spans(self, now):
        """(event, how long it was the last one in seconds) of each."""
        ends = [event.at for event in self.events[1:]] + [now]
        return [(event, end - event.at) for event, end in zip(self.events, ends, strict=True)]

    def open_seconds(self, now, owners):
        """How long it was open and one of these had it, all together; None is nobody."""
        return sum(seconds for event, seconds in self.spans(now) if event.state == "open" and event.admin in owners)

    def reopenings(self):
        """Events that opened it again; what first opens one that began closed is no reopening."""
        opened = [after for before, after in pairwise(self.events) if before.state == "closed" != after.state]
        return opened[1:] if self.begins_closed else opened

    def is_reopened_within(self, seconds):
        """Whether somebody opened it again so soon after its first close since the customer wrote."""
        at = self.closes_since_asked[0].at
        return any(at <= event.at <= at + seconds for event in self.reopenings() if event.place > self.asked.place)


def follow(events, begins_closed):
    """Give each event the state and owner after it; those of the first are known.

    An assignment to a team takes the teammate away, one to a teammate leaves the team, one to a bot is to nobody.
    """
    events[0].state = "closed" if begins_closed else "open"
    for place, (before, event) in enumerate(pairwise(events), start=1):
        event.place = place
        is_ignored = event.leaves_closed or opens_nothing(events, place)
        event.state = before.state if is_ignored else state_after(event, before.state)
        event.admin, event.team = before.admin, before.team
        if event.to:
            event.admin = event.to if event.to in TEAMMATES else None
            event.team = event.to if event.to in TEAMS else before.team


def state_after(event, state):
    """A close closes, a snooze snoozes, and a customer's message opens as a part does that says so."""
    if event.is_action or event.is_question:
        return {"close": "closed", "snoozed": "snoozed"}.get(event.part_type, "open")
    return state


def opens_nothing(events, place):
    """A message in a closed conversation after which a part opens it more than a minute later has opened nothing."""
    event = events[place]
    is_closed = next((each.is_close for each in reversed(events[:place]) if each.is_action), False)
    later = next((each for each in events[place + 1 :] if each.is_action), None)
    if not is_closed or not event.is_question or event.is_action or later is None:
        return False
    return later.part_type in OPENING and later.at > event.at + MINUTE_SECONDS
