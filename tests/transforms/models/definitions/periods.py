"""fct_support_daily and fct_support_periods: the figures of days, weeks and months, by channel and team, and of all."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import product

from tests.transforms.models.definitions.conversations import answers, outcomes
from tests.transforms.models.definitions.history import WEEK_SECONDS
from tests.transforms.models.definitions.medians import csat, median, p90, rate
from tests.transforms.models.definitions.workspace import monday

FIRST_DAYS = {"day": lambda day: day, "week": monday, "month": lambda day: day.replace(day=1)}


def rows(workspace):
    """Rows of both marts; medians are taken over conversations, never over daily medians."""
    begun, closed = defaultdict(list), defaultdict(list)
    for history in workspace.histories:
        for key in keys(history, workspace.day(history.began)):
            begun[key].append(history)
        if history.closes_since_asked:
            for key in keys(history, workspace.day(history.closes_since_asked[0].at)):
                closed[key].append(history)
    for period, starts_on, channel, team_id in {*begun, *closed}:
        key = (period, starts_on, channel, team_id)
        yield {
            "period": period,
            "starts_on": starts_on,
            "channel": channel,
            "team_id": team_id,
            **of_begun(begun[key], workspace),
            **of_first_closed(closed[key], end_of(period, starts_on), workspace),
        }


def keys(history, day):
    """Every period, channel or all of them, team that it has now or all of them."""
    channels, teams = (history.channel, "all"), (history.team or "none", "all")
    starts = [(period, first_day(day)) for period, first_day in FIRST_DAYS.items()]
    return [(*start, channel, team) for start, channel, team in product(starts, channels, teams)]


def end_of(period, starts_on):
    """The first day after it."""
    days = {"day": 1, "week": 7, "month": 32}[period]
    return FIRST_DAYS[period](starts_on + timedelta(days=days))


def of_begun(histories, workspace):
    """Of the conversations created in the period; those closed before any reply are in no median."""
    inbound = [(history, answers(history, workspace)) for history in histories if history.is_inbound]
    counted = [found for _, found in inbound if found["first_reply_at_epoch"] and not closed_before_reply(found)]
    seconds = [found["first_response_seconds"] for found in counted]
    business_seconds = [found["first_response_business_seconds"] for found in counted]
    hours = Counter(workspace.hour(history.began) for history, _ in inbound)
    rateable = [history for history in histories if outcomes(history, workspace)["is_rateable"]]
    scores = [history.rating.score for history in rateable if history.rating]
    return {
        "count_conversations": len(histories),
        "count_inbound_conversations": len(inbound),
        "count_replied": sum(history.first_reply is not None for history, _ in inbound),
        "count_closed_before_first_reply": sum(closed_before_reply(found) for _, found in inbound),
        "count_closed_now": sum(history.is_closed for history, _ in inbound),
        "median_first_response_seconds": median(seconds),
        "p90_first_response_seconds": p90(seconds),
        "median_first_response_business_seconds": median(business_seconds),
        "p90_first_response_business_seconds": p90(business_seconds),
        "share_within_1_business_hour": rate([wait <= 3_600 for wait in business_seconds]),
        "busiest_hour": min(hours, key=lambda hour: (-hours[hour], hour), default=None),
        "count_rateable": len(rateable),
        "count_rated": len(scores),
        "csat": csat(scores),
        "csat_response_rate": rate([history.rating is not None for history in rateable]),
    }


def closed_before_reply(found):
    return found["was_closed_before_first_reply"]


def of_first_closed(histories, ends_on, workspace):
    """Of the conversations first closed in it; no rate before the 7 days after the period are over."""
    reopened = [history.is_reopened_within(WEEK_SECONDS) for history in histories]
    is_over = workspace.midnight(ends_on) + WEEK_SECONDS <= workspace.now
    return {
        "count_first_closed": len(histories),
        "count_reopened_within_7_days": sum(reopened),
        "reopen_rate": rate(reopened) if is_over else None,
    }
