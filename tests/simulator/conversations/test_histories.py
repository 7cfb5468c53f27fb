"""An ordinary workspace has every kind of conversation whose parts alone do not tell its story."""

from collections import Counter

import pytest

from simulator.generate import populate
from simulator.options import Options
from simulator.recorded_workspace import fill_from_folder
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.conversation_rules.outcomes import SLA_SECONDS
from tests.support.warehouse.simulated_raw import write_truth

NOW = "2026-03-10T12:00:00Z"
NOW_EPOCH = 1_773_144_000
DAY = 86_400
CHANNELS = (
    *("conversation", "email", "facebook", "instagram", "phone_call", "phone_switch"),
    *("push", "sms", "twitter", "whatsapp"),
)  # all that the reference names


@pytest.fixture(scope="module")
def workspace():
    return populate(Options(seed=4, now=NOW, contacts=500, conversations=2_500))


@pytest.fixture(scope="module")
def conversations(workspace):
    return list(workspace.conversations)


def parts_of(conversation, *part_types):
    parts = conversation["conversation_parts"]["conversation_parts"]
    return [part for part in parts if not part_types or part["part_type"] in part_types]


def assignments(conversation):
    return [part["assigned_to"] for part in parts_of(conversation) if part["assigned_to"]]


def is_closed_without_a_part(conversation):
    return conversation["state"] == "closed" and not parts_of(conversation, "close")


def test_some_are_closed_without_a_part_and_only_some_of_these_have_statistics(conversations):
    closed = [each for each in conversations if is_closed_without_a_part(each)]
    bulk = [each for each in closed if each["statistics"] and each["statistics"]["last_close_at"]]
    imported = [each for each in closed if each["statistics"] is None]
    assert len(bulk) > 20
    assert len(imported) > 20
    assert all(each["updated_at"] >= each["statistics"]["last_close_at"] for each in bulk)


def test_some_with_hardly_a_part_have_statistics_and_some_have_none(conversations):
    short = [each for each in conversations if len(parts_of(each)) < 2]
    with_statistics = [each for each in short if each["statistics"]]
    assert len(with_statistics) > 5
    assert len(short) - len(with_statistics) > 5


def test_a_customer_goes_on_waiting_while_the_conversation_is_snoozed(workspace):
    def waiting(each):
        return each["state"] == "open" and each["waiting_since"]

    conversation = next(each for each in workspace.conversations if waiting(each))
    asked_at = conversation["waiting_since"]
    dialogue = Dialogue(workspace, conversation, NOW_EPOCH)
    dialogue.snooze(workspace.bots[0], NOW_EPOCH + DAY)
    assert (conversation["state"], conversation["waiting_since"]) == ("snoozed", asked_at)


def test_a_team_takes_the_teammate_away(conversations):
    last_to_team = [
        each
        for each in conversations
        if len(assignments(each)) > 1 and assignments(each)[-1]["type"] == "team" and each["team_assignee_id"]
    ]
    without = [each for each in last_to_team if each["admin_assignee_id"] is None]
    assert len(without) > 10
    assert {part["type"] for each in without for part in assignments(each)} >= {"team", "admin"}


@pytest.mark.parametrize(("shown", "hidden"), [("admin", "team"), ("team", "admin")])
def test_team_and_teammate_set_in_one_step_leave_a_part_for_one_of_them(conversations, shown, hidden):
    found = [
        each
        for each in conversations
        if assignments(each) and {part["type"] for part in assignments(each)} == {shown}
        if each[f"{hidden}_assignee_id"]
    ]
    assert len(found) > 10


def test_some_belong_to_somebody_without_any_assignment(conversations):
    assert sum(1 for each in conversations if each["admin_assignee_id"] and not assignments(each)) > 50


def test_bots_are_assignees(workspace, conversations):
    bots = {int(bot["id"]) for bot in workspace.bots}
    assert sum(each["admin_assignee_id"] in bots for each in conversations) > 20


def test_workflows_greet_and_customers_answer_by_text_button_and_form(conversations):
    greeted = [each for each in conversations if each["source"]["author"]["type"] == "bot"]
    answers = {
        part["part_type"] for each in greeted for part in parts_of(each) if part["author"]["type"] in {"user", "lead"}
    }
    assert {"comment", "quick_reply", "attribute_collected"} <= answers
    assert any(not parts_of(each) for each in greeted)


def test_what_teammates_begin_is_closed_until_its_first_answer_which_is_one_part_with_a_text(conversations):
    sent = [each for each in conversations if each["source"]["author"]["type"] == "admin"]
    count_by_way = Counter(each["source"]["delivered_as"] for each in sent)
    assert count_by_way.keys() == {"admin_initiated", "campaigns_initiated", "automated"}
    assert 0.005 < count_by_way["automated"] / len(conversations) < 0.02
    unanswered = [each for each in sent if each["first_contact_reply"] is None]
    answers = [
        next(part for part in parts_of(each) if part["author"]["type"] in {"user", "lead"})
        for each in sent
        if each["first_contact_reply"]
    ]
    assert len(unanswered) > 50
    assert len(answers) > 50
    assert {(each["state"], each["open"], len(parts_of(each))) for each in unanswered} == {("closed", False, 0)}
    assert {part["part_type"] for part in answers} == {"open"}
    assert all(part["body"] or part["redacted"] for part in answers)


def test_a_conversation_says_of_itself_that_it_is_open_while_it_is_snoozed(conversations):
    assert {(each["state"], each["open"]) for each in conversations} == {
        ("open", True),
        ("snoozed", True),
        ("closed", False),
    }


def test_they_begin_on_every_channel_and_a_few_do_not_say_on_which(conversations):
    count_by_channel = Counter(each["source"]["type"] for each in conversations)
    assert count_by_channel.keys() == {*CHANNELS, None}
    assert 0.01 < count_by_channel[None] / len(conversations) < 0.04


def test_thanks_are_closed_unanswered_and_weeks_later_there_is_a_new_question(conversations):
    found = 0
    for conversation in conversations:
        parts = parts_of(conversation)
        for thanks, after in ((part, parts[place + 1 :]) for place, part in enumerate(parts)):
            if thanks["body"] == "<p>Thanks!</p>" and [part["part_type"] for part in after[:2]] == ["open", "close"]:
                asked = [part for part in after[2:] if part["author"]["type"] in {"user", "lead"} and part["body"]]
                found += bool(asked) and asked[0]["created_at"] > thanks["created_at"] + 7 * DAY
    assert found > 20


def test_a_few_have_more_parts_than_the_api_shows_with_closes_among_the_hidden(conversations):
    long = [each for each in conversations if len(parts_of(each)) > 500]
    assert len(long) == 2
    for conversation in long:
        assert len(parts_of(conversation)) == 700
        hidden = {part["part_type"] for part in parts_of(conversation)[:200]}
        assert {"close", "assignment", "open"} <= hidden


def test_service_levels_end_in_every_way(conversations):
    statuses = {each["sla_applied"]["sla_status"] for each in conversations if each["sla_applied"]}
    assert statuses == {"hit", "missed", "active", None}


def test_a_service_level_is_missed_with_the_reply_that_came_too_late_and_active_until_then(conversations):
    missed = [each for each in conversations if (each["sla_applied"] or {}).get("sla_status") == "missed"]
    assert missed
    for each in missed:
        told_at = parts_of(each, "conversation_sla_target_missed")[0]["created_at"]
        allowed = SLA_SECONDS[each["sla_applied"]["sla_name"]]
        assert told_at > each["first_contact_reply"]["created_at"] + allowed
        assert told_at in {part["created_at"] for part in parts_of(each) if part["author"]["type"] == "admin"}
    active = [each for each in conversations if (each["sla_applied"] or {}).get("sla_status") == "active"]
    waited = [NOW_EPOCH - each["first_contact_reply"]["created_at"] for each in active]
    assert any(seconds > 3 * DAY for seconds in waited)


def test_a_service_level_that_is_removed_has_no_status(conversations):
    removed = [each for each in conversations if parts_of(each, "conversation_sla_removed")]
    assert removed
    assert all(each["sla_applied"]["sla_status"] is None for each in removed)


def test_ratings_come_with_and_without_a_reply_and_for_people_who_left(workspace, conversations):
    ratings = [each["conversation_rating"] for each in conversations if each["conversation_rating"]]
    rated = {rating["teammate"] and rating["teammate"]["id"] for rating in ratings}
    assert None in rated
    assert rated & workspace.admins.gone.keys()
    assert any(rating["remark"] for rating in ratings)


def test_a_rating_that_a_workflow_asked_for_may_name_a_teammate_or_team_that_nobody_is(workspace, conversations):
    staff = {*(each["id"] for each in workspace.admins), *workspace.admins.gone}
    rated = [each for each in conversations if (each["conversation_rating"] or {}).get("teammate")]
    odd = [each for each in rated if each["conversation_rating"]["teammate"]["id"] not in staff]
    assert {each["conversation_rating"]["teammate"]["type"] for each in odd} == {"admin", "team"}
    assert all(part["author"]["type"] != "admin" for each in odd for part in parts_of(each))
    assert {each["admin_assignee_id"] for each in odd} == {None}


def test_every_ticket_begins_with_a_part_that_leaves_its_state_as_it_is(workspace):
    late = []
    for ticket in workspace.tickets:
        first = next(part for part in ticket["ticket_parts"]["ticket_parts"] if "ticket_state" in part)
        assert first["previous_ticket_state"] == first["ticket_state"] == "submitted"
        late.append(first["created_at"] - ticket["created_at"])
    assert min(late) == 0
    assert any(each > 86_400 for each in late)


def test_some_tickets_were_conversations_and_keep_their_age_and_messages(workspace, conversations):
    converted = [each for each in conversations if each["ticket"]]
    assert converted
    assert len({each["ticket"]["id"] for each in converted}) == len(converted)
    for each in converted:
        ticket = workspace.tickets.get(each["ticket"]["id"])
        assert ticket["category"] == "Customer"
        assert ticket["created_at"] == each["created_at"]
        assert ticket["contacts"]["contacts"][0]["id"] == each["contacts"]["contacts"][0]["id"]
        assert ticket["ticket_parts"]["ticket_parts"][0].get("body") == each["source"]["body"]
        assert each["id"] in {link["id"] for link in ticket["linked_objects"]["data"]}
        times = [part["created_at"] for part in ticket["ticket_parts"]["ticket_parts"]]
        assert times == sorted(times)


def test_a_rating_is_requested_at_the_close_before_it_and_given_later(workspace, conversations):
    seconds, count_unseen = [], 0
    for each in conversations:
        given = [part["created_at"] for part in parts_of(each) if part["part_type"] == "conversation_rating_changed"]
        if not given:
            continue
        unseen = [close.at for close in workspace.unseen_closes.get(each["id"], ())]
        closes = [*(part["created_at"] for part in parts_of(each, "close")), *unseen]
        requested_at = max(at for at in closes if at <= given[-1])
        assert each["conversation_rating"]["created_at"] == requested_at
        seconds.append(given[-1] - requested_at)
        count_unseen += requested_at in unseen
    assert count_unseen > 0
    assert min(seconds) >= 0
    assert any(each > 2 * 86_400 for each in seconds)


def test_fin_ends_in_every_way_and_is_rated(conversations):
    fin = [each["ai_agent"] for each in conversations if "ai_agent" in each]
    states = {each["resolution_state"] for each in fin}
    assert states == {"assumed_resolution", "confirmed_resolution", "routed_to_team", "abandoned", None}
    assert {each["last_answer_type"] for each in fin} == {"ai_answer", "custom_answer", None}
    assert any(each["rating"] for each in fin)


def test_some_are_snoozed_now_and_replies_were_redacted(conversations):
    assert any(each["state"] == "snoozed" and each["snoozed_until"] for each in conversations)
    redacted = [part for each in conversations for part in parts_of(each) if part["redacted"]]
    assert {"admin"} <= {part["author"]["type"] for part in redacted}


def test_a_close_that_left_no_part_is_still_known_after_writing_and_reading(workspace, conversations, tmp_path):
    unseen = [each for each in conversations if is_closed_without_a_part(each) and each["statistics"]]
    conversation = next(each for each in unseen if each["statistics"]["last_close_at"])
    closed_at = conversation["statistics"]["last_close_at"]
    write_truth(workspace, tmp_path)
    again = fill_from_folder(Options(fill_from=str(tmp_path), now=NOW), workspace.clock)
    read = again.conversations.records[conversation["id"]]
    Dialogue(again, read, closed_at + DAY).finish()
    assert read["statistics"] == conversation["statistics"]
