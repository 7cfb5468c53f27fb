"""fct_tickets: random tickets, their records, and how long each was in which state, and in whose hands."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from tests.support.told.conversation import ANN, AUTHORS
from tests.transforms.models.definitions.events import FINS_ID, NOBODY, TEAMMATES, TEAMS
from tests.transforms.models.definitions.history import DAY_SECONDS

STATES = ("submitted", "in_progress", "waiting_on_customer", "resolved")
PAUSES = (0, 0, 1, 60, 900, 3_600, 5 * 3_600, DAY_SECONDS, 3 * DAY_SECONDS)
TAKERS = (*TEAMMATES * 2, *TEAMS, NOBODY, FINS_ID)
TYPE = {"type": "ticket_type", "id": "12", "name": "Defect", "category": "Customer"}


@dataclass(eq=False)
class Step:
    """What happens to a ticket: it gets a state or an owner, or somebody writes. Some changes leave no part."""

    at: int
    state: str | None = None
    to: str | None = None
    is_seen: bool = True


@dataclass(eq=False)
class Ticket:
    """A conversation that became a ticket has the age of the conversation; a step that leaves the state says when."""

    ticket_id: str
    created_at: int
    begun_at: int
    steps: list

    def __post_init__(self):
        self.updated_at = max([self.begun_at, *(step.at for step in self.steps)])
        self.state = [STATES[0], *(step.state for step in self.steps if step.state)][-1]
        self.takers = [step for step in self.steps if step.to]
        self.admin = admin(self.takers[-1]) if self.takers else None
        self.team = next((step.to for step in reversed(self.takers) if step.to in TEAMS), None)

    def until(self, moment):
        return replace(self, steps=[step for step in self.steps if step.at <= moment])


def admin(step):
    """Who has it after the step: a team, a bot or nobody takes the teammate away."""
    return step.to if step.to in TEAMMATES else None


def random_ticket(draw, number, created_at, now):
    """One in three was a conversation before."""
    steps, at = [], created_at
    for _ in range(draw.choice((0, 0, draw.randrange(5)))):
        steps.append(Step(at, to=draw.choice((None, *TAKERS))))
        at += draw.choice(PAUSES)
    begun_at = at
    if steps or draw.random() < 0.5:
        steps.append(Step(at, state=STATES[0]))
    for _ in range(draw.randrange(10)):
        at += draw.choice((*PAUSES, draw.randrange(100_000)))
        has_state = any(step.state for step in steps)  # the first part with one shows in which state it began
        state = draw.choice(STATES if has_state else STATES[1:])
        is_seen = draw.random() < 0.85 or not has_state
        step = draw.choice((Step(at, state=state, is_seen=is_seen), Step(at, to=draw.choice(TAKERS))))
        if at < now:
            steps.append(draw.choice((step, step, step, Step(at))))
    if steps and draw.random() < 0.1:
        steps.append(Step(steps[-1].at, to=draw.choice(TEAMMATES), is_seen=False))
    return Ticket(str(number), created_at, begun_at, steps)


def record(ticket):
    """What POST /tickets/search gives; its parts come in any order."""
    parts, state = [], STATES[0]
    for number, step in enumerate(ticket.steps):
        if step.is_seen:
            parts.append(part(step, str(int(ticket.ticket_id) * 10_000 + number), state))
        state = step.state or state
    parts.reverse()
    return {
        "type": "ticket",
        "id": ticket.ticket_id,
        "ticket_id": ticket.ticket_id,
        "category": "Customer",
        "ticket_attributes": {},
        "ticket_type": TYPE,
        "contacts": {"type": "contact.list", "contacts": []},
        "admin_assignee_id": ticket.admin or "0",
        "team_assignee_id": ticket.team or "0",
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "is_shared": True,
        "ticket_state": ticket.state,
        "ticket_state_internal_label": ticket.state,
        "ticket_state_external_label": ticket.state,
        "open": ticket.state != "resolved",
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts, "total_count": len(parts)},
    }


def part(step, part_id, state):
    shown = {
        "type": "ticket_part",
        "id": part_id,
        "part_type": "comment",
        "body": "<p>Text</p>",
        "author": AUTHORS[ANN],
    }
    if step.state:
        states = {"previous_ticket_state": state, "ticket_state": step.state}
        shown |= {"part_type": "ticket_state_updated_by_admin", "body": None, **states}
    if step.to:
        kind = "team" if step.to in TEAMS else "nobody_admin" if step.to == NOBODY else "admin"
        taker = {"type": kind, "id": None if step.to == NOBODY else step.to}
        shown |= {"part_type": "assignment", "body": None, "assigned_to": taker}
    return shown | dict.fromkeys(("created_at", "updated_at"), step.at)


def rows(workspace):
    """Rows of fct_tickets; business seconds are those of the team that has the ticket now."""
    for ticket in workspace.tickets:
        changes, hours = state_changes(ticket), workspace.hours(ticket.team)
        first = {state: at for at, state in reversed(changes)}
        seconds, business_seconds = Counter(), Counter()
        for (begins, state), (ends, _) in pairwise([*changes, (workspace.now, None)]):
            seconds[state] += ends - begins
            business_seconds[state] += hours.seconds(begins, ends)
        unresolved = sum(seconds[state] for state in STATES[:3])
        yield {
            "ticket_id": ticket.ticket_id,
            "ticket_state": ticket.state,
            "admin_id": ticket.admin,
            "team_id": ticket.team or "none",
            "begun_at_epoch": ticket.begun_at,
            "begun_on": workspace.day(ticket.begun_at),
            "created_on": workspace.day(ticket.created_at),
            "first_in_progress_seconds": since(ticket.begun_at, first.get("in_progress")),
            "resolution_seconds": since(ticket.begun_at, first.get("resolved")),
            **{f"{state}_seconds": seconds[state] for state in STATES},
            **{f"{state}_business_seconds": business_seconds[state] for state in STATES[:3]},
            "waiting_on_customer_share": seconds["waiting_on_customer"] / unresolved if unresolved else None,
            "count_reopens": sum(before == "resolved" for (_, before), _ in pairwise(changes)),
            "count_handovers": count_handovers(ticket),
        }


def since(begun_at, at):
    return None if at is None else at - begun_at


def state_changes(ticket):
    """(when, to what) of each; one that left no part comes as late as possible: with the next part that has a state."""
    found, shown, state = [(ticket.begun_at, STATES[0])], STATES[0], STATES[0]
    for step in ticket.steps:
        if step.state and step.is_seen:
            found += [(step.at, state)] if state != shown else []
            found += [(step.at, step.state)] if step.state != state else []
            shown = step.state
        state = step.state or state
    return [*found, (ticket.updated_at, state)] if state != shown else found


def count_handovers(ticket):
    """From one teammate to another, since it is a ticket."""
    owners = [(admin(before), admin(after)) for before, after in pairwise(ticket.takers) if after.at >= ticket.begun_at]
    return sum(bool(giver and taker and giver != taker) for giver, taker in owners)
