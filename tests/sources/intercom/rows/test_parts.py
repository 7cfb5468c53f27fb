"""Parts and their files."""

import pytest

from sources.intercom.resources.conversations import CONVERSATION_PARTS
from sources.intercom.resources.tickets import TICKET_PARTS
from sources.intercom.rows.table import REMOVES

FILE = {"type": "upload", "name": "a.png", "url": "https://x/a", "content_type": "image/png", "filesize": 10}


def rows(parts, *parents):
    (_, part_rows), (_, attachment_rows) = parts.rows_of(parents)
    return part_rows, attachment_rows


def conversation(*parts, conversation_id=9):
    wrapper = {"type": "conversation_part.list", "conversation_parts": list(parts), "total_count": len(parts)}
    return {"id": conversation_id, "conversation_parts": wrapper}


def test_a_part_gets_the_id_of_its_parent_which_intercom_leaves_out():
    part_rows, _ = rows(CONVERSATION_PARTS, conversation({"id": 1, "part_type": "comment", "author": {"id": 3}}))
    assert part_rows == [{"conversation_id": "9", "id": "1", "part_type": "comment", "author__id": "3"}]


def test_parts_of_tickets_are_alike():
    part_rows, attachment_rows = rows(TICKET_PARTS, {"id": "4", "ticket_parts": {"ticket_parts": [{"id": "1"}]}})
    assert part_rows == [{"ticket_id": "4", "id": "1"}]
    assert attachment_rows == [{"ticket_part_id": "1", REMOVES: True}]


@pytest.mark.parametrize(
    ("assigned_to", "columns"),
    [
        (None, {}),
        ({"type": "nobody_admin", "id": None}, {"assigned_to__type": "nobody_admin"}),
        ({"type": "team", "id": 5}, {"assigned_to__type": "team", "assigned_to__id": "5"}),
    ],
)
def test_every_form_of_an_assignment_is_kept(assigned_to, columns):
    [row], _ = rows(CONVERSATION_PARTS, conversation({"id": "1", "assigned_to": assigned_to}))
    assert row == {"conversation_id": "9", "id": "1"} | columns


def test_free_form_facts_stay_one_value():
    facts = {"event_details": {"a": {"b": 1}}, "metadata": {}, "email_message_metadata": {"subject": "x"}, "tags": [1]}
    [row], _ = rows(CONVERSATION_PARTS, conversation({"id": "1"} | facts))
    assert row == {"conversation_id": "9", "id": "1"} | facts


def test_files_keep_their_place():
    _, files = rows(CONVERSATION_PARTS, conversation({"id": "1", "attachments": [FILE, {**FILE, "name": "b.png"}]}))
    assert [(file["conversation_part_id"], file["position"], file["name"]) for file in files] == [
        ("1", 0, "a.png"),
        ("1", 1, "b.png"),
    ]
    assert files[0]["conversation_id"] == "9"
    assert files[0]["filesize"] == 10


@pytest.mark.parametrize("attachments", [{}, {"attachments": None}, {"attachments": []}])
def test_a_redacted_part_loses_its_files(attachments):
    _, files = rows(CONVERSATION_PARTS, conversation({"id": "1", "redacted": True, **attachments}))
    assert files == [{"conversation_part_id": "1", REMOVES: True}]


@pytest.mark.parametrize("wrapper", [{}, {"conversation_parts": None}, {"conversation_parts": {"total_count": 0}}])
def test_a_conversation_without_parts_deletes_none(wrapper):
    assert rows(CONVERSATION_PARTS, {"id": "9", **wrapper}) == ([], [])


def test_parts_and_files_name_the_record_that_they_belong_to():
    meanings = {name: column.meaning for name, column in CONVERSATION_PARTS.attachments.columns.items()}
    assert meanings["conversation_id"] == CONVERSATION_PARTS.parts.columns["conversation_id"].meaning
    assert meanings["conversation_id"] == "conversations.id"
    assert meanings["conversation_part_id"] == "conversation_parts.id"


def test_parts_are_written_over_and_never_deleted():
    assert CONVERSATION_PARTS.parts.replaced == TICKET_PARTS.parts.replaced == "row"
    assert CONVERSATION_PARTS.attachments.replaced == "parent"
