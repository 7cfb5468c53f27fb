"""Which columns a rule protects, what becomes of their values, and which rules are refused."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom import TABLES
from sources.intercom.configuration import ConfigurationError
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from sources.intercom.privacy.concealment import redact
from sources.intercom.privacy.rules import ACTIONS, Privacy, written
from sources.intercom.rows.table import REMOVES
from sources.intercom.secrecy.safe_text import masked

KEY = "a secret of the tests"


def privacy(**settings):
    configuration = PrivacyConfiguration()
    for name, value in settings.items():
        setattr(configuration, name, value)
    return Privacy.of(configuration, TABLES)


def loaded(table, row, **settings):
    return privacy(**settings).protected(TABLES[table], [row])[0]


def hashed(text):
    return "hmac:" + hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def test_without_rules_rows_are_handed_on_as_they_are():
    rows = [{"id": "1", "phone": "+353"}]
    assert privacy().protected(TABLES["contacts"], rows) is rows


def test_a_column_left_out_has_no_value():
    assert loaded("contacts", {"id": "1", "phone": "+353", "name": "Ada"}, leave_out=["contacts.phone"]) == {
        "id": "1",
        "name": "Ada",
    }


def test_a_redacted_text_is_there_where_one_was():
    rows = [{"id": "1", "body": "<p>secret</p>"}, {"id": "2", "body": ""}, {"id": "3"}]
    assert privacy(redact=["conversation_parts.body"]).protected(TABLES["conversation_parts"], rows) == [
        {"id": "1", "body": "[redacted]"},
        {"id": "2", "body": ""},
        {"id": "3"},
    ]


def test_equal_values_have_equal_hashes_in_every_table_however_an_address_is_written():
    settings = {"hash": ["*.*email", "*.external_id"], "hash_key": KEY}
    contact = loaded("contacts", {"id": "1", "email": " Ada@Example.com", "external_id": "Ab "}, **settings)
    event = loaded("data_events", {"id": "2", "email": "ada@example.com"}, **settings)
    assert contact == {"id": "1", "email": hashed("ada@example.com"), "external_id": hashed("Ab")}
    assert event["email"] == contact["email"]


def test_a_hash_is_never_hashed_again():
    settings = {"hash": ["contacts.email"], "hash_key": KEY}
    once = loaded("contacts", {"id": "1", "email": "ada@example.com"}, **settings)
    assert loaded("contacts", once, **settings) == once


def test_keys_inside_json_columns_are_protected_on_every_level():
    attributes = {"ssn": "078-05-1120", "plan": "gold", "address": {"street": "x", "city": "Cork"}, "a.b": "dots"}
    assert loaded(
        "contacts",
        {"id": "1", "custom_attributes": attributes},
        leave_out=["contacts.custom_attributes.SSN", "contacts.custom_attributes.address.street"],
        redact=["contacts.custom_attributes.a.b"],
    ) == {"id": "1", "custom_attributes": {"plan": "gold", "address": {"city": "Cork"}, "a.b": "[redacted]"}}


def test_lists_inside_json_are_looked_through():
    files = [{"name": "cv.pdf", "url": "https://x"}, {"name": "id.png", "url": "https://y"}]
    row = {"id": "1", "source__attachments": files}
    assert loaded("conversations", row, leave_out=["conversations.source__attachments.name"]) == {
        "id": "1",
        "source__attachments": [{"url": "https://x"}, {"url": "https://y"}],
    }


def test_a_redacted_json_column_keeps_its_shape_only():
    row = {"id": "1", "ticket_attributes": {"Title": "a", "n": 5, "is": True, "empty": "", "none": None, "list": ["x"]}}
    assert loaded("tickets", row, redact=["tickets.ticket_attributes"])["ticket_attributes"] == {
        "Title": "[redacted]",
        "n": "[redacted]",
        "is": "[redacted]",
        "empty": "",
        "none": None,
        "list": ["[redacted]"],
    }


def test_a_name_of_an_object_stands_for_its_columns_and_for_what_does_not_fit_them():
    row = {"id": "1", "location__city": "Cork", "location__country": "IE", "phone__v_bigint": 353, "phone__x": "y"}
    assert loaded("contacts", row, leave_out=["contacts.location", "contacts.phone"]) == {"id": "1"}


def test_undeclared_columns_are_protected_by_the_name_they_have_in_the_database():
    row = {"id": "1", "whatsAppNumber": "+353"}
    assert loaded("contacts", row, leave_out=["contacts.whats_app_number*"]) == {"id": "1"}


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"_nick": "Ada"}, "contacts._nick*"),
        ({"_nick": "Ada"}, "contacts.*"),
        ({"9lives": "Ada"}, "contacts._9lives*"),
        ({"_dlt_id": "Ada"}, "contacts.*"),
        ({"extra__v_card": "Ada"}, "contacts.extra__v_card*"),
        ({"extra___x": "Ada"}, "contacts.extra*"),
        ({"location___x": "Ada", "location__v_card": "Ada"}, "contacts.location"),
        ({"created_at__v_text": "9" * 20}, "contacts.created_at"),
    ],
)
def test_no_field_of_intercoms_escapes_by_its_name(row, rule):
    assert loaded("contacts", {"id": "1", **row}, leave_out=[rule]) == {"id": "1"}


def test_our_own_word_in_a_removal_row_is_no_value():
    row = {"contact_id": "1", REMOVES: True}
    assert loaded("contact_notes", row, leave_out=["contact_notes.*"]) == row


def test_the_strongest_rule_wins():
    settings = {"leave_out": ["contacts.email"], "hash": ["*.email"], "hash_key": KEY}
    assert loaded("contacts", {"id": "1", "email": "a@b.c"}, **settings) == {"id": "1"}


@given(
    st.dictionaries(
        st.sampled_from(["contacts.custom_attributes" + end for end in ("", ".a", ".b", ".*", ".a.x", ".a.*", ".*.x")]),
        st.sampled_from(ACTIONS),
    )
)
def test_the_strongest_rule_wins_for_each_key_of_a_json_column(rules):
    settings = {action: [name for name, wanted in rules.items() if wanted == action] for action in ACTIONS}
    plain = {"a": {"x": "1", "y": "2"}, "b": "3"}
    found = loaded("contacts", {"id": "1", "custom_attributes": plain}, **settings, hash_key=KEY)
    for keys, value in ((("a", "x"), "1"), (("a", "y"), "2"), (("b",), "3")):
        said = [action for name, action in rules.items() if covers(name.split(".")[2:], keys)]
        strongest = min(said, key=ACTIONS.index, default=None)
        kept = found.get("custom_attributes")
        for key in keys:
            kept = (kept or {}).get(key)
        assert kept == {None: value, "leave_out": None, "redact": "[redacted]", "hash": hashed(value)}[strongest]


def covers(pattern, keys):
    return len(pattern) <= len(keys) and all(one in ("*", key) for one, key in zip(pattern, keys, strict=False))


def test_patterns_pass_over_keys_and_numbers():
    row = {"id": "1", "created_at": 5, "name": "Ada", "has_hard_bounced": True}
    assert loaded("contacts", row, redact=["contacts.*"]) == {**row, "name": "[redacted]"}
    assert loaded("contacts", row, leave_out=["contacts.*"]) == {"id": "1"}


def test_everything_that_people_wrote_is_one_word():
    row = {"id": "1", "title": "t", "source__subject": "s", "source__body": "b", "conversation_rating__remark": "r"}
    assert loaded("conversations", row, bodies="leave_out") == {"id": "1"}
    assert set(loaded("conversations", row, bodies="redact").values()) == {"1", "[redacted]"}
    assert loaded("contact_notes", {"id": "1", "contact_id": "2", "body": "x"}, bodies="redact")["body"] == "[redacted]"


@pytest.mark.parametrize("table", ["conversation_parts", "ticket_parts"])
def test_of_a_body_that_is_left_out_it_is_still_known_that_it_was_there(table):
    """As of one that Intercom has removed: without that an answer would count as none."""
    row, empty = {"id": "1", "body": "x", "redacted": False}, {"id": "1", "body": "", "redacted": False}
    for settings in ({"bodies": "leave_out"}, {"leave_out": ["*.body"]}, {"leave_out": [f"{table}.bo*"]}):
        assert loaded(table, row, **settings) == {"id": "1", "redacted": True}
        assert loaded(table, {**empty, "body": None}, **settings) == {"id": "1", "redacted": False}
        assert loaded(table, empty, **settings)["redacted"] is False
    assert loaded(table, row, bodies="redact") == {"id": "1", "body": "[redacted]", "redacted": False}
    assert loaded(table, row, leave_out=[f"{table}.*"]) == {"id": "1"}
    assert loaded("contact_notes", {"id": "1", "body": "x"}, bodies="leave_out") == {"id": "1"}


@pytest.mark.parametrize("name", written(TABLES))
def test_what_people_wrote_stands_in_declared_columns(name):
    table, column = name.split(".", 1)
    assert privacy(redact=[name]).concealing(TABLES[table], column) is redact


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"leave_out": ["contacts.fone"]}, "did you mean contacts.phone"),
        ({"leave_out": ["contact.phone"]}, "did you mean contacts.phone"),
        ({"leave_out": ["contacts.emial*"]}, "did you mean contacts.email"),
        ({"leave_out": ["contacts.whatsapp_number"]}, "contacts.whatsapp_number*"),
        ({"leave_out": ["nonsense.nonsense"]}, "Tables:"),
        ({"leave_out": ["phone"]}, "such as contacts.phone"),
        ({"leave_out": ["contacts.id"]}, "key"),
        ({"hash": ["contact_tags.tag_id"], "hash_key": KEY}, "key"),
        ({"redact": ["contacts.created_at"]}, "use leave_out"),
        ({"leave_out": ["contacts.name.first"]}, "no JSON column"),
        ({"hash": ["contacts.email"]}, "hash_key"),
        ({"hash": ["contacts.email"], "hash_key": "short"}, "hash_key"),
        ({"bodies": "drop"}, "keep, redact or leave_out"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(settings, said):
    with pytest.raises(ConfigurationError, match=said.replace("*", r"\*")) as refused:
        privacy(**settings)
    assert masked(str(refused.value)) == str(refused.value), "as a command shows it"
