"""Protected columns: everything else equals the truth, and what is protected is nowhere on the disk."""

import hashlib
import hmac
import json

import pytest

from pipelines.destination.target import Target
from simulator import SimulatorProcess
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from tests.ground_truth.comparison import differences
from tests.support.databases.byte_search import found
from tests.support.workspace import load

KEY = "a secret of the tests"
SIZES = {"contacts": 40, "companies": 10, "conversations": 30, "tickets": 15, "rate_limit": 0}
LEFT_OUT = {
    ("contacts", "phone"),
    ("contacts", "formatted_phone"),
    ("contacts", "avatar__image_url"),
    ("activity_logs", "performed_by__ip"),
}
WRITTEN = {
    "conversations": {
        *("title", "source__subject", "source__body", "source__attachments"),
        *("conversation_rating__remark", "ai_agent__rating_remark", "ticket"),
    },
    "conversation_parts": {"body", "metadata", "email_message_metadata"},
    "conversation_part_attachments": {"name", "url"},
    "tickets": {"ticket_attributes"},
    "ticket_parts": {"body"},
    "ticket_part_attachments": {"name", "url"},
    "contact_notes": {"body"},
}


def protected(table, row):
    """Return the row as the settings of this test want it, by rules written down here a second time."""
    return {column: _value(table, column, value) for column, value in row.items() if (table, column) not in LEFT_OUT}


def _value(table, column, value):
    if column in WRITTEN.get(table, ()):
        return _redacted(value)
    if (column == "email" or column.endswith("__email")) and value:
        digest = hmac.new(KEY.encode(), value.strip().lower().encode(), hashlib.sha256)
        return f"hmac:{digest.hexdigest()}"
    return value


def _redacted(value):
    if isinstance(value, dict):
        return {name: _redacted(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_redacted(item) for item in value]
    return value if value in {None, ""} else "[redacted]"


def settings():
    privacy = PrivacyConfiguration()
    privacy.leave_out = ["contacts.*phone", "contacts.avatar__image_url", "*.*__ip"]
    privacy.hash, privacy.hash_key = ["*.email", "*.*__email"], KEY
    privacy.bodies = "redact"
    return {"privacy": privacy}


@pytest.fixture
def simulator():
    with SimulatorProcess(seed=31, now="2026-03-01T12:00:00Z", **SIZES) as running:
        yield running


def secrets(simulator):
    truth = simulator.truth()
    parts = [part for each in truth["conversations"] for part in each["conversation_parts"]["conversation_parts"]]
    bodies = {part["body"] for part in parts if part.get("body") and len(part["body"]) > 20}
    emails = {contact["email"] for contact in truth["contacts"] if contact["email"]}
    # The simulator's phrases are few: some of them are published, too.
    published = json.dumps([truth[name] for name in ("articles", "news_items", "newsfeed_items")], ensure_ascii=False)
    published = published.replace('\\"', '"')
    bodies = {body for body in bodies if body not in published}
    assert bodies
    return bodies | emails | {contact["phone"] for contact in truth["contacts"] if contact["phone"]}


def test_protected_columns_are_as_configured_and_the_rest_equals_the_truth(simulator, tmp_path, capfd):
    database = tmp_path / "private.duckdb"
    for _ in range(2):
        assert load(simulator, database, everything=True, settings=settings()).status == "complete"
        assert differences(simulator, database, protected) == []
        assert found(secrets(simulator), tmp_path, Target(database=database).folder) == []
        assert "@" not in "".join(capfd.readouterr())
        simulator.mutate(200, seed=3)


def test_without_settings_the_same_search_finds_them(simulator, tmp_path):
    database = tmp_path / "open.duckdb"
    load(simulator, database)
    assert found(secrets(simulator), tmp_path)
