"""A conversation's `statistics`, computed from its own messages by Intercom's published definitions.

"after first_contact_reply_at" and "until" in those definitions are read as: measured from the first message of a
contact, the opening message included. The workspace has no office hours, so nothing is subtracted.
"""

from statistics import median_low

from simulator.record import Record

ASSIGNMENT_TYPES = frozenset(
    {
        "assignment",
        "assign_and_reopen",
        "assign_and_unsnooze",
        "default_assignment",
        "workflow_assignment",
        "away_mode_assignment",
    }
)
REOPEN_TYPES = frozenset({"open", "assign_and_reopen", "note_and_reopen"})
NOTE_TYPES = frozenset({"note", "note_and_reopen", "note_and_unsnooze"})
CONTACT_ROLES = frozenset({"user", "lead"})
TIMES = (
    "first_contact_reply_at",
    "first_assignment_at",
    "first_admin_reply_at",
    "first_close_at",
    "last_assignment_at",
    "last_assignment_admin_reply_at",
    "last_contact_reply_at",
    "last_admin_reply_at",
    "last_close_at",
)


def is_text(part: Record) -> bool:
    """Whether a part is a message that was written, also when its text was redacted later."""
    return part["part_type"] not in NOTE_TYPES and bool(part["body"] or part["attachments"] or part["redacted"])


def conversation_statistics(conversation: Record) -> Record:
    """The `statistics` object of a conversation with all its parts."""
    parts = conversation["conversation_parts"]["conversation_parts"]
    contact_at, admin_at = _message_times(conversation)
    times = dict.fromkeys(TIMES)
    times["last_admin_reply_at"] = admin_at[-1] if admin_at else None
    if contact_at:
        times.update(_times_after(contact_at, admin_at, parts))
    started_at = times["first_contact_reply_at"]
    return {
        "type": "conversation_statistics",
        "time_to_assignment": _time_to_assignment(parts, times),
        "time_to_admin_reply": _elapsed(started_at, times["first_admin_reply_at"]),
        "time_to_first_close": _elapsed(started_at, times["first_close_at"]),
        "time_to_last_close": _elapsed(started_at, times["last_close_at"]),
        "median_time_to_reply": _median_reply_seconds(contact_at, admin_at),
        **times,
        "last_closed_by_id": _last_closer(parts),
        "count_reopens": _count_since(parts, REOPEN_TYPES, started_at),
        "count_assignments": _count_since(parts, ASSIGNMENT_TYPES, started_at),
        "count_conversation_parts": len(parts) + 1,
    }


def _message_times(conversation: Record) -> tuple[list[int], list[int]]:
    contact_at: list[int] = []
    admin_at: list[int] = []
    if conversation["source"]["author"].get("type") in CONTACT_ROLES:
        contact_at.append(conversation["created_at"])
    for part in conversation["conversation_parts"]["conversation_parts"]:
        if is_text(part):
            role = part["author"]["type"]
            if role == "admin":
                admin_at.append(part["created_at"])
            elif role in CONTACT_ROLES:
                contact_at.append(part["created_at"])
    return contact_at, admin_at


def _times_after(contact_at: list[int], admin_at: list[int], parts: list[Record]) -> dict[str, int | None]:
    started_at = contact_at[0]
    assigned_at = [
        part["created_at"]
        for part in parts
        if part["part_type"] in ASSIGNMENT_TYPES and part["created_at"] >= started_at
    ]
    closed_at = [
        part["created_at"] for part in parts if part["part_type"] == "close" and part["created_at"] >= started_at
    ]
    answered_at = [at for at in admin_at if at >= started_at]
    return {
        "first_contact_reply_at": started_at,
        "first_assignment_at": assigned_at[0] if assigned_at else None,
        "first_admin_reply_at": answered_at[0] if answered_at else None,
        "first_close_at": closed_at[0] if closed_at else None,
        "last_assignment_at": assigned_at[-1] if assigned_at else None,
        "last_assignment_admin_reply_at": next((at for at in admin_at if assigned_at and at >= assigned_at[-1]), None),
        "last_contact_reply_at": contact_at[-1],
        "last_close_at": closed_at[-1] if closed_at else None,
    }


def _time_to_assignment(parts: list[Record], times: dict[str, int | None]) -> int | None:
    started_at, replied_at = times["first_contact_reply_at"], times["first_admin_reply_at"]
    if started_at is None:
        return None
    before = [
        part["created_at"]
        for part in parts
        if part["part_type"] in ASSIGNMENT_TYPES
        and part["created_at"] >= started_at
        and (replied_at is None or part["created_at"] <= replied_at)
    ]
    return before[-1] - started_at if before else None


def _median_reply_seconds(contact_at: list[int], admin_at: list[int]) -> int | None:
    durations, waiting_since, replies = [], None, iter([*admin_at, None])
    reply = next(replies)
    for at in contact_at:
        while reply is not None and reply < at:
            if waiting_since is not None:
                durations.append(reply - waiting_since)
                waiting_since = None
            reply = next(replies)
        waiting_since = at if waiting_since is None else waiting_since
    if waiting_since is not None and reply is not None:
        durations.append(reply - waiting_since)
    return median_low(durations) if durations else None


def _last_closer(parts: list[Record]) -> int | None:
    for part in reversed(parts):
        if part["part_type"] == "close" and part["author"]["type"] == "admin":
            return int(part["author"]["id"])  # a number, although every other reference to a closer is text
    return None


def _count_since(parts: list[Record], part_types: frozenset[str], started_at: int | None) -> int:
    if started_at is None:
        return 0
    return sum(part["part_type"] in part_types and part["created_at"] >= started_at for part in parts)


def _elapsed(since: int | None, until: int | None) -> int | None:
    return None if since is None or until is None else until - since
