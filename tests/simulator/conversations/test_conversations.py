"""Conversations and tickets as list, search and show give them."""

import json
import re
from collections import Counter


def unsigned(shown):
    """Return an answer with links to files as the truth has them."""
    return json.loads(re.sub(r"expires=\d+&signature=\w+", "expires=1&signature=x", json.dumps(shown)))


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
        assert unsigned(api.get(f"/conversations/{conversation['id']}").json()) == conversation


def test_plain_text_has_no_tags(api, truth):
    conversation = next(each for each in truth["conversations"] if "<ul>" in str(each["conversation_parts"]))
    plain = api.get(f"/conversations/{conversation['id']}", params={"display_as": "plaintext"}).json()
    assert "<" not in plain["source"]["body"]
    assert "<ul>" not in str(plain["conversation_parts"])


def test_a_deleted_conversation_is_not_found(lively, lively_api):
    gone = lively.mutate(1, kinds=["conversation_deleted"])[0]
    response = lively_api.get(f"/conversations/{gone['id']}")
    assert (response.status_code, response.json()["errors"][0]["message"]) == (404, "Resource Not Found")


def test_tickets_come_with_their_parts_and_their_whole_type(api, truth, search):
    shown, _ = search(api, "tickets", {"field": "updated_at", "operator": ">", "value": 0}, per_page=20)
    found = unsigned(shown)
    assert sorted(found, key=lambda each: int(each["id"])) == sorted(truth["tickets"], key=lambda each: int(each["id"]))
    assert unsigned(api.get(f"/tickets/{found[0]['id']}").json()) == found[0]
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
    assert {part["body"] for part in parts if part["redacted"]} == {"<p><i>This message was deleted</i></p>"}
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
    assert {"attribute_collected", "call_summary", "resolution_bot_found_no_answer"} <= set(kinds)
    results = {(each.get("ai_agent") or {}).get("resolution_state") for each in conversations if "ai_agent" in each}
    assert {"assumed_resolution", "confirmed_resolution", "routed_to_team", "abandoned", None} <= results


def test_parts_are_in_order_and_end_with_the_last_change(truth):
    for conversation in truth["conversations"]:
        times = [part["created_at"] for part in conversation["conversation_parts"]["conversation_parts"]]
        assert times == sorted(times)
        assert conversation["updated_at"] >= max([conversation["created_at"], *times])
        ids = [int(part["id"]) for part in conversation["conversation_parts"]["conversation_parts"]]
        assert ids == sorted(ids)


def test_a_redacted_message_keeps_a_sentence_and_loses_its_files(lively, lively_api):
    """As in the reference's example; an opening message only where a customer wrote it."""
    redacted = lively.mutate(20, seed=4, kinds=["conversation_redacted", "conversation_source_redacted"])
    sources, bodies = [], set()
    for conversation_id in {one["id"] for one in redacted}:
        shown = lively_api.get(f"/conversations/{conversation_id}").json()
        sources += [shown["source"]] if shown["source"]["redacted"] else []
        parts = [*shown["conversation_parts"]["conversation_parts"], shown["source"]]
        bodies |= {(part["body"], len(part["attachments"])) for part in parts if part["redacted"]}
    assert bodies == {("<p><i>This message was deleted</i></p>", 0)}
    assert {source["author"]["type"] for source in sources} <= {"user", "lead"}
    assert len(sources) > 3
