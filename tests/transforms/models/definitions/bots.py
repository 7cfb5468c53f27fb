"""fct_bot_weekly: what bots and Fin did in the inbound conversations that began in a week."""

from collections import defaultdict

from tests.support.told.conversation import FIN
from tests.transforms.models.definitions.conversations import is_deflected_by_bot
from tests.transforms.models.definitions.history import DAY_SECONDS
from tests.transforms.models.definitions.medians import csat, rate

RESOLVED = ("confirmed_resolution", "assumed_resolution")


def rows(workspace):
    """Rows of fct_bot_weekly."""
    groups = defaultdict(list)
    for history in workspace.histories:
        if history.is_inbound:
            groups[workspace.week(history.began), history.channel].append(history)
    for (week_start, channel), histories in groups.items():
        involved = [history for history in histories if is_bot_involved(history)]
        deflected = [history for history in histories if is_deflected_by_bot(history)]
        alone = [history for history in histories if has_bot_reply(history) and not history.replies]
        scores = [history.rating.score for history in alone if history.rating]
        outcomes = [history.fin_outcome for history in histories if history.is_fin_involved]
        yield {
            "week_start": week_start,
            "channel": channel,
            "count_conversations": len(histories),
            "count_bot_involved": len(involved),
            "count_deflected": len(deflected),
            "count_handed_off": sum(map(had_a_teammate, involved)),
            "count_returned_within_24_hours": sum(returned(history, workspace) for history in deflected),
            "deflection_rate": len(deflected) / len(involved) if involved else None,
            "count_bot_only_ratings": len(scores),
            "bot_only_csat": csat(scores),
            "count_fin_involved": len(outcomes),
            "count_fin_resolved": sum(outcome in RESOLVED for outcome in outcomes),
            "count_fin_confirmed": outcomes.count("confirmed_resolution"),
            "count_fin_routed": outcomes.count("routed_to_team"),
            "count_fin_abandoned": outcomes.count("abandoned"),
            "fin_resolution_rate": rate([outcome in RESOLVED for outcome in outcomes]),
        }


def has_bot_reply(history):
    return any(event.is_bot_reply for event in history.events[1:])


def is_bot_involved(history):
    """A bot replied, or Fin took part: it did something itself, or Intercom says that it tried."""
    has_fin = any(event.author == FIN for event in history.events)
    return has_bot_reply(history) or has_fin or history.is_fin_involved


def had_a_teammate(history):
    return bool(history.replies) or any(event.admin for event in history.events)


def returned(history, workspace):
    """The same contact wrote in another inbound conversation within 24 hours of the close."""
    closed = history.closes[-1].at
    others = [each for each in workspace.of_contact(history.contact) if each is not history and each.is_inbound]
    return any(closed < each.asked.at <= closed + DAY_SECONDS for each in others)
