"""Conversations whose figures were worked out by hand from Intercom's published definitions, through a whole sync."""

from datetime import date

import pytest

from tests.support.told.conversation import at
from tests.support.told.loaded_workspace import synced
from tests.support.told.worked_out import answers, beginnings, closes, owners
from tests.support.told.worked_out.story import stories
from tests.support.workspace import rows
from transforms.seeds.settings import parse_settings

MINUTE, HOUR, DAY = 60, 3_600, 86_400
NOW = at("05-01 14:00")  # a Friday
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE = {day: ["09:00-17:00"] for day in WEEK[:5]} | {"holidays": [date(2026, 4, 24)]}
NIGHT = {day: ["00:00-06:00", "22:00-24:00"] for day in WEEK} | {"teams": ["602"]}
SETTINGS = {
    "schedules": {"default": OFFICE, "night": NIGHT},
    "sla_targets": [{"first_response_seconds": 2 * HOUR}],
}
TOLD = stories(beginnings, owners, answers, closes)
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
    "ratings: the last one, of the last who had replied, and one before it was reopened": (
        "select conversation_id, rating, admin_name, round(hours_after_close * 60), is_rateable "
        "from intercom.fct_csat order by 1",
        [("11", 5, "Ben", 30, True), ("34", 3, "Ann", 10, True)],
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
    "turns of the one that a customer unsnoozed": (
        "select turn, outcome, response_seconds, response_business_seconds, is_first "
        "from intercom.fct_response_turns where conversation_id = '26' order by 1",
        [(1, "answered", 1200, 1200, True), (2, "answered", 1800, 1800, False)],
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
    "days of a Series: sent on the one, closed on the other, and on neither a question that a customer began": (
        "select strftime(day, '%m-%d'), team_name, count_conversations, count_inbound_conversations, count_replied, "
        "count_closed_now, median_first_response_seconds, share_within_1_business_hour, count_rateable, "
        "count_first_closed, reopen_rate from intercom.fct_support_daily "
        "where day between date '2026-03-16' and date '2026-03-22' order by 1",
        [
            ("03-18", "Support", 1, 0, 0, 0, None, None, 1, 0, None),
            ("03-19", "Support", 0, 0, 0, 0, None, None, 0, 1, 0),
        ],
    ),
    "week of a Series": (
        "select count_conversations, count_inbound_conversations, count_replied, median_first_response_seconds, "
        "count_rateable, count_first_closed from intercom.fct_support_periods "
        "where period = 'week' and starts_on = date '2026-03-16' and channel = 'all' and team_id = 'all'",
        [(1, 0, 0, None, 1, 1)],
    ),
    "the turn of a Series": (
        "select turn, is_first, direction, asked_team_name, admin_name, strftime(asked_on, '%m-%d'), response_seconds, "
        "response_business_seconds, outcome from intercom.fct_response_turns where conversation_id = '47'",
        [(1, True, "outbound_replied", None, "Ben", "03-19", 30 * MINUTE, 30 * MINUTE, "answered")],
    ),
    "a Series in the week of who answered it, and in none of who sent it": (
        "select admin_name, count_replied_conversations, count_replies, count_closes, owned_seconds, "
        "median_handling_seconds, count_first_responses, median_first_response_seconds, count_handovers_in, "
        "reopen_rate from intercom.fct_teammate_weekly where week_start = date '2026-03-16'",
        [("Ben", 1, 1, 1, 50 * MINUTE, 50 * MINUTE, 0, None, 0, 0)],
    ),
    "the backlog, into which a Series comes with its answer": (
        "select strftime(day, '%m-%d'), count_conversations, count_opened, count_reopened, count_moved_in, "
        "count_closed from intercom.fct_backlog_daily where team_name = 'Support' and state = 'open' "
        "and day between date '2026-03-18' and date '2026-03-20' order by 1",
        [("03-18", 0, 0, 0, 0, 0), ("03-19", 0, 1, 0, 0, 1), ("03-20", 0, 0, 0, 0, 0)],
    ),
    "marts of inbound questions, handovers and ratings, without the Series": (
        "select (select count(*) from intercom.fct_bot_weekly where week_start = date '2026-03-16'), "
        + ", ".join(
            f"(select count(*) from intercom.{mart} where conversation_id = '47')"
            for mart in ("fct_sla", "fct_handovers", "fct_csat", "fct_backlog_conversations")
        ),
        [(0, 0, 0, 0, 0)],
    ),
    "the contact of a Series": (
        "select count_conversations, count_open_conversations, median_first_response_seconds, health "
        f"from intercom.dim_contacts where contact_id = '{47:024x}'",
        [(1, 0, None, "healthy")],
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worked_out")
    return synced(folder, [story() for story in TOLD], NOW, parse_settings(SETTINGS))


@pytest.mark.parametrize("story", TOLD)
def test_a_conversation_has_the_figures_that_were_worked_out_by_hand(database, story):
    figures, conversation_id = story.figures, story()["id"]
    asked = f"select {', '.join(figures)} from intercom.fct_conversations where conversation_id = '{conversation_id}'"
    (found,) = rows(database, asked)
    assert dict(zip(figures, found, strict=True)) == figures


@pytest.mark.parametrize("about", OTHER_MARTS)
def test_other_marts_say_what_was_worked_out_by_hand(database, about):
    sql, expected = OTHER_MARTS[about]
    assert rows(database, sql) == expected
