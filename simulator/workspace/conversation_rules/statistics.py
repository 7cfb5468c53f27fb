"""A conversation's `statistics`, computed from its own events by Intercom's published definitions.

Sources: `conversation_statistics` in the API reference, and the help article 6762778 ("Reporting metrics for REST API
and CSV exports"). Everything is measured from the customer's first sign of life; `docs/metrics.md` gives each line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from simulator.office_hours import OfficeHours
from simulator.record import Record
from simulator.workspace.people import CONTACT_ROLES

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
OUTBOUND = frozenset({"admin_initiated", "campaigns_initiated"})
"""Deliveries of conversations that begin closed, without a part that says so: what first opens one is no reopening.

All that the API's description shows of teammates' conversations began so; that campaigns and Series do is assumed.
"""
VISIBLE_TYPES = ASSIGNMENT_TYPES | {"comment", "quick_reply", "close", "open", "snoozed", "unsnoozed"}
"""Types of parts that the customer sees, when they have content."""


def is_sent(source: Record) -> bool:
    """Return True of an opening message that the workspace sent, which is closed until somebody answers.

    A workflow's messages are `automated`, and so are those of a Series, which a teammate sends (API reference).
    """
    delivered_as, author = source.get("delivered_as"), source["author"].get("type")
    return delivered_as in OUTBOUND or (delivered_as == "automated" and author == "admin")


@dataclass(frozen=True)
class Close:
    """A close in the statistics; an unseen one left no part (imports, bulk). `admin_id` None: not by a teammate."""

    at: int
    admin_id: str | None


def is_visible(part: Record) -> bool:
    """Return True if the customer sees a part as a message, also when its text was redacted later."""
    return part["part_type"] in VISIBLE_TYPES and bool(part["body"] or part["attachments"] or part["redacted"])


def is_from_contact(part: Record) -> bool:
    """Return True if a part is a customer's message, or the customer's answer to a form of a bot."""
    is_answer = part["part_type"] == "attribute_collected"
    return part["author"]["type"] in CONTACT_ROLES and (is_answer or is_visible(part))


def conversation_statistics(
    conversation: Record, unseen_closes: Sequence[Close] = (), office_hours: OfficeHours | None = None
) -> Record:
    """The `statistics` object of a conversation with all its parts, and with the closes that left none."""
    parts = conversation["conversation_parts"]["conversation_parts"]
    opened_at = _opened_at(conversation)
    started_at = _started_at(parts) if opened_at is None else opened_at
    if started_at is None:
        return {**dict.fromkeys(_NAMES), **_counts(conversation, None)}
    later = [part for part in parts if part["created_at"] >= started_at]
    unseen = [close for close in unseen_closes if close.at >= started_at]
    closes = sorted([*_closes(later), *unseen], key=lambda close: close.at)
    times = {**_message_times(later, started_at), **_assignment_times(later), **_close_times(closes)}

    def elapsed(name: str) -> int | None:
        at = times[name]
        return None if at is None else _seconds(started_at, at, office_hours)

    return {
        **dict.fromkeys(_NAMES),
        "time_to_assignment": _time_to_assignment(later, started_at, times["first_admin_reply_at"]),
        "time_to_admin_reply": elapsed("first_admin_reply_at"),
        "time_to_first_close": elapsed("first_close_at"),
        "time_to_last_close": elapsed("last_close_at"),
        "median_time_to_reply": _median_reply_seconds(parts, unseen, opened_at, office_hours),
        **times,
        "last_closed_by_id": _last_closer(closes),
        **_counts(conversation, started_at),
    }


_NAMES = (
    "type",
    "time_to_assignment",
    "time_to_admin_reply",
    "time_to_first_close",
    "time_to_last_close",
    "median_time_to_reply",
    "first_contact_reply_at",
    "first_assignment_at",
    "first_admin_reply_at",
    "first_close_at",
    "last_assignment_at",
    "last_assignment_admin_reply_at",
    "last_contact_reply_at",
    "last_admin_reply_at",
    "last_close_at",
    "last_closed_by_id",
)
"""What is null in a conversation without a customer, in the order of the API."""


def _opened_at(conversation: Record) -> int | None:
    is_from_customer = conversation["source"]["author"].get("type") in CONTACT_ROLES
    return int(conversation["created_at"]) if is_from_customer else None


def _started_at(parts: list[Record]) -> int | None:
    return next((part["created_at"] for part in parts if is_from_contact(part)), None)


def _is_reply(part: Record) -> bool:
    return part["author"]["type"] == "admin" and is_visible(part)


def _message_times(later: list[Record], started_at: int) -> dict[str, int | None]:
    asked_at = [started_at, *(part["created_at"] for part in later if is_from_contact(part))]
    replied_at = [part["created_at"] for part in later if _is_reply(part)]
    return {
        "first_contact_reply_at": started_at,
        "last_contact_reply_at": asked_at[-1],
        "first_admin_reply_at": replied_at[0] if replied_at else None,
        "last_admin_reply_at": replied_at[-1] if replied_at else None,
    }


def _assignment_times(later: list[Record]) -> dict[str, int | None]:
    assigned_at = [part["created_at"] for part in later if part["part_type"] in ASSIGNMENT_TYPES]
    if not assigned_at:
        return dict.fromkeys(("first_assignment_at", "last_assignment_at", "last_assignment_admin_reply_at"))
    replied_at = (part["created_at"] for part in later if _is_reply(part) and part["created_at"] >= assigned_at[-1])
    return {
        "first_assignment_at": assigned_at[0],
        "last_assignment_at": assigned_at[-1],
        "last_assignment_admin_reply_at": next(replied_at, None),
    }


def _closes(later: list[Record]) -> list[Close]:
    return [
        Close(part["created_at"], part["author"]["id"] if part["author"]["type"] == "admin" else None)
        for part in later
        if part["part_type"] == "close"
    ]


def _close_times(closes: list[Close]) -> dict[str, int | None]:
    return {
        "first_close_at": closes[0].at if closes else None,
        "last_close_at": closes[-1].at if closes else None,
    }


def _time_to_assignment(later: list[Record], started_at: int, replied_at: int | None) -> int | None:
    """Return the time to the last assignment before the first reply, the only one not limited to office hours."""
    before = [
        part["created_at"]
        for part in later
        if part["part_type"] in ASSIGNMENT_TYPES and (replied_at is None or part["created_at"] <= replied_at)
    ]
    return before[-1] - started_at if before else None


def _median_reply_seconds(
    parts: list[Record], unseen: list[Close], opened_at: int | None, office_hours: OfficeHours | None
) -> int | None:
    """Return the statistics' median time to replies since the first unanswered message; a close ends the waiting."""
    durations: list[int] = []
    waiting_since = opened_at
    closed_at = sorted(close.at for close in unseen)
    for part in parts:
        while closed_at and closed_at[0] <= part["created_at"]:
            waiting_since = None
            closed_at.pop(0)
        if is_from_contact(part):
            waiting_since = part["created_at"] if waiting_since is None else waiting_since
        elif _is_reply(part) and waiting_since is not None:
            durations.append(_seconds(waiting_since, part["created_at"], office_hours))
            waiting_since = None
        if part["part_type"] == "close":
            waiting_since = None
    return int(median(durations)) if durations else None


def _last_closer(closes: list[Close]) -> int | None:
    for close in reversed(closes):
        if close.admin_id is not None:
            return int(close.admin_id)  # a number, although every other reference to a closer is text
    return None


def _counts(conversation: Record, started_at: int | None) -> Record:
    parts = conversation["conversation_parts"]["conversation_parts"]

    def count_since(found: list[Record]) -> int:
        return 0 if started_at is None else sum(part["created_at"] >= started_at for part in found)

    return {
        "type": "conversation_statistics",
        "count_reopens": count_since(_reopenings(conversation["source"], parts)),
        "count_assignments": count_since([part for part in parts if part["part_type"] in ASSIGNMENT_TYPES]),
        "count_conversation_parts": len(parts) + 1,
    }


def _reopenings(source: Record, parts: list[Record]) -> list[Record]:
    openings_and_closes = [part for part in parts if part["part_type"] in REOPEN_TYPES | {"close"}]
    if is_sent(source):
        openings_and_closes = openings_and_closes[1:]  # the first one opens it
    return [part for part in openings_and_closes if part["part_type"] in REOPEN_TYPES]


def _seconds(since: int, until: int, office_hours: OfficeHours | None) -> int:
    return until - since if office_hours is None else office_hours.seconds_between(since, until)
