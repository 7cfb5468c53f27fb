"""`statistics` of a conversation as Intercom sends them: what happened since the customer's first sign of life."""

from tests.transforms.models.definitions.events import OPENING


def statistics(history):
    """First and last of each kind after the customer wrote; only the number of parts where none did."""
    sent = {"type": "conversation_statistics", "count_conversation_parts": len(history.events)}
    if history.asked is None:
        return sent
    later = history.since_asked
    moments = {
        "contact_reply": [event.at for event in [history.asked, *later] if event.is_question],
        "admin_reply": [event.at for event in later if event.is_reply],
        "assignment": [event.at for event in later if event.is_assignment],
        "close": [event.at for event in history.closes_since_asked],
    }
    closers = [event.author for event in history.closes_since_asked if event.role == "teammate"]
    opened = [event for event in [history.asked, *later] if event.part_type in OPENING]
    return (
        sent
        | {f"first_{kind}_at": at[0] for kind, at in moments.items() if at}
        | {f"last_{kind}_at": at[-1] for kind, at in moments.items() if at}
        | {"last_closed_by_id": closers[-1] if closers else None}
        | {"count_assignments": len(moments["assignment"]), "count_reopens": len(opened)}
    )
