"""Conversations whose answers are odd: late, of the night team, redacted, notes alone, or not shown any more."""

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, Conversation, at
from tests.support.told.worked_out.story import worked_out

MINUTE = 60
HOUR = 3_600
DAY = 86_400
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


@worked_out(
    first_response_seconds=30 * MINUTE,
    count_replies=2,
    count_notes=1,
    count_replying_admins=2,
    count_turns=2,
    count_closes=1,
    is_closed_on_first_contact=False,
    is_one_touch=False,
)
def converted_to_a_ticket():
    told = Conversation(4, "04-07 09:00").then("04-07 09:30", ANN)
    told.then("04-07 09:31", ANN, "conversation_attribute_updated_by_admin")
    told.then("04-07 09:32", ANN, "ticket_state_updated_by_admin").then(
        "04-07 09:40", ANN, "note", "<p>See ticket.</p>"
    )
    told.then("04-08 09:00", CUSTOMER).then("04-08 09:10", BEN).then("04-08 09:20", BEN, "close")
    return told.ends("closed")


@worked_out(
    first_response_seconds=5 * MINUTE,
    was_closed_before_first_reply=False,
    count_turns=1,
    count_reopens=0,
    is_one_touch=True,
)
def answered_and_closed_in_the_same_second():
    told = Conversation(24, "04-20 12:00").then("04-20 12:05", ANN, "close").then("04-20 12:05", ANN)
    told.parts[0]["id"], told.parts[1]["id"] = "2400100", "2400099"
    return told.ends("closed")


@worked_out(first_response_seconds=10 * MINUTE, count_replies=1, is_rateable=True)
def answered_by_what_was_redacted():
    told = Conversation(25, "04-20 13:00").then("04-20 13:10", ANN).then("04-20 13:15", ANN, "close")
    told.parts[0] |= {"body": None, "redacted": True}
    return told.ends("closed")


@worked_out(
    first_response_seconds=None,
    count_replies=0,
    count_notes=1,
    is_closed_on_first_contact=False,
    is_deflected_by_bot=False,
    was_closed_before_first_reply=True,
)
def notes_only():
    told = Conversation(30, "04-20 16:00").then("04-20 16:05", ANN, "note", "<p>Spam.</p>")
    return told.then("04-20 16:10", ANN, "close").ends("closed")


@worked_out(
    first_response_seconds=None,
    is_waiting_on_us=True,
    waiting_business_seconds=7 * HOUR,
    first_close_seconds=None,
    handling_seconds=None,
    sla_status="missed",
)
def left_in_silence():
    sla = {"type": "conversation_sla_summary", "sla_name": "Fast", "sla_status": "missed"}
    return Conversation(8, "04-30 15:00", sla_applied=sla).ends("open", team="601")


@worked_out(is_waiting_on_us=True, waiting_business_seconds=HOUR, first_response_seconds=None)
def asked_within_the_hour():
    return Conversation(39, "05-01 13:00").ends("open")


@worked_out(
    first_response_seconds=3 * DAY + 17 * HOUR,
    first_response_business_seconds=HOUR,
    resolution_business_seconds=HOUR,
    count_replies=1,
    is_one_touch=True,
)
def asked_on_a_holiday():
    """The default hours have Friday the 24th off."""
    told = Conversation(44, "04-23 16:30").then("04-27 09:30", ANN, "close", "<p>Sorry.</p>")
    return told.ends("closed")


@worked_out(
    first_response_seconds=4 * HOUR,
    first_response_business_seconds=0,
    created_hour=23,
    created_weekday=6,
    first_close_seconds=4 * HOUR + 30 * MINUTE,
)
def in_the_night_of_the_clock_change():
    told = Conversation(9, "03-28 23:30").then("03-29 04:30", ANN).then("03-29 05:00", ANN, "close")
    return told.ends("closed")


@worked_out(
    direction="inbound",
    first_response_seconds=3 * HOUR + 30 * MINUTE,
    first_response_business_seconds=3 * HOUR,
    first_response_after_bot_seconds=3 * HOUR + 30 * MINUTE,
)
def in_the_hours_of_the_night_team():
    told = Conversation(36, "04-20 20:00", author=BOT, delivered_as="automated")
    told.then("04-20 20:01", BOT, "assignment", to="602").then("04-20 21:30", CUSTOMER).then("04-21 01:00", BEN)
    return told.then("04-21 01:10", BEN, "close").ends("closed", team="602")


@worked_out(first_response_seconds=5 * HOUR + 30 * MINUTE, first_response_business_seconds=5 * HOUR)
def in_the_hours_of_the_night_team_over_a_clock_change():
    told = Conversation(37, "03-28 20:00", author=BOT, delivered_as="automated")
    told.then("03-28 20:01", BOT, "assignment", to="602").then("03-28 21:30", CUSTOMER).then("03-29 04:00", BEN)
    return told.then("03-29 04:10", BEN, "close").ends("closed", team="602")


@worked_out(
    has_all_parts=False,
    first_response_seconds=2 * MINUTE,
    first_close_seconds=2 * HOUR,
    last_close_seconds=2 * DAY + 3 * HOUR,
    last_closed_by_name=None,  # Ben closed it, but perhaps not the last time
    count_reopens=2,
    count_assignments=7,
    is_rateable=True,
    **UNKNOWN,
)
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


@worked_out(
    has_all_parts=False,
    first_response_seconds=13 * HOUR + 30 * MINUTE,
    first_response_business_seconds=None,
    is_waiting_on_us=False,
)
def known_by_its_last_parts_alone():
    """The night team has it now; who had it when the customer asked, no part that is loaded says."""
    told = Conversation(46, "04-13 20:00").then("04-14 09:30", ANN)
    told.record["statistics"] = {
        "type": "conversation_statistics",
        "first_contact_reply_at": at("04-13 20:00"),
        "first_admin_reply_at": at("04-14 09:30"),
        "count_conversation_parts": 5,
    }
    return told.ends("open", team="602", total_count=4)
