"""A schedule: what happens to a workspace and its syncs, made from a seed."""

from dataclasses import dataclass
from random import Random
from typing import Any

SEARCHES = ("SearchContacts", "searchConversations", "searchTickets", "ListContacts")
LISTS = (
    "listTags",
    "listAdmins",
    "listSegments",
    "listArticles",
    "listTicketTypes",
    "lisDataEvents",
    "downloadDataExport",
)
DETAILS = ("retrieveConversation", "listTagsForAContact", "listNotes", "listSegmentsForAContact")
SCROLL = "scrollOverAllCompanies"
OPERATIONS = ("*", *SEARCHES, *DETAILS, SCROLL)
BROKEN_SCROLLS = ("scroll_failed", "scroll_expired", "truncated", "reset")
CHANGING = ["companies", "contacts", "conversations", "tickets"]
NAMES = ("tags", "companies", "contacts", "conversations", "tickets", "articles", "activity_logs")
ZONES = ("UTC", "Pacific/Apia", "Pacific/Pago_Pago", "America/New_York", "Asia/Kolkata")
MOMENTS = {  # of a killed sync, with how often each comes in one load package at most
    "extracting": 20,
    "extracted": 1,
    "normalizing": 20,
    "normalized": 1,
    "copying": 20,
    "copied": 20,
    "merging": 15,
    "merged": 15,
    "package loaded": 1,
}
LONGEST_LAG_SECONDS = 500  # with the clock's steps back less than the 900 seconds by which searches overlap
STEP_BACK_SECONDS = 90
STEPS_BACK = 2
RARE = (  # rare changes, most of which happen only when they are named
    *("contact_merged_into", "contact_archived", "contact_unarchived", "conversation_customer_removed"),
    *("conversation_customer_added", "ticket_deleted", "tag_deleted", "collection_deleted"),
)


@dataclass(frozen=True)
class Step:
    """One call of a method of `Stage`."""

    name: str
    arguments: dict[str, Any]

    def __str__(self) -> str:
        """As Python would be written."""
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.arguments.items())})"


def schedule(seed):
    """Return the options of a simulator and the steps to take."""
    dice = Random(seed)
    workspace = {
        "seed": dice.randrange(1_000),
        "contacts": dice.randint(8, 30),
        "companies": dice.choice([3, 12, 12, 110]),
        "conversations": dice.randint(15, 40),
        "tickets": dice.randint(4, 15),
        "articles": 6,
        "news_items": 5,
        "activity_logs": 25,
        "visitors": 3,
        "messages": 20,
        "rate_limit": 0,
        "timezone": dice.choice(ZONES),
        "now": f"2026-03-0{dice.randint(1, 9)}T{dice.choice(['23:58', '00:01', '10:57', '12:00'])}:00Z",
    }
    return workspace, list(_steps(dice))


def _steps(dice):
    steps_back = 0
    for _ in range(dice.randint(3, 5)):
        make = dice.choices(list(KINDS), list(KINDS.values()))[0]
        for step in make(dice):
            steps_back += step.arguments.get("advance", 0) < 0
            if step.arguments.get("advance", 0) >= 0 or steps_back <= STEPS_BACK:
                yield step


def _sync(dice):
    yield Step("sync", _settings(dice))


def _sync_again(dice):
    how = dice.choice([{"full_refresh": True}, {"hours": dice.choice([1, 48, 2_000])}])
    yield Step("sync", {**how, **_settings(dice)})


def _settings(dice):
    """Return what of the workspace a run reads (no names: everything, which takes the longest), and how."""
    names = dice.choices([[], CHANGING, dice.sample(NAMES, 2)], [1, 3, 2])[0]
    chunk_records = dice.choice([5, 12, 20_000, 20_000])
    return {"names": names, "chunk_records": chunk_records, "connections": dice.choice([1, 8])}


def _killed_at_a_moment(dice):
    moment = dice.choice(list(MOMENTS))
    count = dice.randint(1, MOMENTS[moment] * dice.choice([1, 1, 3]))
    settings = _settings(dice)
    delay_seconds = dice.choice([0, 0, 0.003, 0.02])
    yield Step("killed_at", {"moment": moment, "count": count, "delay_seconds": delay_seconds, **settings})
    yield from _perhaps_resumed(dice, settings)


def _killed_after_calls(dice):
    settings = _settings(dice)
    yield Step("killed_after_calls", {"count": dice.randint(1, 150), **settings})
    yield from _perhaps_resumed(dice, settings)


def _perhaps_resumed(dice, settings):
    if dice.random() < 0.5:
        yield Step("sync", settings)


def _interrupted(dice):
    yield Step("interrupted", {"calls": dice.randint(1, 150), "times": dice.choice([1, 1, 2]), **_settings(dice)})


def _changes(dice):
    is_rare = dice.random() < 0.3  # and few: a sweep believes no listing from which everything has gone
    count = dice.choice([1, 4]) if is_rare else dice.choice([1, 10, 60])
    yield Step("changes", {"count": count, "seed": dice.randrange(1_000), "kinds": RARE if is_rare else ()})


def _churn(dice):
    yield Step("churn", {"every": dice.choice([2, 7, 25])})
    yield Step("sync", _settings(dice))


def _later(dice):
    yield Step("clock", {"advance": dice.choice([1, 61, 3_600, 86_400, 3 * 86_400])})


def _earlier(dice):
    yield Step("clock", {"advance": -dice.randint(1, STEP_BACK_SECONDS)})
    yield from _changes(dice)


def _lag(dice):
    """Searches find a change late: a sync comes before, another after, and what changed last is found first."""
    yield Step("lag", {"seconds": dice.randint(1, LONGEST_LAG_SECONDS), "is_uneven": dice.random() < 0.8})
    for _ in range(dice.choice([1, 2])):
        yield from _changes(dice)
        yield Step("sync", {**_settings(dice), "names": dice.choice([[], CHANGING])})
        yield Step("clock", {"advance": dice.choice([0, 30, LONGEST_LAG_SECONDS])})


def _trouble(dice):
    kinds = [_passing_fault, _passing_fault, _refused_cursor, _broken_scroll, _outage, _too_many_requests]
    yield Step("faults", {"faults": [dice.choice(kinds)(dice) for _ in range(dice.randint(1, 3))]})
    yield Step("sync", _settings(dice))


def _passing_fault(dice):
    fault = {
        "kind": dice.choice(["error", "empty", "truncated", "reset", "slow"]),
        "operation": dice.choice(OPERATIONS),
    }
    if fault["kind"] == "error":
        fault |= {"status": dice.choice([500, 502, 503, 504]), "html": dice.random() < 0.5}
    if fault["kind"] == "slow":
        fault |= {"delay_seconds": 0.05}
    return {**fault, "skip": dice.randint(0, 20), "times": dice.randint(1, 4), "every": dice.randint(1, 3)}


def _refused_cursor(dice):
    cursor = {"status": 400, "code": "client_error", "message": "starting_after is invalid"}
    return {"kind": "error", "operation": dice.choice(SEARCHES), "skip": dice.randint(0, 2), **cursor}


def _broken_scroll(dice):
    return {"kind": dice.choice(BROKEN_SCROLLS), "operation": SCROLL, "skip": dice.randint(0, 2)}


def _outage(dice):
    operation = dice.choice([*SEARCHES, *DETAILS, *LISTS, SCROLL])
    return {"kind": "error", "operation": operation, "status": 503, "skip": dice.randint(0, 30), "times": 0}


def _too_many_requests(dice):
    return {"kind": "rate_limited", "operation": dice.choice(OPERATIONS), "skip": dice.randint(0, 30), "times": 1}


def _oddities(dice):
    knobs = [
        {"scroll_token_changes": True, "scroll_page_size": 7},
        {"null_next": True, "events_end_empty": True, "over_max_per_page": "error"},
        {"inclusive_search_bounds": True, "compressed": True, "chunked": True},
        {"heavy_search_per_page": 3},
        {"rate_limit": 3_000},
        {"export_polls": 0, "export_container": "gzip"},
    ]
    yield Step("knobs", dice.choice(knobs))


def _restored(dice):
    """A backup taken now comes back after the workspace and the database have gone on."""
    yield Step("back_up", {})
    yield from _changes(dice)
    yield Step("sync", _settings(dice))
    yield Step("restore", {})


def _sweep(dice):
    yield from _changes(dice)
    yield Step("sweep", {})


def _calm(_dice):
    yield Step("calm", {})


KINDS = {
    _sync: 2,
    _sync_again: 1,
    _killed_at_a_moment: 5,
    _killed_after_calls: 2,
    _interrupted: 1,
    _changes: 4,
    _churn: 1.5,
    _later: 1,
    _earlier: 1,
    _lag: 3,
    _trouble: 3,
    _oddities: 1,
    _restored: 0.5,
    _sweep: 0.7,
    _calm: 1.5,
}
