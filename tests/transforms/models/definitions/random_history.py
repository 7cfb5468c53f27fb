"""A random history: what customers, teammates and bots do one after the other, by chance."""

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, FIN
from tests.transforms.models.definitions.events import (
    FINS_ID,
    NOBODY,
    OPENING,
    ROLES,
    TEAMMATES,
    TEAMS,
    UNSNOOZING,
    Event,
)
from tests.transforms.models.definitions.history import (
    DAY_SECONDS,
    MINUTE_SECONDS,
    RATED_NOBODY,
    WEEK_SECONDS,
    History,
    Rating,
)

BEGINNINGS = (
    *((CUSTOMER, "customer_initiated"),) * 7,
    (BOT, "operator_initiated"),
    (BOT, "automated"),
    (ANN, "admin_initiated"),
    (ANN, "campaigns_initiated"),
    (BEN, "automated"),  # a Series
)
CHANNELS = ("conversation", "conversation", "email", "whatsapp")
PAUSES = (0, 0, 1, 59, 60, 61, 300, 900, 1_800, 3_600, 18_000, DAY_SECONDS - 60, DAY_SECONDS, 2 * DAY_SECONDS)
LONG_PAUSES = (6 * DAY_SECONDS, WEEK_SECONDS, WEEK_SECONDS + 1)
PARTS = {
    "customer": (*("comment",) * 10, "quick_reply", "attribute_collected", "close", "conversation_rating_changed"),
    "teammate": (*("comment",) * 4, "note", "close", "close", "snoozed", *("assignment",) * 4, "call_summary"),
    "bot": ("comment", "comment", "close", "assignment", "default_assignment", "conversation_rating_request"),
}
FIN_OUTCOMES = (None, "assumed_resolution", "confirmed_resolution", "routed_to_team", "abandoned")
WITH_TEXT = ("comment", "quick_reply", "note", "note_and_reopen", "note_and_unsnooze")


def random_history(draw, number, began, now, contact):
    """One that begins then. One in four is odd: any part may come in any state, and Intercom has no figures of it."""
    author, delivered_as = draw.choice(BEGINNINGS)
    is_odd, is_ours = draw.random() < 0.25, author in TEAMMATES
    is_never_assigned, is_bots_alone = draw.random() < 0.2, not is_ours and draw.random() < 0.2
    opening = Event(began, author, "source")
    if is_never_assigned and not is_bots_alone:  # then it belongs to whom it names, from its beginning
        opening.admin, opening.team = draw.choice((None, *TEAMMATES)), draw.choice((None, *TEAMS))
    history = History(
        conversation_id=str(number),
        contact=contact,
        channel=draw.choice(CHANNELS),
        priority=draw.choice(("priority", "not_priority", "not_priority")),
        delivered_as=delivered_as,
        begins_closed=is_ours and (is_odd or draw.random() < 0.5),
        has_statistics=not is_odd and draw.random() < 0.6,
        events=[opening],
    )
    for _ in range(draw.choice((0, 1, 2, 3, 4, 5, 6, 8, 10, 14))):
        at = history.events[-1].at + draw.choice((*PAUSES, *LONG_PAUSES, draw.randrange(100_000)))
        if at < now:
            event = random_event(draw, at, history, is_bots_alone, is_odd)
            if not (event.is_assignment and is_never_assigned):
                history = history.followed_by(event)
    thanked_at = history.events[-1].at + draw.choice((MINUTE_SECONDS + 1, DAY_SECONDS))
    if history.has_statistics and history.is_closed and history.closes and thanked_at < now and draw.random() < 0.3:
        history = history.followed_by(Event(thanked_at, CUSTOMER, "comment", leaves_closed=True))
    if draw.random() < 0.3:
        history.is_fin_involved, history.fin_outcome = True, draw.choice(FIN_OUTCOMES)
    if draw.random() < 0.2:
        requested_at = draw.choice(history.events).at
        history.rating = Rating(draw.randint(1, 5), requested_at, draw.choice((None, RATED_NOBODY, ANN)))
    return history


def random_event(draw, at, history, is_bots_alone, is_odd):
    """What comes next, by whomever. One that was sent closed waits for a customer who opens it."""
    if history.begins_closed and all(event.state == "closed" for event in history.events):
        author, part_type = draw.choice(((ANN, "note"), *((CUSTOMER, "open"),) * 3))
        return Event(at, author, part_type)
    authors = (CUSTOMER, CUSTOMER, BOT, FIN) if is_bots_alone else (*(CUSTOMER, ANN, BEN) * 3, BOT, FIN)
    author = draw.choice(authors)
    part_type = draw.choice(parts(ROLES[author], None if is_odd else history.state))
    event = Event(at, author, part_type, has_text=part_type in WITH_TEXT or draw.random() < 0.4)
    if event.is_assignment:
        event.to = draw.choice((*TEAMS, NOBODY, FINS_ID, *(() if is_bots_alone else TEAMMATES * 4)))
    event.is_redacted = event.is_reply and draw.random() < 0.05
    return event


def parts(role, state):
    """What somebody may do in a state; with no state, anything."""
    found = [each for each in PARTS[role] if state != "closed" or each != "snoozed"]
    if state in ("closed", None):
        found += ["open"] * 4 if role == "customer" else OPENING
    if state in ("snoozed", None) and role != "customer":
        found += UNSNOOZING
    return found
