"""Lists inside a record: every form they come in, and lists that become empty."""

import pytest

from sources.intercom.rows.linked_records import Link
from sources.intercom.rows.table import REMOVES, Table, text

CONTACTS = Table("contacts", "a contact", ("id",), text("contact_id", id="id"), is_of_one_person=True)
COMPANIES = Table("companies", "a company", ("id",), text("impersonal", id="id"))
CONVERSATIONS = Table("conversations", "a conversation", ("id",), text("impersonal", id="id"))
TAGS = Link.of(CONTACTS, "contact", "tags", "a tag on a contact", text("impersonal", tag_id="tags.id", name="name"))
TEAMMATES = Link.of(
    CONVERSATIONS,
    "conversation",
    "teammates",
    "a teammate",
    text("impersonal", admin_id="admins.id"),
    wrapper_keys=("admins",),
)
SEGMENTS = Link.of(
    COMPANIES, "company", "segments", "a segment", text("impersonal", segment_id="segments.id"), only_ids=True
)


def rows(link, *parents):
    [(table, rows)] = link.rows_of(parents)
    assert table is link.table
    return rows


def test_the_table_is_named_after_parent_and_list():
    assert TAGS.table.name == "contact_tags"
    assert TAGS.table.key == ("contact_id", "tag_id")


def test_a_link_says_of_a_person_what_its_parent_says():
    to_contacts, to_companies = TAGS.table.columns["contact_id"], SEGMENTS.table.columns["company_id"]
    assert (to_contacts.meaning, to_contacts.personal) == ("contacts.id", "contact_id")
    assert (to_companies.meaning, to_companies.personal) == ("companies.id", "impersonal")
    assert (TAGS.table.is_of_one_person, SEGMENTS.table.is_of_one_person) == (True, False)


def test_one_row_per_item_with_both_ids_as_text():
    parent = {"id": 7, "tags": {"data": [{"type": "tag", "id": 1, "name": "vip", "url": "/tags/1"}]}}
    assert rows(TAGS, parent) == [{"contact_id": "7", "tag_id": "1", "type": "tag", "name": "vip"}]


@pytest.mark.parametrize("tags", [None, {}, {"tags": []}, {"data": []}, {"data": None}, []])
def test_an_empty_list_empties_what_was_loaded_before(tags):
    assert rows(TAGS, {"id": "7", "tags": tags}) == [{"contact_id": "7", REMOVES: True}]


def test_a_missing_list_empties_too():
    assert rows(TAGS, {"id": "7"}) == [{"contact_id": "7", REMOVES: True}]


@pytest.mark.parametrize("nobody", [{"type": "nobody_admin", "id": None}, {"type": "admin"}])
def test_a_reference_to_nobody_is_no_item(nobody):
    assert rows(TEAMMATES, {"id": "7", "teammates": {"teammates": [nobody]}}) == [
        {"conversation_id": "7", REMOVES: True}
    ]
    both = {"id": "7", "teammates": {"admins": [nobody, {"type": "admin", "id": "5"}]}}
    assert rows(TEAMMATES, both) == [{"conversation_id": "7", "admin_id": "5", "type": "admin"}]


@pytest.mark.parametrize("odd", [{"type": "admin", "name": "Ada"}, {"id": None}, "c", {"type": "admin", "id": {}}])
def test_an_item_that_says_more_than_nobody_is_not_left_out_in_silence(odd):
    [row] = rows(TEAMMATES, {"id": "7", "teammates": {"admins": [odd]}})
    assert REMOVES not in row


def test_an_item_that_comes_twice_is_one_row():
    parent = {"id": "7", "tags": {"data": [{"id": "1"}, {"id": 1, "name": "vip"}]}}
    assert rows(TAGS, parent) == [{"contact_id": "7", "tag_id": "1", "name": "vip"}]


def test_each_parent_has_rows_of_its_own():
    parents = [{"id": "1", "tags": {"data": [{"id": "9"}]}}, {"id": "2"}, {"id": "3", "tags": {"tags": [{"id": "9"}]}}]
    assert [(row["contact_id"], REMOVES in row) for row in rows(TAGS, *parents)] == [
        ("1", False),
        ("2", True),
        ("3", False),
    ]


@pytest.mark.parametrize(
    "teammates",
    [
        {"type": "admin.list", "admins": [{"type": "admin", "id": "5"}]},
        {"type": "admin.list", "teammates": [{"type": "admin", "id": 5}]},
        {"type": "list", "data": [{"type": "admin", "id": 5}]},
    ],
)
def test_teammates_are_found_behind_all_their_names(teammates):
    parent = {"id": "1", "teammates": teammates}
    assert rows(TEAMMATES, parent) == [{"conversation_id": "1", "admin_id": "5", "type": "admin"}]


def test_of_whole_records_with_a_table_of_their_own_only_the_id_is_kept():
    parent = {"id": "1", "segments": {"segments": [{"id": "5", "name": "big", "count": 3}]}}
    assert rows(SEGMENTS, parent) == [{"company_id": "1", "segment_id": "5"}]
