"""Conversations whose figures were worked out by hand from Intercom's published definitions, through a whole sync."""

import pytest

from tests.support.told_conversation import ANN, BEN, BOT, CUSTOMER, FIN, Conversation, at
from tests.support.told_workspace import synced
from tests.support.workspace import rows
from transforms.seeds.settings import parse_settings

MINUTE, HOUR, DAY = 60, 3_600, 86_400
NOW = at("05-01 14:00")  # a Friday


def closed_twice_and_reopened_after_8_days():
    told = Conversation(1, "04-06 10:00").then("04-06 10:30", ANN).then("04-06 11:00", ANN, "close")
    told.then("04-14 12:00", CUSTOMER).then("04-14 12:20", BEN, "close", "<p>Done.</p>")
    return told.ends("closed")


def snoozed_over_a_weekend():
    told = Conversation(2, "04-10 16:00").then("04-10 16:10", ANN, "assignment", to=ANN)
    told.then("04-10 16:30", ANN, "snoozed").then("04-13 09:00", BOT, "timer_unsnooze")
    told.then("04-13 10:00", ANN).then("04-13 10:15", ANN, "close")
    return told.ends("closed", admin=ANN)


def reassigned_between_teams_by_a_workflow():
    told = Conversation(3, "04-07 09:00").then("04-07 09:01", BOT, "assignment", to="601")
    told.then("04-07 09:05", BOT, "assignment", to="602").then("04-07 09:20", BEN, "assignment", to=BEN)
    told.then("04-07 09:50", BEN).then("04-07 10:00", BEN, "close")
    return told.ends("closed", admin=BEN, team="602")


def converted_to_a_ticket():
    told = Conversation(4, "04-07 09:00").then("04-07 09:30", ANN)
    told.then("04-07 09:31", ANN, "conversation_attribute_updated_by_admin")
    told.then("04-07 09:32", ANN, "ticket_state_updated_by_admin").then(
        "04-07 09:40", ANN, "note", "<p>See ticket.</p>"
    )
    told.then("04-08 09:00", CUSTOMER).then("04-08 09:10", BEN).then("04-08 09:20", BEN, "close")
    return told.ends("closed")


def only_a_bot():
    told = Conversation(5, "04-07 13:00").then("04-07 13:01", BOT).then("04-07 13:05", CUSTOMER)
    return told.then("04-07 13:06", BOT, "close").ends("closed")


def resolved_by_fin_then_reopened():
    agent = {"resolution_state": "assumed_resolution"}
    told = Conversation(6, "04-07 14:00", ai_agent_participated=True, ai_agent=agent).then("04-07 14:01", FIN)
    told.then("04-07 14:30", FIN, "close").then("04-07 15:00", CUSTOMER)
    told.then("04-07 15:01", BOT, "assignment", to="601").then("04-07 15:10", ANN, "assignment", to=ANN)
    told.then("04-07 15:20", ANN).then("04-07 15:40", ANN, "close")
    return told.ends("closed", admin=ANN, team="601")


def begun_by_a_teammate():
    told = Conversation(7, "04-08 10:00", author=ANN, delivered_as="admin_initiated")
    told.then("04-08 10:05", ANN, "assignment", to=ANN).then("04-08 12:00", CUSTOMER, "open", "<p>Yes</p>")
    told.then("04-08 12:30", ANN).then("04-08 13:00", ANN, "close")
    return told.ends("closed", admin=ANN)


def left_in_silence():
    sla = {"type": "conversation_sla_summary", "sla_name": "Fast", "sla_status": "missed"}
    return Conversation(8, "04-30 15:00", sla_applied=sla).ends("open", team="601")


def in_the_night_of_the_clock_change():
    told = Conversation(9, "03-28 23:30").then("03-29 04:30", ANN).then("03-29 05:00", ANN, "close")
    return told.ends("closed")


def longer_than_the_api_shows():
    """600 parts, an hour apart from each other's pairs; the newest 500 are shown."""
    told = Conversation(10, "04-01 09:00")
    for number in range(100, 600):
        told.then(at("04-01 09:00") + (number + 1) * 120, ANN if number % 2 == 0 else CUSTOMER)
    told.record["statistics"] = {
        "type": "conversation_statistics",
        "first_contact_reply_at": at("04-01 09:00"),
        "first_admin_reply_at": at("04-01 09:02"),
        "last_contact_reply_at": told.parts[-1]["created_at"],
        "last_admin_reply_at": told.parts[-2]["created_at"],
        "first_close_at": at("04-01 11:00"),
        "last_close_at": at("04-03 12:00"),
        "last_closed_by_id": int(BEN),
        "count_reopens": 2,
        "count_assignments": 7,
        "count_conversation_parts": 601,
    }
    return told.ends("closed", total_count=600)


def rated_twice():
    rating = {
        "rating": 5,
        "remark": "Now it works",
        "created_at": at("04-09 12:00"),
        "contact": {"type": "contact", "id": f"{11:024x}"},
        "teammate": {"type": "admin", "id": ""},
    }
    told = Conversation(11, "04-09 09:00", conversation_rating=rating).then("04-09 09:30", ANN)
    told.then("04-09 10:00", ANN, "close").then("04-09 10:01", BOT, "conversation_rating_request")
    told.then("04-09 10:30", CUSTOMER, "conversation_rating_changed").then("04-09 11:00", BEN)
    told.then("04-09 11:30", BEN, "close").then("04-09 12:00", CUSTOMER, "conversation_rating_changed")
    return told.then("04-09 12:00", CUSTOMER, "conversation_rating_remark_added").ends("closed")


def answered_after_it_was_closed_and_passed_on():
    told = Conversation(12, "04-13 09:00").then("04-13 09:10", ANN, "assignment", to=ANN)
    told.then("04-13 09:20", ANN, "close").then("04-13 11:00", CUSTOMER).then("04-13 11:30", ANN)
    told.then("04-13 11:40", ANN, "assignment", "<p>Please see.</p>", to=BEN).then(
        "04-13 12:00", BEN, "note", "<p>ok</p>"
    )
    told.then("04-13 12:00", BEN, "note", "<p>ok</p>").then("04-13 12:30", BEN).then("04-13 13:00", CUSTOMER, "close")
    return told.ends("closed", admin=BEN)


TOLD = (
    closed_twice_and_reopened_after_8_days,
    snoozed_over_a_weekend,
    reassigned_between_teams_by_a_workflow,
    converted_to_a_ticket,
    only_a_bot,
    resolved_by_fin_then_reopened,
    begun_by_a_teammate,
    left_in_silence,
    in_the_night_of_the_clock_change,
    longer_than_the_api_shows,
    rated_twice,
    answered_after_it_was_closed_and_passed_on,
)
UNKNOWN = {
    "count_replies": None,
    "count_closes": None,
    "handling_seconds": None,
    "unassigned_seconds": None,
    "count_turns": None,
    "is_one_touch": None,
    "is_closed_on_first_contact": None,
    "is_deflected_by_bot": None,
    "count_reassignments": None,
    "first_assignment_to_close_seconds": None,
}
EXPECTED = {
    closed_twice_and_reopened_after_8_days: {
        "direction": "inbound",
        "first_response_seconds": 30 * MINUTE,
        "first_response_business_seconds": 30 * MINUTE,
        "was_closed_before_first_reply": False,
        "first_close_seconds": HOUR,
        "last_close_seconds": 8 * DAY + 2 * HOUR + 20 * MINUTE,
        "resolution_seconds": 8 * DAY + 2 * HOUR + 20 * MINUTE,
        "resolution_business_seconds": 7 * HOUR + 5 * 8 * HOUR + 3 * HOUR + 20 * MINUTE,
        "count_closes": 2,
        "count_reopens": 1,
        "count_replies": 2,
        "count_turns": 2,
        "is_reopened_within_7_days": False,
        "is_closed_on_first_contact": False,
        "is_one_touch": False,
        "handling_seconds": 0,
    },
    snoozed_over_a_weekend: {
        "first_response_seconds": 66 * HOUR,
        "first_response_business_seconds": 2 * HOUR,
        "time_to_first_assignment_seconds": 10 * MINUTE,
        "unassigned_seconds": 10 * MINUTE,
        "handling_seconds": 20 * MINUTE + 75 * MINUTE,
        "last_close_seconds": 66 * HOUR + 15 * MINUTE,
        "first_assignment_to_close_seconds": 66 * HOUR + 5 * MINUTE,
        "last_assignment_to_close_seconds": 66 * HOUR + 5 * MINUTE,
        "count_reopens": 0,
        "count_reassignments": 0,
        "is_closed_on_first_contact": True,
        "is_one_touch": True,
        "is_resolved_no_return": True,
    },
    reassigned_between_teams_by_a_workflow: {
        "first_response_seconds": 50 * MINUTE,
        "first_response_after_bot_seconds": 50 * MINUTE,
        "time_to_first_assignment_seconds": 20 * MINUTE,
        "unassigned_seconds": 20 * MINUTE,
        "handling_seconds": 40 * MINUTE,
        "count_assignments": 3,
        "count_reassignments": 0,
        "count_handovers": 1,
        "first_assignment_to_close_seconds": 40 * MINUTE,
        "team_name": "Billing",
        "is_deflected_by_bot": False,
    },
    converted_to_a_ticket: {
        "first_response_seconds": 30 * MINUTE,
        "count_replies": 2,
        "count_notes": 1,
        "count_replying_admins": 2,
        "count_turns": 2,
        "count_closes": 1,
        "is_closed_on_first_contact": False,
        "is_one_touch": False,
    },
    only_a_bot: {
        "first_response_seconds": None,
        "was_closed_before_first_reply": True,
        "first_close_seconds": 6 * MINUTE,
        "count_bot_replies": 1,
        "count_turns": 1,
        "is_deflected_by_bot": True,
        "is_rateable": False,
        "has_fin": False,
        "last_closed_by_role": "bot",
        "handling_seconds": 0,
    },
    resolved_by_fin_then_reopened: {
        "first_response_seconds": 80 * MINUTE,
        "first_response_after_bot_seconds": 19 * MINUTE,
        "was_closed_before_first_reply": True,
        "first_close_seconds": 30 * MINUTE,
        "last_close_seconds": 100 * MINUTE,
        "first_assignment_to_close_seconds": 30 * MINUTE,
        "handling_seconds": 30 * MINUTE,
        "count_reopens": 1,
        "count_turns": 2,
        "is_reopened_within_7_days": True,
        "is_deflected_by_bot": False,
        "has_fin": True,
        "fin_outcome": "assumed_resolution",
    },
    begun_by_a_teammate: {
        "direction": "outbound_replied",
        "first_response_seconds": None,
        "time_to_first_assignment_seconds": None,
        "first_close_seconds": HOUR,
        "resolution_seconds": HOUR,
        "first_assignment_to_close_seconds": HOUR,
        "count_reassignments": 0,
        "handling_seconds": HOUR,
        "count_reopens": 0,
        "count_turns": 1,
    },
    left_in_silence: {
        "first_response_seconds": None,
        "is_waiting_on_us": True,
        "waiting_business_seconds": 7 * HOUR,
        "first_close_seconds": None,
        "handling_seconds": None,
        "sla_status": "missed",
    },
    in_the_night_of_the_clock_change: {
        "first_response_seconds": 4 * HOUR,
        "first_response_business_seconds": 0,
        "created_hour": 23,
        "created_weekday": 6,
        "first_close_seconds": 4 * HOUR + 30 * MINUTE,
    },
    longer_than_the_api_shows: {
        "has_all_parts": False,
        "first_response_seconds": 2 * MINUTE,
        "first_close_seconds": 2 * HOUR,
        "last_close_seconds": 2 * DAY + 3 * HOUR,
        "last_closed_by_name": "Ben",
        "count_reopens": 2,
        "count_assignments": 7,
        "is_rateable": True,
        **UNKNOWN,
    },
    rated_twice: {
        "rating": 5,
        "rating_remark": "Now it works",
        "count_customer_messages": 1,
        "count_replies": 2,
        "count_closes": 2,
        "is_rateable": True,
        "first_response_seconds": 30 * MINUTE,
    },
    answered_after_it_was_closed_and_passed_on: {
        "first_response_seconds": 2 * HOUR + 30 * MINUTE,
        "was_closed_before_first_reply": True,
        "first_close_seconds": 20 * MINUTE,
        "last_close_seconds": 4 * HOUR,
        "last_closed_by_role": "customer",
        "last_closed_by_name": None,
        "count_replies": 3,
        "count_reassignments": 1,
        "count_handovers": 1,
        "handling_seconds": 10 * MINUTE + 2 * HOUR,
        "first_assignment_to_close_seconds": 3 * HOUR + 50 * MINUTE,
        "last_assignment_to_close_seconds": 80 * MINUTE,
        "count_turns": 2,
        "is_closed_on_first_contact": False,
    },
}
OTHER_MARTS = {
    "turns of the one that was closed twice": (
        "select turn, outcome, response_seconds from intercom.fct_response_turns "
        "where conversation_id = '1' order by 1",
        [(1, "answered", 1800), (2, "answered", 1200)],
    ),
    "turns over the close of a bot": (
        "select turn, outcome, response_seconds from intercom.fct_response_turns "
        "where conversation_id = '6' order by 1",
        [(1, "closed_unanswered", None), (2, "answered", 1200)],
    ),
    "days in the backlog of the one that was snoozed": (
        "select strftime(day, '%m-%d'), state, admin_name from intercom.fct_backlog_conversations "
        "where conversation_id = '2' order by 1",
        [("04-10", "snoozed", "Ann"), ("04-11", "snoozed", "Ann"), ("04-12", "snoozed", "Ann")],
    ),
    "handover between teams": (
        "select kind, from_team_name, to_team_name, seconds_to_reply from intercom.fct_handovers "
        "where conversation_id = '3'",
        [("team_to_team", "Support", "Billing", 45 * MINUTE)],
    ),
    "handover between teammates": (
        "select kind, from_admin_name, to_admin_name, seconds_to_reply from intercom.fct_handovers "
        "where conversation_id = '12'",
        [("teammate_to_teammate", "Ann", "Ben", 50 * MINUTE)],
    ),
    "own target missed in silence": (
        "select first_response_status, first_response_breach_seconds, own_status, is_hit from intercom.fct_sla "
        "where conversation_id = '8'",
        [("missed", 5 * HOUR, "missed", False)],
    ),
    "the last rating, of the last who had replied": (
        "select rating, admin_name, hours_after_close, is_rateable from intercom.fct_csat",
        [(5, "Ben", 0.5, True)],
    ),
    "what Fin and bots did in the week": (
        "select count_conversations, count_bot_involved, count_deflected, count_handed_off, count_fin_resolved "
        "from intercom.fct_bot_weekly where week_start = date '2026-04-06'",
        [(7, 2, 1, 1, 1)],
    ),
    "day of the question in the night of the clock change": (
        "select strftime(asked_on, '%m-%d'), asked_hour, response_seconds from intercom.fct_response_turns "
        "where conversation_id = '9'",
        [("03-28", 23, 4 * HOUR)],
    ),
    "no handover, turn or invented reply of the long one": (
        "select (select count(*) from intercom.fct_handovers where conversation_id = '10') "
        "+ (select count(*) from intercom.fct_response_turns where conversation_id = '10'), count_missing, "
        "is_truncated_at_500 from intercom.qa_conversation_completeness where conversation_id = '10'",
        [(0, 100, True)],
    ),
    "what Ann did in the week": (
        "select count_replies, count_closes, count_first_responses, median_first_response_seconds "
        "from intercom.fct_teammate_weekly where admin_name = 'Ann' and week_start = date '2026-04-06'",
        # replies: 1, 4, 6, 7, 11; closes: 1, 6, 7, 11; first in 1, 4, 11 (6 was closed before, 7 is outbound)
        [(5, 4, 3, 30 * MINUTE)],
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    settings = parse_settings({"sla_targets": [{"first_response_seconds": 2 * HOUR}]})
    return synced(tmp_path_factory.mktemp("hand_worked"), [tell() for tell in TOLD], NOW, settings)


@pytest.mark.parametrize("tell", TOLD)
def test_a_conversation_has_the_figures_that_were_worked_out_by_hand(database, tell):
    expected = EXPECTED[tell]
    number = TOLD.index(tell) + 1
    columns = ", ".join(expected)
    (found,) = rows(database, f"select {columns} from intercom.fct_conversations where conversation_id = '{number}'")
    assert dict(zip(expected, found, strict=True)) == expected


@pytest.mark.parametrize("about", OTHER_MARTS)
def test_other_marts_say_what_was_worked_out_by_hand(database, about):
    sql, expected = OTHER_MARTS[about]
    assert rows(database, sql) == expected
