"""fct_csat: who was rated, when, and how long after the close."""

from tests.transforms.models.definitions.conversations import outcomes
from tests.transforms.models.definitions.history import RATED_NOBODY


def rated_at(history):
    """The last part `conversation_rating_changed`, or the request if no such part is loaded."""
    changed = rating_parts(history)
    return changed[-1].at if changed else history.rating.requested_at


def rating_parts(history):
    return [event for event in history.events if event.part_type == "conversation_rating_changed"]


def before_the_rating(history, events):
    """What came before it: within a second, by the place among the parts."""
    changed = rating_parts(history)
    if changed:
        return [event for event in events if event.place < changed[-1].place]
    return [event for event in events if event.at <= history.rating.requested_at]


def rated_admin(history):
    """The rating's own teammate, or if it names nobody (or an id that nobody has), the last replier before it."""
    repliers = [event.author for event in before_the_rating(history, history.replies)]
    named = history.rating.admin if history.rating.admin != RATED_NOBODY else None
    return named or (repliers[-1] if repliers else None)


def rows(workspace):
    """Rows of fct_csat."""
    for history in workspace.histories:
        if history.rating:
            at = rated_at(history)
            closes = [event.at for event in before_the_rating(history, history.closes)]
            yield {
                "conversation_id": history.conversation_id,
                "rating": history.rating.score,
                "is_positive": history.rating.score >= 4,
                "is_rateable": outcomes(history, workspace)["is_rateable"],
                "rated_at_epoch": at,
                "team_id": history.team or "none",
                "admin_id": rated_admin(history),
                "hours_after_close": (at - closes[-1]) / 3_600 if closes else None,
            }
