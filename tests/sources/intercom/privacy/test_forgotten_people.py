"""What of a forgotten person is held back on its way in, and what of a conversation remains."""

import pytest

from sources.intercom import TABLES
from sources.intercom.privacy.forgotten_people import Forgotten
from sources.intercom.privacy.personal_columns import PARTICIPANTS, RECORDS

ADA, BOB = "ada", "bob"
# Tables whose rows say something about a contact's record and nothing about the person.
PSEUDONYMOUS = {"forgotten_records", "deleted_records"}


@pytest.fixture
def forgotten():
    return Forgotten.of([("contacts", ADA)])


def passed(forgotten, **rows_of_tables):
    held = forgotten.held_back([(TABLES[name], rows) for name, rows in rows_of_tables.items()])
    return {table.name: rows for table, rows in held}


def test_rows_of_a_forgotten_contact_are_not_loaded(forgotten):
    rows = [{"contact_id": ADA, "id": "1"}, {"contact_id": BOB, "id": "2"}]
    assert passed(forgotten, contacts=[{"id": ADA}, {"id": BOB}], contact_notes=rows) == {
        "contacts": [{"id": BOB}],
        "contact_notes": [rows[1]],
    }
    assert forgotten.count_held_back == {"contacts": 1, "contact_notes": 1}


@pytest.mark.parametrize(
    "said",
    [
        {"metadata": {"contact": {"id": ADA}, "name": "Ada"}},
        {"metadata": '{"contact_id":"ada"}'},
        {"activity_description": f"Kim exported ({ADA})."},
        {"activity_description": f"{ADA}を削除"},
        {"novelty": [ADA]},
    ],
)
def test_a_new_log_with_the_id_of_a_forgotten_contact_says_nothing(forgotten, said):
    mine, other = {"id": "1", "activity_type": "export", **said}, {"id": "2", "metadata": {"id": f"{ADA}m"}}
    loaded = passed(forgotten, activity_logs=[mine, other])["activity_logs"]
    assert ADA not in str(loaded[0])
    assert (loaded[0]["activity_type"], loaded[1]) == ("export", other)
    assert forgotten.found == {("activity_logs", "1", ADA)}


def test_a_new_conversation_of_a_forgotten_contact_comes_without_its_texts(forgotten):
    loaded = passed(
        forgotten,
        conversations=[
            {
                "id": "7",
                "state": "open",
                "source__body": "secret",
                "novelty": "x",
                "_nick": "x",
                "custom_attributes": {},
            },
        ],
        conversation_parts=[
            {"conversation_id": "7", "id": "71", "author__type": "user", "author__name": "Ada", "body": "secret"},
            {"conversation_id": "7", "id": "72", "author__type": "admin", "author__name": "Kim", "body": "Dear Ada"},
            {"conversation_id": "7", "id": "73", "author__type": "admin", "author__name": "Kim", "body": ""},
            {"conversation_id": "8", "id": "81", "author__type": "user", "author__name": "Bob", "body": "hello"},
        ],
        conversation_contacts=[
            {"conversation_id": "7", "contact_id": ADA, "external_id": "A-1", "_nick": "x"},
            {"conversation_id": "7", "contact_id": BOB, "external_id": "B-1"},
        ],
    )
    assert loaded["conversations"] == [{"id": "7", "state": "open", "source__body": "[forgotten]"}]
    assert [part["body"] for part in loaded["conversation_parts"]] == ["[forgotten]", "[forgotten]", "", "hello"]
    assert [part.get("author__name") for part in loaded["conversation_parts"]] == [None, "Kim", "Kim", "Bob"]
    assert loaded["conversation_contacts"] == [
        {"conversation_id": "7", "contact_id": ADA},
        {"conversation_id": "7", "contact_id": BOB, "external_id": "B-1"},
    ]
    assert forgotten.found == {("conversations", "7", ADA)}, "to be recorded: it stays so without the contact, too"


def test_reactions_go_with_their_receipts(forgotten):
    receipts = [{"receipt_id": "1", "user_id": ADA}, {"receipt_id": "2", "user_id": BOB}]
    passed(forgotten, message_receipts=receipts)
    clicks = [{"receipt_id": "1"}, {"receipt_id": "2"}]
    assert passed(forgotten, message_clicks=clicks) == {"message_clicks": [{"receipt_id": "2"}]}
    assert forgotten.found == {("message_receipts", "1", ADA)}, "to be recorded: exports of later days show it no more"
    later = Forgotten.of([("contacts", ADA), ("message_receipts", "1")])
    assert passed(later, message_clicks=clicks) == {"message_clicks": [{"receipt_id": "2"}]}


def test_a_visitor_known_by_the_forgotten_contacts_own_id_is_not_loaded(forgotten):
    passed(forgotten, contacts=[{"id": ADA, "external_id": "A-1"}])
    visitors = [{"id": "v1", "user_id": "A-1"}, {"id": "v2", "user_id": "B-1"}]
    assert passed(forgotten, visitors=visitors) == {"visitors": [visitors[1]]}


NAMES_A_CONTACT = [name for name, table in TABLES.items() if table.columns_that_say("contact_id", "receipt_id")]


@pytest.mark.parametrize("name", sorted(set(NAMES_A_CONTACT) - PSEUDONYMOUS))
def test_a_table_that_names_a_contact_loses_its_rows_or_their_texts(name):
    assert TABLES[name].is_of_one_person or name in {*RECORDS, *PARTICIPANTS}


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.is_of_one_person])
def test_a_row_of_one_person_names_the_person(name):
    assert TABLES[name].columns_that_say("contact_id", "receipt_id")


ODD = (["5"], [[]], {"id": "5"}, 5, True, "", None)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_id_in_the_place_of_one_ends_no_run(forgotten, odd):
    author = {"author__id": odd, "author__type": odd, "author__external_id": odd, "body": "hello"}
    rows = {
        "conversations": [{"id": "7", "source__author__id": odd, "source__author__type": odd, "title": "x"}],
        "conversation_parts": [{"conversation_id": "7", "id": "71", **author}],
        "conversation_contacts": [{"conversation_id": "7", "contact_id": odd, "external_id": odd}],
        "visitors": [{"id": "v", "user_id": odd}],
        "message_receipts": [{"receipt_id": odd, "user_id": odd}],
    }
    assert passed(forgotten, **rows) == rows


def test_a_forgotten_person_in_a_list_of_ids_is_recognized(forgotten):
    loaded = passed(
        forgotten,
        conversations=[{"id": "7", "source__author__id": [ADA], "source__author__type": ["user"], "title": "x"}],
        conversation_contacts=[{"conversation_id": "8", "contact_id": ADA, "external_id": ["A-1"]}],
        visitors=[{"id": "v", "user_id": "A-1"}],
    )
    assert loaded["conversations"][0]["title"] == "[forgotten]"
    assert loaded["visitors"] == []
