"""fct_handovers: a conversation goes from one owner to another, from a bot to a teammate, or back to nobody."""

from dataclasses import dataclass
from itertools import pairwise

from tests.transforms.models.definitions.events import FINS_ID, TEAMMATES, TEAMS, Event
from tests.transforms.models.definitions.history import History


@dataclass
class Handover:
    history: History
    kind: str
    before: Event
    after: Event

    def seconds_to_reply(self):
        """Until the new owner's first reply, with which a teammate may take over; of a team: anybody's after it."""
        later = self.history.after(self.after)
        replies = [event for event in later if event.is_reply]
        if self.kind not in ("team_to_team", "teammate_to_team"):
            own = [self.after, *later]
            replies = [event for event in own if event.is_reply and event.author == self.after.admin]
        return replies[0].at - self.after.at if replies else None

    def was_bounced_back(self, later):
        """The next handover of this kind goes back to where this one came from; between teammates or teams."""
        following = next((each for each in later if each.kind == self.kind), None)
        if following is None:
            return False
        if self.kind == "teammate_to_teammate":
            return following.after.admin == self.before.admin
        return self.kind == "team_to_team" and following.after.team == self.before.team


def handovers(history):
    """All of a history, in its order."""
    kinds = [(kind_of(history, before, after), before, after) for before, after in pairwise(history.events)]
    return [Handover(history, kind, before, after) for kind, before, after in kinds if kind]


def kind_of(history, before, after):
    """Between two different teammates, or teams; to a team or nobody; or, after a bot, to the first teammate."""
    if before.admin and after.admin and before.admin != after.admin:
        return "teammate_to_teammate"
    if before.team and after.team and before.team != after.team:
        return "team_to_team"
    if before.admin and not after.admin:
        return "teammate_to_team" if after.to in TEAMS else "to_unassigned"
    opening, *parts = history.events[: after.place + 1]
    is_first_teammate = after.to in TEAMMATES and not any(event.admin for event in history.events[: after.place])
    had_bot = opening.role == "bot" or any(part.is_bot_reply or part.to == FINS_ID for part in parts)
    return "bot_to_teammate" if is_first_teammate and had_bot else None


def rows(workspace):
    """Rows of fct_handovers."""
    for history in workspace.histories:
        found = handovers(history)
        for number, handover in enumerate(found, start=1):
            yield {
                "conversation_id": history.conversation_id,
                "handover": number,
                "kind": handover.kind,
                "from_admin_id": handover.before.admin,
                "to_admin_id": handover.after.admin,
                "from_team_id": handover.before.team,
                "to_team_id": handover.after.team,
                "handed_over_at_epoch": handover.after.at,
                "seconds_to_reply": handover.seconds_to_reply(),
                "was_bounced_back": handover.was_bounced_back(found[number:]),
            }
