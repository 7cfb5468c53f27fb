"""Conversations: one row each, lists in tables of their own, everything else kept."""

import pytest

from sources.intercom.resources.conversations import CONVERSATION, conversation_rows
from sources.intercom.rows.table import REMOVES


def tables_of(conversation):
    return {table.name: rows for table, rows in conversation_rows([conversation])}


def test_nothing_but_an_id_is_enough():
    tables = tables_of({"id": 1})
    assert tables["conversations"] == [{"id": "1"}]
    assert tables["conversation_parts"] == []
    for name in ("contacts", "teammates", "tags", "linked_objects"):
        assert tables[f"conversation_{name}"] == [{"conversation_id": "1", REMOVES: True}]


def test_nested_objects_become_columns_and_ids_text():
    conversation = {
        "id": "1",
        "admin_assignee_id": 7,
        "team_assignee_id": None,
        "statistics": {"type": "conversation_statistics", "last_closed_by_id": 7, "count_reopens": 0},
        "conversation_rating": {"rating": 5, "contact": {"type": "contact", "id": "c"}, "teammate": {"id": 7}},
        "source": {"id": "2", "author": {"id": 3, "type": "lead"}, "attachments": [{"name": "a"}]},
        "first_contact_reply": None,
    }
    assert tables_of(conversation)["conversations"] == [
        {
            "id": "1",
            "admin_assignee_id": "7",
            "statistics__type": "conversation_statistics",
            "statistics__last_closed_by_id": "7",
            "statistics__count_reopens": 0,
            "conversation_rating__rating": 5,
            "conversation_rating__contact__type": "contact",
            "conversation_rating__contact__id": "c",
            "conversation_rating__teammate__id": "7",
            "source__id": "2",
            "source__author__id": "3",
            "source__author__type": "lead",
            "source__attachments": [{"name": "a"}],
        }
    ]


def test_free_form_objects_stay_whole():
    free = {"custom_attributes": {"a": {"b": 1}}, "topics": {"topics": [{"id": 1}]}, "ticket": {"id": 5}}
    agent = {"rating": 4, "content_sources": {"content_sources": [{"title": "x"}]}}
    [row] = tables_of({"id": "1", **free, "ai_agent": agent})["conversations"]
    assert row == {"id": "1", **free, "ai_agent__rating": 4, "ai_agent__content_sources": agent["content_sources"]}


def test_counts_are_columns_and_lists_are_tables():
    conversation = {
        "id": "1",
        "conversation_parts": {"conversation_parts": [{"id": "9"}], "total_count": 700},
        "linked_objects": {
            "data": [{"type": "ticket", "id": 4, "category": None}],
            "total_count": 1,
            "has_more": False,
        },
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "c", "external_id": "e"}]},
        "teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": "7"}]},
    }
    tables = tables_of(conversation)
    assert tables["conversations"] == [
        {
            "id": "1",
            "conversation_parts__total_count": 700,
            "linked_objects__total_count": 1,
            "linked_objects__has_more": False,
        }
    ]
    assert tables["conversation_parts"] == [{"conversation_id": "1", "id": "9"}]
    assert tables["conversation_linked_objects"] == [
        {"conversation_id": "1", "linked_object_id": "4", "type": "ticket"}
    ]
    assert tables["conversation_contacts"] == [
        {"conversation_id": "1", "contact_id": "c", "type": "contact", "external_id": "e"}
    ]
    assert tables["conversation_teammates"] == [{"conversation_id": "1", "admin_id": "7", "type": "admin"}]


def test_fields_that_nobody_declared_are_kept():
    [row] = tables_of({"id": "1", "new_field": 1, "new_object": {"inner": True}, "new_list": [1]})["conversations"]
    assert row == {"id": "1", "new_field": 1, "new_object__inner": True, "new_list": [1]}


def parts(*ids, count):
    return {"conversation_parts": {"conversation_parts": [{"id": one} for one in ids], "total_count": count}}


@pytest.mark.parametrize(
    ("answers", "loaded"),
    [
        ([parts("1", "2", count=2)], ["1", "2"]),
        ([parts(count=2), parts("1", "2", count=2)], ["1", "2"]),
        ([{}, parts("1", count=1)], ["1"]),
        ([parts("1", "2", count=3), parts("2", count=3)], ["1", "2"]),
        ([parts("1", count=2), parts("1", count=2)], ["1"]),  # it stays so: qa_conversation_completeness says it
    ],
)
def test_a_conversation_that_lacks_parts_is_asked_for_once_more(serve, answers, loaded):
    left = iter(answers)
    server, client = serve(lambda request: {"id": "7", "updated_at": 5, **next(left)})
    whole = CONVERSATION.completed(client, {"id": "7"})
    shown = tables_of(whole.detail)["conversation_parts"]
    assert [part["id"] for part in shown] == loaded
    assert len(server.requests) == len(answers)
