"""Odd conversations: greeted by workflows, closed without a part, rated and reopened, asked in the hours of night."""

from tests.support.told_conversation import ANN, BEN, BOT, CUSTOMER, FIN, Conversation, at

FIRST = 21  # their numbers


def greeted_by_a_workflow():
    told = Conversation(21, "04-20 09:00", author=BOT, delivered_as="operator_initiated").then("04-20 09:02", CUSTOMER)
    told.then("04-20 09:03", BOT, "assignment", to="601").then("04-20 09:20", ANN).then("04-20 09:30", ANN, "close")
    return told.ends("closed", team="601")


def assigned_to_fin_before_a_team():
    told = Conversation(22, "04-20 10:00").then("04-20 10:01", BOT, "assignment", to="901").then("04-20 10:02", FIN)
    told.then("04-20 10:05", CUSTOMER).then("04-20 10:06", BOT, "assignment", to="601")
    told.then("04-20 10:10", ANN, "assignment", to=ANN).then("04-20 10:12", ANN).then("04-20 10:15", ANN, "close")
    return told.ends("closed", admin=ANN, team="601")


def given_to_a_team_and_a_teammate_in_one_step():
    told = Conversation(23, "04-20 11:00").then("04-20 11:10", ANN, "assignment", to=BEN)
    told.then("04-20 11:20", BEN).then("04-20 11:30", BEN, "close")
    return told.ends("closed", admin=BEN, team="602")


def answered_and_closed_in_the_same_second():
    told = Conversation(24, "04-20 12:00").then("04-20 12:05", ANN, "close").then("04-20 12:05", ANN)
    told.parts[0]["id"], told.parts[1]["id"] = "2400100", "2400099"
    return told.ends("closed")


def answered_by_what_was_redacted():
    told = Conversation(25, "04-20 13:00").then("04-20 13:10", ANN).then("04-20 13:15", ANN, "close")
    told.parts[0] |= {"body": None, "redacted": True}
    return told.ends("closed")


def unsnoozed_by_the_customer():
    told = Conversation(26, "04-20 09:00").then("04-20 09:10", ANN, "assignment", to=ANN)
    told.then("04-20 09:20", ANN, "snoozed", "<p>I ask them.</p>").then("04-21 09:00", CUSTOMER)
    told.then("04-21 09:30", ANN).then("04-21 09:40", ANN, "close")
    return told.ends("closed", admin=ANN)


def closed_by_a_workflow_while_a_teammate_had_it():
    told = Conversation(27, "04-20 14:00").then("04-20 14:01", BOT).then("04-20 14:02", CUSTOMER)
    told.then("04-20 14:03", BOT, "assignment", to=BEN).then("04-20 14:30", BOT, "close")
    return told.ends("closed", admin=BEN)


def closed_by_the_customer_after_fin():
    told = Conversation(28, "04-20 15:00").then("04-20 15:01", FIN).then("04-20 15:02", CUSTOMER)
    return told.then("04-20 15:03", FIN).then("04-20 15:04", CUSTOMER, "close").ends("closed")


def routed_to_a_team_and_closed_by_a_bot():
    told = Conversation(29, "04-20 15:00").then("04-20 15:01", BOT, "assignment", to="601").then("04-20 15:02", BOT)
    return told.then("04-20 15:30", BOT, "close").ends("closed", team="601")


def notes_only():
    told = Conversation(30, "04-20 16:00").then("04-20 16:05", ANN, "note", "<p>Spam.</p>")
    return told.then("04-20 16:10", ANN, "close").ends("closed")


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


def outbound_that_nobody_answered():
    told = Conversation(32, "04-21 09:00", author=ANN, delivered_as="admin_initiated")
    return told.then("04-21 11:00", BEN, "close").ends("closed")


def outbound_closed_before_the_customer_answered():
    told = Conversation(33, "04-21 09:00", author=ANN, delivered_as="admin_initiated")
    told.then("04-21 09:05", ANN, "close").then("04-22 10:00", CUSTOMER).then("04-22 10:15", BEN)
    return told.then("04-22 10:20", BEN, "close").ends("closed")


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


def answered_by_someone_who_left():
    told = Conversation(35, "04-20 09:00").then("04-20 09:10", ANN, "assignment", to="577").then("04-20 09:30", ANN)
    told.parts[1]["author"] = {"type": "admin", "id": "577", "name": "Gone", "email": "gone@example.com"}
    return told.ends("open", admin="577")


def in_the_hours_of_the_night_team():
    told = Conversation(36, "04-20 20:00", author=BOT, delivered_as="automated")
    told.then("04-20 20:01", BOT, "assignment", to="602").then("04-20 21:30", CUSTOMER).then("04-21 01:00", BEN)
    return told.then("04-21 01:10", BEN, "close").ends("closed", team="602")


def in_the_hours_of_the_night_team_over_a_clock_change():
    told = Conversation(37, "03-28 20:00", author=BOT, delivered_as="automated")
    told.then("03-28 20:01", BOT, "assignment", to="602").then("03-28 21:30", CUSTOMER).then("03-29 04:00", BEN)
    return told.then("03-29 04:10", BEN, "close").ends("closed", team="602")


def passed_through_a_team_and_back():
    told = Conversation(38, "04-20 09:00").then("04-20 09:10", ANN, "assignment", to=ANN)
    told.then("04-20 09:30", ANN, "assignment", to="602").then("04-20 09:50", BEN, "assignment", to=BEN)
    told.then("04-20 10:00", BEN, "assignment", to=ANN).then("04-20 10:10", ANN).then("04-20 10:20", ANN, "close")
    return told.ends("closed", admin=ANN, team="602")


def asked_within_the_hour():
    return Conversation(39, "05-01 13:00").ends("open")


def closed_in_time_without_a_reply():
    return Conversation(40, "04-22 09:00").then("04-22 10:00", ANN, "close").ends("closed")


def assigned_while_it_was_closed():
    told = Conversation(41, "04-22 09:00").then("04-22 09:10", ANN, "assignment", to=ANN).then("04-22 09:20", ANN)
    told.then("04-22 09:30", ANN, "close").then("04-22 10:00", ANN, "assignment", to=BEN)
    told.then("04-22 11:00", CUSTOMER).then("04-22 11:10", BEN).then("04-22 11:20", BEN, "close")
    return told.ends("closed", admin=BEN)


def reassigned_because_someone_was_away():
    told = Conversation(42, "04-22 09:00").then("04-22 09:00", BOT, "default_assignment", to=ANN)
    told.then("04-22 09:30", BOT, "away_mode_assignment", to=BEN).then("04-22 10:00", BEN)
    return told.then("04-22 10:30", BEN, "close").ends("closed", admin=BEN)


def closed_too_late_without_a_reply():
    return Conversation(43, "04-23 09:00").then("04-23 12:00", ANN, "close").ends("closed")


def asked_on_a_holiday():
    """The default hours have Friday the 24th off."""
    told = Conversation(44, "04-23 16:30").then("04-27 09:30", ANN, "close", "<p>Sorry.</p>")
    return told.ends("closed")


def snoozed_again_and_over_by_a_close():
    told = Conversation(45, "04-22 09:00").then("04-22 09:00", ANN, "assignment", to=ANN)
    told.then("04-22 09:10", ANN, "snoozed").then("04-22 09:20", ANN, "snoozed").then("04-22 10:00", ANN)
    return told.then("04-22 12:00", ANN, "close").ends("closed", admin=ANN)


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


TOLD = (
    greeted_by_a_workflow,
    assigned_to_fin_before_a_team,
    given_to_a_team_and_a_teammate_in_one_step,
    answered_and_closed_in_the_same_second,
    answered_by_what_was_redacted,
    unsnoozed_by_the_customer,
    closed_by_a_workflow_while_a_teammate_had_it,
    closed_by_the_customer_after_fin,
    routed_to_a_team_and_closed_by_a_bot,
    notes_only,
    closed_without_a_part,
    outbound_that_nobody_answered,
    outbound_closed_before_the_customer_answered,
    rated_and_then_reopened,
    answered_by_someone_who_left,
    in_the_hours_of_the_night_team,
    in_the_hours_of_the_night_team_over_a_clock_change,
    passed_through_a_team_and_back,
    asked_within_the_hour,
    closed_in_time_without_a_reply,
    assigned_while_it_was_closed,
    reassigned_because_someone_was_away,
    closed_too_late_without_a_reply,
    asked_on_a_holiday,
    snoozed_again_and_over_by_a_close,
    known_by_its_last_parts_alone,
)
