"""Conversations that go from one team or teammate to another."""

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, FIN, Conversation
from tests.support.told.worked_out.story import worked_out

MINUTE = 60
HOUR = 3_600


@worked_out(
    first_response_seconds=50 * MINUTE,
    first_response_after_bot_seconds=50 * MINUTE,
    time_to_first_assignment_seconds=20 * MINUTE,
    unassigned_seconds=20 * MINUTE,
    handling_seconds=40 * MINUTE,
    count_assignments=3,
    count_reassignments=0,
    count_handovers=1,
    first_assignment_to_close_seconds=40 * MINUTE,
    team_name="Billing",
    is_deflected_by_bot=False,
)
def reassigned_between_teams_by_a_workflow():
    told = Conversation(3, "04-07 09:00").then("04-07 09:01", BOT, "assignment", to="601")
    told.then("04-07 09:05", BOT, "assignment", to="602").then("04-07 09:20", BEN, "assignment", to=BEN)
    told.then("04-07 09:50", BEN).then("04-07 10:00", BEN, "close")
    return told.ends("closed", admin=BEN, team="602")


@worked_out(
    first_response_seconds=12 * MINUTE,
    first_response_after_bot_seconds=6 * MINUTE,
    time_to_first_assignment_seconds=10 * MINUTE,
    unassigned_seconds=10 * MINUTE,
    handling_seconds=5 * MINUTE,
    count_assignments=3,
    count_bot_replies=1,
    first_assignment_to_close_seconds=5 * MINUTE,
    count_turns=1,
)
def assigned_to_fin_before_a_team():
    told = Conversation(22, "04-20 10:00").then("04-20 10:01", BOT, "assignment", to="901").then("04-20 10:02", FIN)
    told.then("04-20 10:05", CUSTOMER).then("04-20 10:06", BOT, "assignment", to="601")
    told.then("04-20 10:10", ANN, "assignment", to=ANN).then("04-20 10:12", ANN).then("04-20 10:15", ANN, "close")
    return told.ends("closed", admin=ANN, team="601")


@worked_out(
    team_name="Billing",
    assignee_name="Ben",
    time_to_first_assignment_seconds=10 * MINUTE,
    unassigned_seconds=10 * MINUTE,
    handling_seconds=20 * MINUTE,
    count_handovers=0,
    count_assignments=1,
    first_response_seconds=20 * MINUTE,
)
def given_to_a_team_and_a_teammate_in_one_step():
    told = Conversation(23, "04-20 11:00").then("04-20 11:10", ANN, "assignment", to=BEN)
    told.then("04-20 11:20", BEN).then("04-20 11:30", BEN, "close")
    return told.ends("closed", admin=BEN, team="602")


@worked_out(
    handling_seconds=50 * MINUTE,
    unassigned_seconds=30 * MINUTE,
    count_assignments=4,
    count_reassignments=0,
    time_to_first_assignment_seconds=10 * MINUTE,
    first_assignment_to_close_seconds=70 * MINUTE,
    last_assignment_to_close_seconds=20 * MINUTE,
    first_response_seconds=70 * MINUTE,
)
def passed_through_a_team_and_back():
    told = Conversation(38, "04-20 09:00").then("04-20 09:10", ANN, "assignment", to=ANN)
    told.then("04-20 09:30", ANN, "assignment", to="602").then("04-20 09:50", BEN, "assignment", to=BEN)
    told.then("04-20 10:00", BEN, "assignment", to=ANN).then("04-20 10:10", ANN).then("04-20 10:20", ANN, "close")
    return told.ends("closed", admin=ANN, team="602")


@worked_out(
    handling_seconds=40 * MINUTE,
    count_reassignments=1,
    count_handovers=1,
    unassigned_seconds=10 * MINUTE,
    first_assignment_to_close_seconds=130 * MINUTE,
    last_assignment_to_close_seconds=80 * MINUTE,
    count_turns=2,
    count_reopens=1,
)
def assigned_while_it_was_closed():
    told = Conversation(41, "04-22 09:00").then("04-22 09:10", ANN, "assignment", to=ANN).then("04-22 09:20", ANN)
    told.then("04-22 09:30", ANN, "close").then("04-22 10:00", ANN, "assignment", to=BEN)
    told.then("04-22 11:00", CUSTOMER).then("04-22 11:10", BEN).then("04-22 11:20", BEN, "close")
    return told.ends("closed", admin=BEN)


@worked_out(
    first_response_seconds=HOUR,
    time_to_first_assignment_seconds=0,
    handling_seconds=90 * MINUTE,
    count_handovers=1,
    count_assignments=2,
    count_reassignments=0,
    unassigned_seconds=0,
)
def reassigned_because_someone_was_away():
    told = Conversation(42, "04-22 09:00").then("04-22 09:00", BOT, "default_assignment", to=ANN)
    told.then("04-22 09:30", BOT, "away_mode_assignment", to=BEN).then("04-22 10:00", BEN)
    return told.then("04-22 10:30", BEN, "close").ends("closed", admin=BEN)


@worked_out(
    first_response_seconds=2 * HOUR + 30 * MINUTE,
    was_closed_before_first_reply=True,
    first_close_seconds=20 * MINUTE,
    last_close_seconds=4 * HOUR,
    last_closed_by_role="customer",
    last_closed_by_name=None,
    count_replies=3,
    count_reassignments=1,
    count_handovers=1,
    handling_seconds=10 * MINUTE + 2 * HOUR,
    first_assignment_to_close_seconds=3 * HOUR + 50 * MINUTE,
    last_assignment_to_close_seconds=80 * MINUTE,
    count_turns=2,
    is_closed_on_first_contact=False,
)
def answered_after_it_was_closed_and_passed_on():
    told = Conversation(12, "04-13 09:00").then("04-13 09:10", ANN, "assignment", to=ANN)
    told.then("04-13 09:20", ANN, "close").then("04-13 11:00", CUSTOMER).then("04-13 11:30", ANN)
    told.then("04-13 11:40", ANN, "assignment", "<p>Please see.</p>", to=BEN).then(
        "04-13 12:00", BEN, "note", "<p>ok</p>"
    )
    told.then("04-13 12:00", BEN, "note", "<p>ok</p>").then("04-13 12:30", BEN).then("04-13 13:00", CUSTOMER, "close")
    return told.ends("closed", admin=BEN)


@worked_out(
    assignee_name="Gone",
    first_response_seconds=30 * MINUTE,
    handling_seconds=None,
    first_close_seconds=None,
    is_waiting_on_us=False,
)
def answered_by_someone_who_left():
    told = Conversation(35, "04-20 09:00").then("04-20 09:10", ANN, "assignment", to="577").then("04-20 09:30", ANN)
    told.parts[1]["author"] = {"type": "admin", "id": "577", "name": "Gone", "email": "gone@example.com"}
    return told.ends("open", admin="577")
