"""Hostile answers from a seed: odd values in records, and pages, errors and listings that are not what they say."""

import json
import random
from dataclasses import dataclass

from tests.support.hostile_names import HOSTILE_NAMES

# operation: its resource, its raw table, and where its answer holds the records.
TARGETS = {
    "listTags": ("tags", "tags", "data"),
    "listTeams": ("teams", "teams", "teams"),
    "listAdmins": ("admins", "admins", "admins"),
    "listSegments": ("segments", "segments", "segments"),
    "listSubscriptionTypes": ("subscription_types", "subscription_types", "data"),
    "listTicketTypes": ("ticket_types", "ticket_types", "data"),
    "listAllCollections": ("collections", "collections", "data"),
    "listArticles": ("articles", "articles", "data"),
    "listNewsItems": ("news_items", "news_items", "data"),
    "listActivityLogs": ("activity_logs", "activity_logs", "activity_logs"),
    "scrollOverAllCompanies": ("companies", "companies", "data"),
    "SearchContacts": ("contacts", "contacts", "data"),
    "searchConversations": ("conversations", "conversations", "conversations"),
    "retrieveConversation": ("conversations", "conversations", None),
    "searchTickets": ("tickets", "tickets", "tickets"),
}
NO_ID = ("null", "{}", "[1]", "1.5", "true", "[" * 600 + "]" * 600)
VALUES = (
    *(*NO_ID, "[]", "[null]", "[[1]]", '""', '" "', '"\\uf02a12ab"', '"\\u0000"', '"\\ud800"', '"\\u202e"', "-0.0"),
    *("1e999", "9" * 400, "-1", "0", "2026", "253402300800", "NaN", "false", '"true"', '"{{ 7 * 6 }}"', '"\\\\"'),
    *('{"type": "error.list", "errors": []}', '{"a b": {"$": ["\\\\"]}}', '{"": 1, " ": 2}', json.dumps("x" * 5_000)),
    *('{"type": "list", "data": {}}', '{"data": [1, "x", null, {"id": null}]}', '[{"id": "1"}, {"id": "1"}]'),
)
# Where Intercom names no number, a listing that ends early cannot be told from a short one, nor a record that is hidden
# in every answer from none; of a list in one answer the first repetition is a reason to ask again.
ENDLESS = ("scrollOverAllCompanies", "listActivityLogs")
WITHOUT_NUMBER = ("listTags", "listTeams", "listAdmins", "listSegments", "listSubscriptionTypes", "listTicketTypes")
PAGES = ("repeated", "cut", "truncated", "empty", "error_as_success", "error")


@dataclass(frozen=True)
class Attack:
    """One fault of the simulator, and the resource and raw table that it is aimed at.

    `is_of_pages`: whether it hides records, or the whole answer, and not one record's values.
    """

    resource: str
    table: str
    fault: dict
    is_of_pages: bool


def attacks(seed, truth, count=6):
    """Return `count` attacks; a place within a record is one that a record of the truth has, or nobody knows."""
    dice = random.Random(seed)
    return [_attack(dice, operation, truth) for operation in dice.choices(sorted(TARGETS), k=count)]


def _attack(dice, operation, truth):
    resource, table, records = TARGETS[operation]
    if dice.random() < 0.2:
        kinds = [kind for kind in PAGES if operation not in ENDLESS or kind not in {"cut", "repeated"}]
        kind, times = dice.choice(kinds), dice.choice((1, 2))
        times = 1 if kind == "repeated" and operation in WITHOUT_NUMBER else times
        fault = {"kind": kind, "operation": operation, "times": times, "status": 502}
        return Attack(resource, table, fault, is_of_pages=True)
    record = dice.choice(truth[table])
    place, value = _place(dice, record), dice.choice(VALUES)
    if place == ["id"]:
        value = dice.choice(NO_ID)
    above = [] if records is None else [records, str(dice.randrange(min(4, len(truth[table]))))]
    if not above and not place:
        place = ["conversation_parts"]
    fault = {"kind": "altered", "operation": operation, "places": {".".join([*above, *place]): value}}
    return Attack(
        resource, table, {**fault, "times": dice.choice((1, 2) if records is None else (1, 0))}, is_of_pages=False
    )


def _place(dice, record):
    """Return the way to a value of a record: the record itself, its id, a field of it or within it, or a new field."""
    kind = dice.random()
    if kind < 0.1:
        return []
    if kind < 0.2:
        return ["id"]
    if kind < 0.35:
        return [dice.choice(HOSTILE_NAMES).replace(".", "_") or "_"]
    place, value = [], record
    while isinstance(value, dict | list) and value and (not place or dice.random() < 0.7):
        step = dice.choice(sorted(value)) if isinstance(value, dict) else dice.randrange(len(value))
        place.append(str(step))
        value = value[step]
    return place if "." not in "".join(place) else ["name"]
