"""dim_contacts and dim_companies: what their conversations say of contacts and companies."""

from tests.transforms.models.definitions.conversations import answers, durations, outcomes
from tests.transforms.models.definitions.history import WEEK_SECONDS
from tests.transforms.models.definitions.medians import csat, median, rate
from tests.transforms.models.definitions.people import (
    AT_RISK_BUSINESS_SECONDS,
    COMPANIES,
    MONTH_SECONDS,
    QUARTER_SECONDS,
    taking_part,
)
from tests.transforms.models.definitions.ratings import rated_at


def contacts(workspace):
    """Rows of dim_contacts: those who exist."""
    conversations = taking_part(workspace)
    for person in workspace.people:
        if person.is_gone:
            continue
        histories = conversations.get(person.contact, [])
        own_ratings = [each for each in histories if workspace.survivor(each.contact) == person.contact]
        returns = [outcomes(history, workspace)["is_reopened_within_7_days"] for history in histories]
        began = [history.began for history in histories]
        yield {
            "contact_id": person.contact,
            "count_companies": len(person.companies),
            "companies": ", ".join(f"Company {company}" for company in sorted(person.companies)) or None,
            "count_conversations": len(histories),
            "first_conversation_at_epoch": min(began, default=None),
            "last_conversation_at_epoch": max(began, default=None),
            "count_conversations_30_days": sum(at >= workspace.now - MONTH_SECONDS for at in began),
            "count_open_conversations": sum(not history.is_closed for history in histories),
            "reopen_rate": rate([each for each in returns if each is not None]),
            "median_first_response_seconds": median([*first_responses(histories, workspace)]),
            "last_rating": last_rating(own_ratings),
            "longest_wait_business_seconds": longest_wait(histories, workspace),
            "health": health(histories, own_ratings, person.created_at, workspace),
        }


def companies(workspace):
    """Rows of dim_companies: conversations of all their contacts, each once."""
    conversations = taking_part(workspace)
    for company in COMPANIES:
        members = [each for each in workspace.people if company in each.companies and not each.is_gone]
        histories = list(
            {each.conversation_id: each for one in members for each in conversations.get(one.contact, [])}.values()
        )
        scores = [history.rating.score for history in histories if history.rating]
        open_since = [history.began for history in histories if not history.is_closed]
        own = {each.contact for each in members}
        own_ratings = [each for each in histories if workspace.survivor(each.contact) in own]
        condition = health(histories, own_ratings, workspace.now - QUARTER_SECONDS - 60, workspace)
        yield {
            "company_id": company,
            "count_contacts": len(members),
            "count_contact_conversations": len(histories),
            "contact_conversations_per_100_users": None if company == "k4" else 100 * len(histories) / 30,
            "count_ratings": len(scores),
            "csat": csat(scores),
            "count_open_conversations": len(open_since),
            "oldest_open_at_epoch": min(open_since, default=None),
            "health": condition,
            "spend_at_risk": 10.0 * int(company[1:]) if condition == "at_risk" else 0.0,
        }


def first_responses(histories, workspace):
    """Of the inbound ones with a reply, unless closed before it."""
    for found in (answers(history, workspace) for history in histories):
        if found["first_response_seconds"] is not None and not found["was_closed_before_first_reply"]:
            yield found["first_response_seconds"]


def last_rating(histories):
    """Of several in one second, that of the first conversation."""
    rated = [(rated_at(each), -int(each.conversation_id), each.rating.score) for each in histories if each.rating]
    return max(rated)[-1] if rated else None


def longest_wait(histories, workspace):
    waits = [durations(history, workspace)["waiting_business_seconds"] for history in histories]
    return max((seconds for seconds in waits if seconds is not None), default=None)


def health(histories, rated, known_since, workspace):
    """At risk: a last rating of 2 or less, a wait of more than 8 business hours, or three questions begun in a week."""
    week, quarter = workspace.now - WEEK_SECONDS, workspace.now - QUARTER_SECONDS
    asked_lately = [history for history in histories if history.asked and history.began >= week]
    is_badly_rated = (last_rating(rated) or 5) <= 2
    is_waiting = (longest_wait(histories, workspace) or 0) > AT_RISK_BUSINESS_SECONDS
    if is_badly_rated or is_waiting or len(asked_lately) >= 3:
        return "at_risk"
    is_silent = not any(history.began >= quarter for history in histories)
    return "quiet" if is_silent and known_since < quarter else "healthy"
