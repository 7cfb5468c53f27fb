"""Odd conversations, with figures worked out by hand from Intercom's definitions, through a whole sync."""

from datetime import date

import pytest

from tests.support.told_conversation import at
from tests.support.told_odd import FIRST, TOLD
from tests.support.told_workspace import synced
from tests.support.workspace import rows
from transforms.seeds.settings import parse_settings

MINUTE, HOUR, DAY = 60, 3_600, 86_400
NOW = at("05-01 14:00")  # a Friday
NIGHTS = ["00:00-06:00", "22:00-24:00"]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXPECTED = {
    "greeted_by_a_workflow": {
        "direction": "inbound",
        "first_response_seconds": 18 * MINUTE,
        "first_response_after_bot_seconds": 17 * MINUTE,
        "first_close_seconds": 28 * MINUTE,
        "resolution_seconds": 28 * MINUTE,
        "is_one_touch": True,
        "is_closed_on_first_contact": True,
        "is_deflected_by_bot": False,
        "time_to_first_assignment_seconds": None,
        "handling_seconds": 0,
    },
    "assigned_to_fin_before_a_team": {
        "first_response_seconds": 12 * MINUTE,
        "first_response_after_bot_seconds": 6 * MINUTE,
        "time_to_first_assignment_seconds": 10 * MINUTE,
        "unassigned_seconds": 10 * MINUTE,
        "handling_seconds": 5 * MINUTE,
        "count_assignments": 3,
        "count_bot_replies": 1,
        "first_assignment_to_close_seconds": 5 * MINUTE,
        "count_turns": 1,
    },
    "given_to_a_team_and_a_teammate_in_one_step": {
        "team_name": "Billing",
        "assignee_name": "Ben",
        "time_to_first_assignment_seconds": 10 * MINUTE,
        "unassigned_seconds": 10 * MINUTE,
        "handling_seconds": 20 * MINUTE,
        "count_handovers": 0,
        "count_assignments": 1,
        "first_response_seconds": 20 * MINUTE,
    },
    "answered_and_closed_in_the_same_second": {
        "first_response_seconds": 5 * MINUTE,
        "was_closed_before_first_reply": False,
        "count_turns": 1,
        "count_reopens": 0,
        "is_one_touch": True,
    },
    "answered_by_what_was_redacted": {"first_response_seconds": 10 * MINUTE, "count_replies": 1, "is_rateable": True},
    "unsnoozed_by_the_customer": {
        "first_response_seconds": 20 * MINUTE,
        "count_turns": 2,
        "count_replies": 2,
        "count_reopens": 0,
        "handling_seconds": 50 * MINUTE,
        "resolution_business_seconds": 8 * HOUR + 40 * MINUTE,
        "is_closed_on_first_contact": True,
        "is_one_touch": False,
    },
    "closed_by_a_workflow_while_a_teammate_had_it": {
        "first_response_seconds": None,
        "was_closed_before_first_reply": True,
        "is_deflected_by_bot": False,
        "is_rateable": False,
        "handling_seconds": 27 * MINUTE,
        "count_turns": 1,
        "is_one_touch": False,
        "is_closed_on_first_contact": False,
    },
    "closed_by_the_customer_after_fin": {
        "is_deflected_by_bot": True,
        "last_closed_by_role": "customer",
        "count_bot_replies": 2,
        "count_customer_messages": 2,
        "was_closed_before_first_reply": True,
    },
    "routed_to_a_team_and_closed_by_a_bot": {"is_deflected_by_bot": True, "unassigned_seconds": 30 * MINUTE},
    "notes_only": {
        "first_response_seconds": None,
        "count_replies": 0,
        "count_notes": 1,
        "is_closed_on_first_contact": False,
        "is_deflected_by_bot": False,
        "was_closed_before_first_reply": True,
    },
    "closed_without_a_part": {
        "state": "closed",
        "first_close_seconds": 20 * MINUTE,
        "last_close_seconds": 20 * MINUTE,
        "resolution_seconds": 20 * MINUTE,
        "first_response_seconds": 10 * MINUTE,
        "was_closed_before_first_reply": False,
    },
    "outbound_that_nobody_answered": {
        "direction": "outbound",
        "first_response_seconds": None,
        "first_close_seconds": None,
        "last_close_seconds": None,
        "resolution_seconds": None,
        "was_closed_before_first_reply": None,
        "count_turns": 0,
        "count_replies": 0,
        "is_deflected_by_bot": False,
    },
    "outbound_closed_before_the_customer_answered": {
        "direction": "outbound_replied",
        "first_response_seconds": None,
        "first_close_seconds": 20 * MINUTE,
        "last_close_seconds": 20 * MINUTE,
        "count_closes": 2,
        "count_reopens": 1,
        "count_replies": 1,
        "count_turns": 1,
    },
    "rated_and_then_reopened": {
        "rating": 3,
        "count_reopens": 1,
        "is_reopened_within_7_days": True,
        "count_turns": 2,
        "is_closed_on_first_contact": False,
        "resolution_seconds": 65 * MINUTE,
    },
    "answered_by_someone_who_left": {
        "assignee_name": "Gone",
        "first_response_seconds": 30 * MINUTE,
        "handling_seconds": None,
        "first_close_seconds": None,
        "is_waiting_on_us": False,
    },
    "in_the_hours_of_the_night_team": {
        "direction": "inbound",
        "first_response_seconds": 3 * HOUR + 30 * MINUTE,
        "first_response_business_seconds": 3 * HOUR,
        "first_response_after_bot_seconds": 3 * HOUR + 30 * MINUTE,
    },
    "in_the_hours_of_the_night_team_over_a_clock_change": {
        "first_response_seconds": 5 * HOUR + 30 * MINUTE,
        "first_response_business_seconds": 5 * HOUR,
    },
    "passed_through_a_team_and_back": {
        "handling_seconds": 50 * MINUTE,
        "unassigned_seconds": 30 * MINUTE,
        "count_assignments": 4,
        "count_reassignments": 0,
        "time_to_first_assignment_seconds": 10 * MINUTE,
        "first_assignment_to_close_seconds": 70 * MINUTE,
        "last_assignment_to_close_seconds": 20 * MINUTE,
        "first_response_seconds": 70 * MINUTE,
    },
    "asked_within_the_hour": {
        "is_waiting_on_us": True,
        "waiting_business_seconds": HOUR,
        "first_response_seconds": None,
    },
    "closed_in_time_without_a_reply": {"was_closed_before_first_reply": True, "first_close_seconds": HOUR},
    "assigned_while_it_was_closed": {
        "handling_seconds": 40 * MINUTE,
        "count_reassignments": 1,
        "count_handovers": 1,
        "unassigned_seconds": 10 * MINUTE,
        "first_assignment_to_close_seconds": 130 * MINUTE,
        "last_assignment_to_close_seconds": 80 * MINUTE,
        "count_turns": 2,
        "count_reopens": 1,
    },
    "reassigned_because_someone_was_away": {
        "first_response_seconds": HOUR,
        "time_to_first_assignment_seconds": 0,
        "handling_seconds": 90 * MINUTE,
        "count_handovers": 1,
        "count_assignments": 2,
        "count_reassignments": 0,
        "unassigned_seconds": 0,
    },
    "closed_too_late_without_a_reply": {"was_closed_before_first_reply": True, "first_response_seconds": None},
    "asked_on_a_holiday": {
        "first_response_seconds": 3 * DAY + 17 * HOUR,
        "first_response_business_seconds": HOUR,
        "resolution_business_seconds": HOUR,
        "count_replies": 1,
        "is_one_touch": True,
    },
    "snoozed_again_and_over_by_a_close": {
        "handling_seconds": 10 * MINUTE,
        "first_response_seconds": HOUR,
        "count_reopens": 0,
        "resolution_seconds": 3 * HOUR,
    },
    "known_by_its_last_parts_alone": {
        "has_all_parts": False,
        "first_response_seconds": 13 * HOUR + 30 * MINUTE,
        "first_response_business_seconds": None,
        "is_waiting_on_us": False,
    },
}
OTHER_MARTS = {
    "turns of the one that a customer unsnoozed": (
        "select turn, outcome, response_seconds, response_business_seconds, is_first "
        "from intercom.fct_response_turns where conversation_id = '26' order by 1",
        [(1, "answered", 1200, 1200, True), (2, "answered", 1800, 1800, False)],
    ),
    "the rating before it was reopened": (
        "select rating, admin_name, round(hours_after_close * 60), is_rateable from intercom.fct_csat",
        [(3, "Ann", 10, True)],
    ),
    "own targets that are not over, needless, and missed in silence": (
        "select conversation_id, first_response_status, first_response_breach_seconds from intercom.fct_sla "
        "where conversation_id in ('39', '40', '43') order by 1",
        [("39", "active", 0), ("40", "cancelled", 0), ("43", "missed", HOUR)],
    ),
    "the age at the end of a day, and of today now": (
        "select strftime(day, '%m-%d'), age_seconds from intercom.fct_backlog_conversations "
        "where conversation_id in ('36', '39') order by 1",
        [("04-20", 4 * HOUR), ("05-01", HOUR)],
    ),
    "what teammates did in the week": (
        "select admin_name, count_replied_conversations, count_replies, count_closes, owned_seconds, "
        "median_handling_seconds, count_first_responses, median_first_response_seconds, count_handovers_in, "
        "count_handovers_out from intercom.fct_teammate_weekly where week_start = date '2026-04-20' "
        "and admin_name <> 'Gone' order by 1",
        # Ann owned 22 (5), 26 (50), 38 (40), 41 (20), 42 (30), 45 (10) minutes; Ben closed 42
        # Ben owned 23 (20), 27 (27), 38 (10), 41 (20), 42 (60)
        [
            ("Ann", 10, 11, 13, 155 * MINUTE, 20 * MINUTE, 10, 15 * MINUTE, 2, 3),
            ("Ben", 6, 6, 7, 137 * MINUTE, 20 * MINUTE, 3, HOUR, 3, 1),
        ],
    ),
    "handovers through a team and back": (
        "select kind, from_admin_name, to_team_name, to_admin_name, seconds_to_reply "
        "from intercom.fct_handovers where conversation_id = '38' order by handed_over_at",
        [
            ("teammate_to_team", "Ann", "Billing", None, 40 * MINUTE),
            ("teammate_to_teammate", "Ben", "Billing", "Ann", 10 * MINUTE),
        ],
    ),
    "what bots did in the week": (
        "select count_conversations, count_bot_involved, count_deflected, count_handed_off "
        "from intercom.fct_bot_weekly where week_start = date '2026-04-20'",
        [(21, 4, 2, 2)],
    ),
    "the day on which most of them began": (
        "select team_name, count_inbound_conversations, count_replied, count_closed_before_first_reply, "
        "median_first_response_seconds, count_first_closed, reopen_rate from intercom.fct_support_daily "
        "where day = date '2026-04-20' order by 1",
        [
            ("Billing", 3, 3, 0, 70 * MINUTE, 2, 0),
            ("Support", 3, 2, 1, 15 * MINUTE, 3, 0),
            (None, 8, 5, 3, 10 * MINUTE, 6, 1 / 6),
        ],
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    settings = parse_settings(
        {
            "schedules": {
                "default": {day: ["09:00-17:00"] for day in WEEK[:5]} | {"holidays": [date(2026, 4, 24)]},
                "night": dict.fromkeys(WEEK, NIGHTS) | {"teams": ["602"]},
            },
            "sla_targets": [{"first_response_seconds": 2 * HOUR}],
        }
    )
    return synced(tmp_path_factory.mktemp("odd"), [tell() for tell in TOLD], NOW, settings)


@pytest.mark.parametrize("tell", TOLD)
def test_an_odd_conversation_has_the_figures_that_were_worked_out_by_hand(database, tell):
    expected = EXPECTED[tell.__name__]
    number = TOLD.index(tell) + FIRST
    columns = ", ".join(expected)
    (found,) = rows(database, f"select {columns} from intercom.fct_conversations where conversation_id = '{number}'")
    assert dict(zip(expected, found, strict=True)) == expected


@pytest.mark.parametrize("about", OTHER_MARTS)
def test_other_marts_say_what_was_worked_out_by_hand_of_odd_ones(database, about):
    sql, expected = OTHER_MARTS[about]
    assert rows(database, sql) == expected
