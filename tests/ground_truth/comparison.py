"""Every row and field of the raw tables against the truth."""

import json
import re

from sources.intercom import RESOURCES
from tests.ground_truth.expected import event_key, expected_tables
from tests.support.workspace import records_of

KEYS = {
    "newsfeed_items": ("newsfeed_id", "id"),
    "data_event_summaries": ("contact_id", "name"),
    "workspace": ("id_code",),
    "team_admins": ("team_id", "admin_id"),
    "data_attributes": ("model", "full_name", "id"),
    "company_tags": ("company_id", "tag_id"),
    "company_segments": ("company_id", "segment_id"),
    "contact_tags": ("contact_id", "tag_id"),
    "contact_companies": ("contact_id", "company_id"),
    "contact_notes": ("contact_id", "id"),
    "contact_social_profiles": ("contact_id", "position"),
    "contact_segments": ("contact_id", "segment_id"),
    "contact_subscriptions": ("contact_id", "subscription_type_id"),
    "conversation_parts": ("conversation_id", "id"),
    "conversation_part_attachments": ("conversation_part_id", "position"),
    "conversation_contacts": ("conversation_id", "contact_id"),
    "conversation_teammates": ("conversation_id", "admin_id"),
    "conversation_tags": ("conversation_id", "tag_id"),
    "conversation_linked_objects": ("conversation_id", "linked_object_id"),
    "ticket_parts": ("ticket_id", "id"),
    "ticket_part_attachments": ("ticket_part_id", "position"),
    "ticket_contacts": ("ticket_id", "contact_id"),
    "ticket_tags": ("ticket_id", "tag_id"),
    "ticket_linked_objects": ("ticket_id", "linked_object_id"),
}
OWN_KEY = ("id",)
SIGNATURE = re.compile(r"\?expires=\w+&signature=\w+")  # of a link to a file; each answer has its own
PLAIN = re.compile(r"(?!further_fields|select|turns)[a-z][a-z0-9_]*")  # a name that is a column's
TABLES = (
    *("admins", "teams", "tags", "segments", "subscription_types", "ticket_types", "ticket_type_attributes"),
    *("companies", "contacts", "conversations", "tickets"),
    *("help_centers", "collections", "articles", "news_items", "newsfeeds", "activity_logs", "data_events", "visitors"),
    *KEYS,
)
SWEPT = ("contacts", "companies", "conversations", "tickets", "articles", "news_items", "data_events")
PARENTS = {"contact": "contacts", "company": "companies", "conversation": "conversations", "ticket": "tickets"}
# Intercom counts members when it is asked; the truth does not say when that was.
NOT_COMPARED = {"segments": {"count"}}


def tables_of(*resources):
    """Return those of the compared tables that these resources fill."""
    filled = {table.name for name in resources for table in RESOURCES[name].tables}
    return [name for name in dict.fromkeys(TABLES) if name in filled]


def differences(simulator, database, as_loaded=lambda table, row: row, tables=TABLES):
    """Return one line for each row that is missing, doubled, different, or there without reason.

    `as_loaded(table, row)` returns an expected row as the settings want it in the table. `tables`: those that are
    compared.
    """
    truth = simulator.truth()
    expected = expected_tables(truth)
    hidden_parts = _hidden_parts(truth, expected)
    gone = {entity: {event_key(item["record"]) for item in items} for entity, items in simulator.gone().items()}
    lines = []
    for table, loaded_rows in zip(tables, records_of(database, tables), strict=True):
        wanted = {key: as_loaded(table, row) for key, row in expected[table].items()}
        lines += _table_differences(table, wanted, loaded_rows, gone, hidden_parts)
    return lines


def _hidden_parts(truth, expected):
    """Return the ids of parts that exist but are older than the newest 500 of their conversation."""
    parts = {
        str(part["id"])
        for conversation in truth["conversations"]
        for part in conversation["conversation_parts"]["conversation_parts"]
    }
    return parts - {part_id for _, part_id in expected["conversation_parts"]}


def _table_differences(table, expected, loaded_rows, gone, hidden_parts):
    names = KEYS.get(table, OWN_KEY)
    loaded = {}
    for row in loaded_rows:
        key = tuple(row[name] for name in names)
        if key in loaded:
            yield f"{table} {key}: twice"
        loaded[key] = _comparable(table, row)
    for key, row in expected.items():
        if key not in loaded:
            yield f"{table} {key}: missing"
            continue
        wanted = _comparable(table, row)
        if any(PLAIN.fullmatch(name) is None for name in wanted):
            wanted, loaded[key] = _with_odd_fields(wanted, loaded[key])
        if loaded[key] != wanted:
            fields = {name for name in {*wanted, *loaded[key]} if wanted.get(name) != loaded[key].get(name)}
            yield from (f"{table} {key} {f}: {wanted.get(f)!r} is {loaded[key].get(f)!r}" for f in sorted(fields))
    for key in loaded.keys() - expected.keys():
        if not _is_excused(table, loaded[key], gone, hidden_parts):
            yield f"{table} {key}: too many"


def _is_excused(table, row, gone, hidden_parts):
    """Rows of gone records stay until a sweep marks them; parts beyond the newest 500 stay, with their files."""
    if row.get("contact_id") in gone["contacts"] and table.startswith(("contact_", "data_event")):
        return True
    if table in SWEPT:
        return row["id"] in gone.get(table, ())
    parent = next((name for name in PARENTS if table.startswith(f"{name}_") and f"{name}_id" in row), None)
    if parent is None:
        return False
    if row[f"{parent}_id"] in gone.get(PARENTS[parent], ()):
        return True
    part_id = row["id"] if table.endswith("_parts") else row.get(f"{parent}_part_id")
    return part_id in hidden_parts


def _comparable(table, row):
    """JSON columns are compared as values, and nulls as missing."""
    return {
        name: _unsigned(_value(value))
        for name, value in row.items()
        if value is not None and name not in NOT_COMPARED.get(table, ())
    }


def _unsigned(value):
    if isinstance(value, dict):
        return {name: _unsigned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_unsigned(item) for item in value]
    return SIGNATURE.sub("", value) if isinstance(value, str) else value


def _with_odd_fields(wanted, loaded):
    """Return both rows with the values of fields whose names are no column's as one list, wherever they are loaded."""
    plain = {name for name in wanted if PLAIN.fullmatch(name)}
    further = loaded.get("further_fields", {})
    own = {name: value for name, value in loaded.items() if name in plain}
    others = [value for name, value in loaded.items() if name not in {*plain, "further_fields"}]
    odd = [value for name, value in wanted.items() if name not in plain]
    return (
        {name: wanted[name] for name in plain} | {"": sorted(map(_said, odd))},
        own | {"": sorted(map(_said, [*others, *further.values()]))},
    )


def _said(value):
    """A number is the same in a column of numbers with fractions, and in one of texts."""
    try:
        return str(float(value)) if type(value) is not bool else str(value)
    except (TypeError, ValueError):
        return str(value)


def _value(value):
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value))
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
