"""Conversations and tickets as list, search and show give them."""

from collections import Counter

from simulator.workspace.statistics import conversation_statistics


def test_parts_come_only_alone_and_at_most_the_newest_500(api, truth):
    long = max(truth["conversations"], key=lambda each: each["conversation_parts"]["total_count"])
    parts = long["conversation_parts"]["conversation_parts"]
    assert len(parts) == 700
    shown = api.get(f"/conversations/{long['id']}").json()
    assert shown["conversation_parts"]["conversation_parts"] == parts[-500:]
    assert shown["conversation_parts"]["total_count"] == 700
    assert shown["statistics"]["count_conversation_parts"] == 701
    listed = api.get("/conversations").json()["conversations"]
    assert all("conversation_parts" not in conversation for conversation in listed)


def test_every_conversation_is_shown_as_it_is(api, truth):
    for conversation in truth["conversations"][1:60]:
        assert api.get(f"/conversations/{conversation['id']}").json() == conversation


def test_plain_text_has_no_tags(api, truth):
    conversation = next(each for each in truth["conversations"] if "<ul>" in str(each["conversation_parts"]))
    plain = api.get(f"/conversations/{conversation['id']}", params={"display_as": "plaintext"}).json()
    assert "<" not in plain["source"]["body"]
    assert "<ul>" not in str(plain["conversation_parts"])


def test_a_deleted_conversation_is_not_found(lively, lively_api):
    gone = lively.mutate(1, kinds=["conversation_deleted"])[0]
    response = lively_api.get(f"/conversations/{gone['id']}")
    assert (response.status_code, response.json()["errors"][0]["message"]) == (404, "Conversation not found")


def test_tickets_come_with_their_parts_and_their_whole_type(api, truth, search):
    found, _ = search(api, "tickets", {"field": "updated_at", "operator": ">", "value": 0}, per_page=20)
    assert sorted(found, key=lambda each: int(each["id"])) == sorted(truth["tickets"], key=lambda each: int(each["id"]))
    assert api.get(f"/tickets/{found[0]['id']}").json() == found[0]
    assert any(ticket["ticket_parts"]["ticket_parts"] for ticket in found)
    assert {"0"} < {ticket["admin_assignee_id"] for ticket in found}
    assert api.get(f"/ticket_types/{found[0]['ticket_type']['id']}").json() == found[0]["ticket_type"]
    assert api.get("/ticket_types").json()["data"] == truth["ticket_types"]


def test_the_story_of_a_workspace_has_everything(truth):
    conversations = truth["conversations"]
    parts = [part for each in conversations for part in each["conversation_parts"]["conversation_parts"]]
    kinds = Counter(part["part_type"] for part in parts)
    assert {"comment", "note", "close", "open", "assignment", "default_assignment", "snoozed", "timer_unsnooze"} <= set(
        kinds
    )
    assert any(part["redacted"] and part["body"] is None for part in parts)
    assert any(part["attachments"] for part in parts)
    assert {None, "admin", "team", "nobody_admin"} <= {
        (part["assigned_to"] or {"type": None})["type"] for part in parts
    }
    assert {"admin", "bot", "user", "lead"} <= {part["author"]["type"] for part in parts}
    present = {admin["id"] for admin in truth["admins"]}
    assert any(part["author"]["type"] == "admin" and part["author"]["id"] not in present for part in parts)
    assert any(len(each["contacts"]["contacts"]) == 2 for each in conversations)
    assert any(each["conversation_rating"] and each["conversation_rating"]["remark"] for each in conversations)
    assert any(each["sla_applied"] for each in conversations)
    assert any(each["source"]["type"] is None for each in conversations) or len(conversations) < 1_000


def test_parts_are_in_order_and_end_with_the_last_change(truth):
    for conversation in truth["conversations"]:
        times = [part["created_at"] for part in conversation["conversation_parts"]["conversation_parts"]]
        assert times == sorted(times)
        assert conversation["updated_at"] >= max([conversation["created_at"], *times])
        ids = [int(part["id"]) for part in conversation["conversation_parts"]["conversation_parts"]]
        assert ids == sorted(ids)


def part(part_type, at, role, body=None, author_id="1"):
    author = {"type": role, "id": author_id}
    return {
        "part_type": part_type,
        "created_at": at,
        "author": author,
        "body": body,
        "attachments": [],
        "redacted": False,
    }


def test_statistics_follow_the_published_definitions():
    conversation = {
        "created_at": 100,
        "source": {"author": {"type": "user", "id": "u"}},
        "conversation_parts": {
            "conversation_parts": [
                part("comment", 101, "bot", "I am a bot"),
                part("default_assignment", 102, "bot"),
                part("assignment", 110, "admin"),
                part("note", 115, "admin", "internal"),
                part("comment", 130, "admin", "first"),
                part("comment", 200, "user", "more"),
                part("comment", 205, "user", "and more"),
                part("comment", 260, "admin", "second"),
                part("close", 300, "admin", author_id="7"),
                part("open", 400, "user", "again"),
                part("assignment", 410, "bot"),
                part("comment", 420, "admin", "third"),
                part("close", 500, "bot"),
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


def test_an_outbound_message_without_an_answer_has_only_a_part_count():
    statistics = conversation_statistics(
        {"created_at": 5, "source": {"author": {"type": "admin"}}, "conversation_parts": {"conversation_parts": []}}
    )
    assert {name for name, value in statistics.items() if value} == {"type", "count_conversation_parts"}
