"""A conversation's statistics, by Intercom's published definitions: events in, figures out."""

from datetime import datetime

import pytest

from simulator.office_hours import OfficeHours
from simulator.workspace.conversation_rules.statistics import Close, conversation_statistics

CUSTOMER, TEAMMATE, BOT = ("user", "5f0"), ("admin", "7"), ("bot", "9")


def part(part_type, at, author, body=None, **fields):
    facts = {"body": body, "attachments": [], "redacted": False}
    return {"part_type": part_type, "created_at": at, "author": dict(zip(("type", "id"), author, strict=True))} | (
        facts | fields
    )


def figures(*parts, opened_by=CUSTOMER, at=100, unseen_closes=(), office_hours=None, delivered_as=None):
    """The statistics of a conversation that began `at`, without what is null or 0."""
    conversation = {
        "created_at": at,
        "source": {"author": {"type": opened_by[0], "id": opened_by[1]}, "delivered_as": delivered_as},
        "conversation_parts": {"conversation_parts": list(parts)},
    }
    found = conversation_statistics(conversation, unseen_closes, office_hours)
    return {name: value for name, value in found.items() if value and name != "type"}


def test_every_figure_of_a_long_conversation():
    conversation = {
        "created_at": 100,
        "source": {"author": {"type": "user", "id": "u"}},
        "conversation_parts": {
            "conversation_parts": [
                part("comment", 101, BOT, "I am a bot"),
                part("default_assignment", 102, BOT),
                part("assignment", 110, TEAMMATE),
                part("note", 115, TEAMMATE, "internal"),
                part("comment", 130, TEAMMATE, "first"),
                part("comment", 200, CUSTOMER, "more"),
                part("comment", 205, CUSTOMER, "and more"),
                part("comment", 260, TEAMMATE, "second"),
                part("close", 300, TEAMMATE),
                part("open", 400, CUSTOMER, "again"),
                part("assignment", 410, BOT),
                part("comment", 420, TEAMMATE, "third"),
                part("close", 500, BOT),
            ]
        },
    }
    assert conversation_statistics(conversation) == {
        "type": "conversation_statistics",
        "time_to_assignment": 10,
        "time_to_admin_reply": 30,
        "time_to_first_close": 200,
        "time_to_last_close": 400,
        "median_time_to_reply": 30,
        "first_contact_reply_at": 100,
        "first_assignment_at": 102,
        "first_admin_reply_at": 130,
        "first_close_at": 300,
        "last_assignment_at": 410,
        "last_assignment_admin_reply_at": 420,
        "last_contact_reply_at": 400,
        "last_admin_reply_at": 420,
        "last_close_at": 500,
        "last_closed_by_id": 7,
        "count_reopens": 1,
        "count_assignments": 3,
        "count_conversation_parts": 14,
    }


def test_a_conversation_without_a_customer_has_only_a_part_count():
    parts = [part("comment", 150, TEAMMATE, "anybody?"), part("close", 200, BOT)]
    assert figures(*parts, opened_by=TEAMMATE) == {"count_conversation_parts": 3}


def test_one_that_a_workflow_greeted_begins_with_the_customers_first_message():
    found = figures(
        part("assignment", 110, BOT, assigned_to={"type": "team", "id": "1"}),
        part("comment", 150, CUSTOMER, "Where is my order?"),
        part("comment", 190, TEAMMATE, "On its way"),
        part("close", 250, TEAMMATE),
        opened_by=BOT,
    )
    assert found["first_contact_reply_at"] == 150
    assert found["time_to_admin_reply"] == 40
    assert found["time_to_last_close"] == 100
    assert "count_assignments" not in found
    assert "first_assignment_at" not in found


def test_an_answer_to_a_form_is_a_sign_of_life_without_text():
    found = figures(
        part("attribute_collector", 110, BOT, "What is your email?"),
        part("attribute_collected", 130, CUSTOMER),
        part("comment", 200, TEAMMATE, "Hi"),
        opened_by=BOT,
    )
    assert (found["first_contact_reply_at"], found["last_contact_reply_at"]) == (130, 130)
    assert (found["time_to_admin_reply"], found["median_time_to_reply"]) == (70, 70)


@pytest.mark.parametrize("part_type", ["note", "note_and_reopen", "call_summary", "conversation_rating_changed"])
def test_what_the_customer_does_not_see_is_no_reply(part_type):
    assert "first_admin_reply_at" not in figures(part(part_type, 110, TEAMMATE, "not for you"))


@pytest.mark.parametrize(
    "visible", [{"body": "a"}, {"attachments": [{"name": "a"}]}, {"redacted": True}], ids=["text", "file", "redacted"]
)
def test_a_text_a_file_and_a_redacted_message_are_replies(visible):
    assert figures(part("close", 110, TEAMMATE, **visible))["first_admin_reply_at"] == 110


def test_thanks_after_a_close_and_a_question_weeks_later_are_two_waits():
    found = figures(
        part("comment", 160, TEAMMATE, "answer"),
        part("close", 170, TEAMMATE),
        part("comment", 180, CUSTOMER, "Thanks!"),
        part("open", 180, CUSTOMER),
        part("close", 190, TEAMMATE),
        part("open", 5_000, CUSTOMER, "A new question"),
        part("comment", 5_100, TEAMMATE, "answer"),
    )
    assert found["median_time_to_reply"] == 80  # of 60 and 100


def reopenings(*parts):
    return figures(*parts, opened_by=TEAMMATE, delivered_as="admin_initiated").get("count_reopens", 0)


def test_the_first_answer_to_a_teammates_message_opens_and_does_not_reopen():
    answer, again = part("open", 150, CUSTOMER, "Thanks"), part("open", 300, CUSTOMER, "And now?")
    assert reopenings(answer, part("close", 200, TEAMMATE)) == 0
    assert reopenings(answer, part("close", 200, TEAMMATE), again) == 1
    assert reopenings(part("assign_and_reopen", 120, TEAMMATE), part("comment", 150, CUSTOMER, "Thanks")) == 0
    assert reopenings(part("close", 120, TEAMMATE), answer) == 1


@pytest.mark.parametrize(("author", "reopens"), [(TEAMMATE, 0), (BOT, 1)])
def test_the_first_answer_to_a_series_opens_and_does_not_reopen(author, reopens):
    """A workflow's messages are delivered in the same way, and begin open."""
    found = figures(part("open", 150, CUSTOMER, "How much?"), opened_by=author, delivered_as="automated")
    assert found.get("count_reopens", 0) == reopens


def test_a_close_that_left_no_part_counts_as_one():
    reply = part("comment", 160, TEAMMATE, "answer")
    found = figures(reply, unseen_closes=[Close(700, "8"), Close(50, "1")])
    assert (found["first_close_at"], found["last_close_at"], found["time_to_last_close"]) == (700, 700, 600)
    assert found["last_closed_by_id"] == 8
    assert found["count_conversation_parts"] == 2


def test_durations_stand_still_outside_office_hours_save_the_one_until_the_assignment():
    hours = OfficeHours("mon-fri 09:00-17:00", "Europe/Berlin")
    friday, monday = (int(datetime.fromisoformat(f"2026-03-{day}T16:30:00+01:00").timestamp()) for day in ("06", "09"))
    found = figures(
        part("assignment", monday, BOT),
        part("comment", monday, TEAMMATE, "answer"),
        part("close", monday + 3_600, TEAMMATE),
        at=friday,
        office_hours=hours,
    )
    assert found["time_to_admin_reply"] == found["median_time_to_reply"] == 8 * 3_600
    assert found["time_to_last_close"] == 8 * 3_600 + 1_800
    assert found["time_to_assignment"] == monday - friday
