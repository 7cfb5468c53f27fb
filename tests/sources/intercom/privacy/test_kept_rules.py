"""A database knows the rules that it was loaded with; only rules that protect all of it may go on."""

import json
import time

import pytest

from sources.intercom import TABLES
from sources.intercom.configuration import PrivacyConfiguration
from sources.intercom.privacy.kept_rules import kept, weaker
from sources.intercom.privacy.rules import Privacy

KEY = "a long random secret of nobody"
NOTHING = {}


def privacy(**settings):
    configuration = PrivacyConfiguration()
    for name, value in {"hash_key": KEY, **settings}.items():
        setattr(configuration, name, value)
    return Privacy.of(configuration, TABLES)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"redact": ["contacts.name"]}, {"redact": ["contacts.name"]}),
        ({"redact": ["contacts.name"]}, {"leave_out": ["contacts.name"]}),
        ({"hash": ["contacts.email"]}, {"redact": ["*.email"]}),
        ({"leave_out": ["contacts.*phone"]}, {"leave_out": ["contacts.*"]}),
        ({"leave_out": ["contacts.custom_attributes.ssn"]}, {"leave_out": ["contacts.custom_attributes"]}),
        ({"leave_out": ["contacts.custom_attributes.ssn"]}, {"leave_out": ["contacts.custom_attributes.s*"]}),
        ({"leave_out": ["contacts.location__city"]}, {"leave_out": ["contacts.location"]}),
        ({"bodies": "redact"}, {"bodies": "leave_out"}),
        ({"leave_out": ["contacts.custom_attributes.Email"]}, {"leave_out": ["contacts.custom_attributes.email"]}),
        ({"leave_out": ["contacts.custom_attributes.a?"]}, {"leave_out": ["contacts.custom_attributes.a?"]}),
        ({"leave_out": ["contacts.custom_attributes.plan.name"]}, {"leave_out": ["contacts.custom_attributes.plan*"]}),
        ({"leave_out": ["contacts.custom_attributes.a.b"]}, {"leave_out": ["contacts.custom_attributes.*.*"]}),
        (NOTHING, {"redact": ["contacts.name"]}),
    ],
)
def test_rules_as_strict_or_stricter_go_on(before, now):
    assert weaker(kept(privacy(**before)), privacy(**now), TABLES) == []


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [
        ({"redact": ["contacts.name"]}, NOTHING, "contacts.name (redacted before)"),
        ({"leave_out": ["contacts.name"]}, {"redact": ["contacts.name"]}, "contacts.name (left out before)"),
        ({"hash": ["*.email"]}, {"hash": ["contacts.email"]}, "*.email (hashed before)"),
        ({"leave_out": ["contacts.*phone"]}, {"leave_out": ["contacts.phone"]}, "contacts.*phone"),
        ({"leave_out": ["contacts.custom_attributes"]}, {"leave_out": ["contacts.custom_attributes.ssn"]}, "contacts."),
        ({"leave_out": ["contacts.custom_attributes.a*"]}, {"leave_out": ["contacts.custom_attributes.a?"]}, "a*"),
        ({"leave_out": ["contacts.custom_attributes.[ab]"]}, {"leave_out": ["contacts.custom_attributes.[a]"]}, "[ab]"),
        ({"leave_out": ["contacts.custom_attributes.a.b"]}, {"leave_out": ["contacts.custom_attributes.a"]}, "a.b"),
        ({"leave_out": ["contacts.custom_attributes.a"]}, {"leave_out": ["contacts.custom_attributes.a.b"]}, "s.a"),
        ({"leave_out": ["contacts.custom_attributes.ssn"]}, {"hash": ["contacts.custom_attributes"]}, "ssn"),
        ({"bodies": "redact"}, NOTHING, "conversation_parts.body"),
        (
            {"hash": ["contacts.email"]},
            {"hash": ["contacts.email"], "hash_key": "another secret of nobody"},
            "hash_key",
        ),
    ],
)
def test_what_would_be_protected_no_more_is_named(before, now, lost):
    assert any(lost in line for line in weaker(kept(privacy(**before)), privacy(**now), TABLES))


def test_a_database_that_knows_no_rules_goes_on_with_any():
    assert weaker({}, privacy(), TABLES) == []


def test_the_key_is_nowhere_in_what_is_kept():
    record = json.dumps(kept(privacy(hash=["contacts.email"])))
    assert KEY not in record
    assert "contacts.email" in record
    assert "hash_key" not in kept(privacy(redact=["contacts.name"]))


def test_the_key_is_made_unreadable_once_and_not_with_every_page():
    """Which takes long on purpose: a tenth of a second."""

    def seconds(times):
        rules = privacy(hash=["contacts.email"], hash_key="a secret of this test alone")
        begun_at = time.process_time()
        for _ in range(times):
            kept(rules)
        return time.process_time() - begun_at

    assert seconds(1) > seconds(20)
