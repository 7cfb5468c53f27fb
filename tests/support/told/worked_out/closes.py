"""Conversations that are closed, snoozed, rated and opened again."""

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, Conversation, at
from tests.support.told.worked_out.story import worked_out

MINUTE = 60
HOUR = 3_600
DAY = 86_400


@worked_out(
    direction="inbound",
    first_response_seconds=30 * MINUTE,
    first_response_business_seconds=30 * MINUTE,
    was_closed_before_first_reply=False,
    first_close_seconds=HOUR,
    last_close_seconds=8 * DAY + 2 * HOUR + 20 * MINUTE,
    resolution_seconds=8 * DAY + 2 * HOUR + 20 * MINUTE,
    resolution_business_seconds=7 * HOUR + 5 * 8 * HOUR + 3 * HOUR + 20 * MINUTE,
    count_closes=2,
    count_reopens=1,
    count_replies=2,
    count_turns=2,
    is_reopened_within_7_days=False,
    is_closed_on_first_contact=False,
    is_one_touch=False,
    handling_seconds=0,
)
def closed_twice_and_reopened_after_8_days():
    told = Conversation(1, "04-06 10:00").then("04-06 10:30", ANN).then("04-06 11:00", ANN, "close")
    told.then("04-14 12:00", CUSTOMER).then("04-14 12:20", BEN, "close", "<p>Done.</p>")
    return told.ends("closed")


@worked_out(
    state="closed",
    first_close_seconds=20 * MINUTE,
    last_close_seconds=20 * MINUTE,
    resolution_seconds=20 * MINUTE,
    first_response_seconds=10 * MINUTE,
    was_closed_before_first_reply=False,
)
def closed_without_a_part():
    told = Conversation(31, "04-21 10:00").then("04-21 10:10", ANN)
    told.record["statistics"] = {
        "type": "conversation_statistics",
        "first_contact_reply_at": at("04-21 10:00"),
        "first_admin_reply_at": at("04-21 10:10"),
        "first_close_at": at("04-21 10:20"),
        "last_close_at": at("04-21 10:20"),
    }
    return told.ends("closed")


@worked_out(was_closed_before_first_reply=True, first_close_seconds=HOUR)
def closed_in_time_without_a_reply():
    return Conversation(40, "04-22 09:00").then("04-22 10:00", ANN, "close").ends("closed")


@worked_out(was_closed_before_first_reply=True, first_response_seconds=None)
def closed_too_late_without_a_reply():
    return Conversation(43, "04-23 09:00").then("04-23 12:00", ANN, "close").ends("closed")


@worked_out(
    first_response_seconds=66 * HOUR,
    first_response_business_seconds=2 * HOUR,
    time_to_first_assignment_seconds=10 * MINUTE,
    unassigned_seconds=10 * MINUTE,
    handling_seconds=20 * MINUTE + 75 * MINUTE,
    last_close_seconds=66 * HOUR + 15 * MINUTE,
    first_assignment_to_close_seconds=66 * HOUR + 5 * MINUTE,
    last_assignment_to_close_seconds=66 * HOUR + 5 * MINUTE,
    count_reopens=0,
    count_reassignments=0,
    is_closed_on_first_contact=True,
    is_one_touch=True,
    is_resolved_no_return=True,
)
def snoozed_over_a_weekend():
    told = Conversation(2, "04-10 16:00").then("04-10 16:10", ANN, "assignment", to=ANN)
    told.then("04-10 16:30", ANN, "snoozed").then("04-13 09:00", BOT, "timer_unsnooze")
    told.then("04-13 10:00", ANN).then("04-13 10:15", ANN, "close")
    return told.ends("closed", admin=ANN)


@worked_out(
    first_response_seconds=20 * MINUTE,
    count_turns=2,
    count_replies=2,
    count_reopens=0,
    handling_seconds=50 * MINUTE,
    resolution_business_seconds=8 * HOUR + 40 * MINUTE,
    is_closed_on_first_contact=True,
    is_one_touch=False,
)
def unsnoozed_by_the_customer():
    told = Conversation(26, "04-20 09:00").then("04-20 09:10", ANN, "assignment", to=ANN)
    told.then("04-20 09:20", ANN, "snoozed", "<p>I ask them.</p>").then("04-21 09:00", CUSTOMER)
    told.then("04-21 09:30", ANN).then("04-21 09:40", ANN, "close")
    return told.ends("closed", admin=ANN)


@worked_out(
    handling_seconds=10 * MINUTE,
    first_response_seconds=HOUR,
    count_reopens=0,
    resolution_seconds=3 * HOUR,
)
def snoozed_again_and_over_by_a_close():
    told = Conversation(45, "04-22 09:00").then("04-22 09:00", ANN, "assignment", to=ANN)
    told.then("04-22 09:10", ANN, "snoozed").then("04-22 09:20", ANN, "snoozed").then("04-22 10:00", ANN)
    return told.then("04-22 12:00", ANN, "close").ends("closed", admin=ANN)


@worked_out(
    rating=5,
    rating_remark="Now it works",
    count_customer_messages=1,
    count_replies=2,
    count_closes=2,
    is_rateable=True,
    first_response_seconds=30 * MINUTE,
)
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


@worked_out(
    rating=3,
    count_reopens=1,
    is_reopened_within_7_days=True,
    count_turns=2,
    is_closed_on_first_contact=False,
    resolution_seconds=65 * MINUTE,
)
def rated_and_then_reopened():
    rating = {
        "rating": 3,
        "remark": None,
        "created_at": at("04-20 09:30"),
        "contact": {"type": "contact", "id": f"{34:024x}"},
        "teammate": {"type": "admin", "id": int(ANN)},
    }
    told = Conversation(34, "04-20 09:00", conversation_rating=rating).then("04-20 09:10", ANN)
    told.then("04-20 09:20", ANN, "close").then("04-20 09:30", CUSTOMER, "conversation_rating_changed")
    told.then("04-20 09:40", CUSTOMER).then("04-20 10:00", BEN).then("04-20 10:05", BEN, "close")
    return told.ends("closed")
