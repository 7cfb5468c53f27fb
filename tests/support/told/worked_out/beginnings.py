"""Conversations that bots or teammates began, answered or closed alone."""

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, FIN, Conversation
from tests.support.told.worked_out.story import worked_out

MINUTE = 60
HOUR = 3_600


@worked_out(
    direction="inbound",
    first_response_seconds=18 * MINUTE,
    first_response_after_bot_seconds=17 * MINUTE,
    first_close_seconds=28 * MINUTE,
    resolution_seconds=28 * MINUTE,
    is_one_touch=True,
    is_closed_on_first_contact=True,
    is_deflected_by_bot=False,
    time_to_first_assignment_seconds=None,
    handling_seconds=0,
)
def greeted_by_a_workflow():
    told = Conversation(21, "04-20 09:00", author=BOT, delivered_as="operator_initiated").then("04-20 09:02", CUSTOMER)
    told.then("04-20 09:03", BOT, "assignment", to="601").then("04-20 09:20", ANN).then("04-20 09:30", ANN, "close")
    return told.ends("closed", team="601")


@worked_out(
    direction="outbound_replied",
    first_response_seconds=None,
    time_to_first_assignment_seconds=None,
    first_close_seconds=HOUR,
    resolution_seconds=HOUR,
    first_assignment_to_close_seconds=HOUR,
    count_reassignments=0,
    handling_seconds=HOUR,
    count_reopens=0,
    count_turns=1,
)
def begun_by_a_teammate():
    told = Conversation(7, "04-08 10:00", author=ANN, delivered_as="admin_initiated")
    told.then("04-08 10:05", ANN, "assignment", to=ANN).then("04-08 12:00", CUSTOMER, "open", "<p>Yes</p>")
    told.then("04-08 12:30", ANN).then("04-08 13:00", ANN, "close")
    return told.ends("closed", admin=ANN)


@worked_out(
    direction="outbound_replied",
    opened_by_role="teammate",
    is_customer_initiated=False,
    first_response_seconds=None,
    first_response_business_seconds=None,
    first_response_after_bot_seconds=None,
    was_closed_before_first_reply=None,
    time_to_first_assignment_seconds=None,
    first_reply_admin_name="Ben",
    first_close_seconds=HOUR,
    resolution_seconds=HOUR,
    resolution_business_seconds=HOUR,
    first_assignment_to_close_seconds=50 * MINUTE,
    unassigned_seconds=10 * MINUTE,
    handling_seconds=50 * MINUTE,
    count_replies=1,
    count_customer_messages=1,
    count_bot_replies=0,
    count_assignments=2,
    count_reassignments=0,
    count_closes=1,
    count_reopens=0,
    count_turns=1,
    count_handovers=0,
    is_closed_on_first_contact=True,
    is_one_touch=True,
    is_reopened_within_7_days=False,
    is_resolved_no_return=True,
    is_deflected_by_bot=False,
    is_rateable=True,
    is_waiting_on_us=False,
)
def sent_in_a_teammates_series():
    """Closed until it is answered a day later; the only conversation of its week."""
    told = Conversation(47, "03-18 10:00", author=ANN, delivered_as="automated")
    told.then("03-19 09:00", CUSTOMER, "open", "<p>Yes</p>").then("03-19 09:02", BOT, "assignment", to="601")
    told.then("03-19 09:10", BEN, "assignment", to=BEN).then("03-19 09:30", BEN).then("03-19 10:00", BEN, "close")
    return told.ends("closed", admin=BEN, team="601")


@worked_out(
    direction="outbound",
    first_response_seconds=None,
    first_close_seconds=None,
    last_close_seconds=None,
    resolution_seconds=None,
    was_closed_before_first_reply=None,
    count_turns=0,
    count_replies=0,
    is_deflected_by_bot=False,
)
def outbound_that_nobody_answered():
    told = Conversation(32, "04-21 09:00", author=ANN, delivered_as="admin_initiated")
    return told.then("04-21 11:00", BEN, "close").ends("closed")


@worked_out(
    direction="outbound_replied",
    first_response_seconds=None,
    first_close_seconds=20 * MINUTE,
    last_close_seconds=20 * MINUTE,
    count_closes=2,
    count_reopens=1,
    count_replies=1,
    count_turns=1,
)
def outbound_closed_before_the_customer_answered():
    told = Conversation(33, "04-21 09:00", author=ANN, delivered_as="admin_initiated")
    told.then("04-21 09:05", ANN, "close").then("04-22 10:00", CUSTOMER).then("04-22 10:15", BEN)
    return told.then("04-22 10:20", BEN, "close").ends("closed")


@worked_out(
    direction="outbound_replied",
    first_close_seconds=None,
    last_close_seconds=None,
    is_reopened_within_7_days=None,
    count_replies=1,
)
def outbound_closed_in_the_second_in_which_the_customer_answered():
    told = Conversation(48, "04-02 09:00", author=ANN, delivered_as="admin_initiated")
    told.then("04-02 09:30", ANN, "close").then("04-02 09:30", CUSTOMER, "open", "<p>Yes.</p>")
    return told.then("04-02 09:40", ANN).ends("open")


@worked_out(
    first_response_seconds=None,
    was_closed_before_first_reply=True,
    first_close_seconds=6 * MINUTE,
    count_bot_replies=1,
    count_turns=1,
    is_deflected_by_bot=True,
    is_rateable=False,
    has_fin=False,
    last_closed_by_role="bot",
    handling_seconds=0,
)
def only_a_bot():
    told = Conversation(5, "04-07 13:00").then("04-07 13:01", BOT).then("04-07 13:05", CUSTOMER)
    return told.then("04-07 13:06", BOT, "close").ends("closed")


@worked_out(
    first_response_seconds=80 * MINUTE,
    first_response_after_bot_seconds=19 * MINUTE,
    was_closed_before_first_reply=True,
    first_close_seconds=30 * MINUTE,
    last_close_seconds=100 * MINUTE,
    first_assignment_to_close_seconds=30 * MINUTE,
    handling_seconds=30 * MINUTE,
    count_reopens=1,
    count_turns=2,
    is_reopened_within_7_days=True,
    is_deflected_by_bot=False,
    has_fin=True,
    fin_outcome="assumed_resolution",
)
def resolved_by_fin_then_reopened():
    agent = {"resolution_state": "assumed_resolution"}
    told = Conversation(6, "04-07 14:00", ai_agent_participated=True, ai_agent=agent).then("04-07 14:01", FIN)
    told.then("04-07 14:30", FIN, "close").then("04-07 15:00", CUSTOMER)
    told.then("04-07 15:01", BOT, "assignment", to="601").then("04-07 15:10", ANN, "assignment", to=ANN)
    told.then("04-07 15:20", ANN).then("04-07 15:40", ANN, "close")
    return told.ends("closed", admin=ANN, team="601")


@worked_out(
    is_deflected_by_bot=True,
    last_closed_by_role="customer",
    count_bot_replies=2,
    count_customer_messages=2,
    was_closed_before_first_reply=True,
)
def closed_by_the_customer_after_fin():
    told = Conversation(28, "04-20 15:00").then("04-20 15:01", FIN).then("04-20 15:02", CUSTOMER)
    return told.then("04-20 15:03", FIN).then("04-20 15:04", CUSTOMER, "close").ends("closed")


@worked_out(is_deflected_by_bot=True, unassigned_seconds=30 * MINUTE)
def routed_to_a_team_and_closed_by_a_bot():
    told = Conversation(29, "04-20 15:00").then("04-20 15:01", BOT, "assignment", to="601").then("04-20 15:02", BOT)
    return told.then("04-20 15:30", BOT, "close").ends("closed", team="601")


@worked_out(
    first_response_seconds=None,
    was_closed_before_first_reply=True,
    is_deflected_by_bot=False,
    is_rateable=False,
    handling_seconds=27 * MINUTE,
    count_turns=1,
    is_one_touch=False,
    is_closed_on_first_contact=False,
)
def closed_by_a_workflow_while_a_teammate_had_it():
    told = Conversation(27, "04-20 14:00").then("04-20 14:01", BOT).then("04-20 14:02", CUSTOMER)
    told.then("04-20 14:03", BOT, "assignment", to=BEN).then("04-20 14:30", BOT, "close")
    return told.ends("closed", admin=BEN)
