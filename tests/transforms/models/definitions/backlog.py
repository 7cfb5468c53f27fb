"""fct_backlog_conversations and fct_backlog_daily: what was open or snoozed when a day ended, and how it came there."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from tests.transforms.models.definitions.conversations import is_message
from tests.transforms.models.definitions.medians import median, p90


def stock(workspace):
    """Rows of fct_backlog_conversations: the state at the end of each day, and of today now."""
    today = workspace.day(workspace.now)
    for history in workspace.histories:
        for day in workspace.days(history.began):
            ended = workspace.midnight(day + timedelta(days=1))
            seen = [event for event in history.events if event.at < ended or day == today]
            messages = [event for event in seen if is_message(event)]
            if seen[-1].state != "closed":
                yield {
                    "conversation_id": history.conversation_id,
                    "day": day,
                    "state": seen[-1].state,
                    "team_id": seen[-1].team or "none",
                    "admin_id": seen[-1].admin,
                    "is_waiting_on_us": seen[-1].state == "open" and bool(messages) and messages[-1].role == "customer",
                    "age_seconds": min(ended, workspace.now) - history.began,
                }


def daily(workspace):
    """Rows of fct_backlog_daily with conversations in them."""
    groups = defaultdict(list)
    for row in stock(workspace):
        groups[row["day"], row["team_id"], row["state"]].append(row)
    for (day, team_id, state), rows in groups.items():
        ages = [row["age_seconds"] for row in rows]
        yield {
            "day": day,
            "team_id": team_id,
            "state": state,
            "count_conversations": len(rows),
            "count_unassigned": sum(row["admin_id"] is None for row in rows),
            "count_waiting_on_us": sum(row["is_waiting_on_us"] for row in rows),
            "median_age_seconds": median(ages),
            "p90_age_seconds": p90(ages),
        }


def flows(workspace):
    """What was opened, came back and was closed on each day, of all teams and states of fct_backlog_daily together.

    What we sent comes with what first opens it; a close of what was closed already is none.
    """
    found = defaultdict(Counter)
    for history in workspace.histories:
        begun_at = [event.at for event in history.events if event.state != "closed"][:1]
        closed = [after.at for before, after in pairwise(history.events) if before.state != "closed" == after.state]
        reopened = [event.at for event in history.reopenings()]
        for name, moments in (("opened", begun_at), ("reopened", reopened), ("closed", closed)):
            for moment in moments:
                found[workspace.day(moment)][f"count_{name}"] += 1
    for day in workspace.days():
        yield {"day": day} | {name: found[day][name] for name in ("count_opened", "count_reopened", "count_closed")}
