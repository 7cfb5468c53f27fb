"""fct_tickets, fct_bot_weekly, custom attributes and the two tables that question our own figures."""

import datetime
from itertools import pairwise

from tests.support.told_apart import told_apart

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
HOUR, DAY = 3600, 86_400
NOW = 1_717_200_000  # when it is built
MODELS = "+fct_tickets +qa_conversation_completeness"


def assign(house, owners, ticket="9"):
    """Gives the ticket to one after the other, a second apart."""
    for number, (kind, owner) in enumerate(owners):
        house.raw.add(
            "ticket_parts",
            ticket_id=ticket,
            id=f"{ticket}10{number}",
            part_type="assignment",
            created_at=NOON + number,
            assigned_to__type=kind,
            assigned_to__id=owner,
        )


@told_apart
def test_a_ticket_is_measured_by_its_states(house):
    house.raw.add("tickets", id="9", ticket_id="77", ticket_state="resolved", created_at=NOON, updated_at=NOON)
    states = ["submitted", "in_progress", "waiting_on_customer", "resolved", "in_progress", "resolved"]
    for number, (before, after) in enumerate(pairwise(states)):
        at = NOON + (number + 1) * 100
        house.raw.add(
            "ticket_parts",
            ticket_id="9",
            id=f"{number}",
            part_type="ticket_state_updated_by_admin",
            created_at=at,
            author__type="admin",
            previous_ticket_state=before,
            ticket_state=after,
        )
    assign(house, [("admin", "a1"), ("admin", "a1"), ("admin", "a2")])
    house.raw.conversation("5", NOON)
    house.raw.add("conversation_linked_objects", conversation_id="5", linked_object_id="9", type="ticket")
    house.raw.add("ticket_linked_objects", ticket_id="9", linked_object_id="5", type="conversation")
    columns = (
        "ticket_number, conversation_id, count_conversations, first_in_progress_seconds, resolution_seconds, "
        "submitted_seconds, in_progress_seconds, waiting_on_customer_share, count_reopens, count_handovers"
    )
    yield
    assert house.answer("fct_tickets", columns) == [("77", "5", 1, 100, 300, 100, 200, 0.25, 1, 1)]


@told_apart
def test_a_ticket_that_a_part_found_resolved_was_resolved(house):
    house.raw.add("tickets", id="9", ticket_state="in_progress", created_at=NOON, updated_at=NOON + 200)
    for number, (before, after) in enumerate((("submitted", "in_progress"), ("resolved", "in_progress"))):
        state = {"previous_ticket_state": before, "ticket_state": after, "created_at": NOON + 100 * (number + 1)}
        house.raw.add("ticket_parts", ticket_id="9", id=f"{number}", **state)
    columns = "resolution_seconds, count_reopens, resolved_seconds, in_progress_seconds"
    yield
    assert house.answer("fct_tickets", columns) == [(200, 1, 0, NOW - NOON - 100)]


@told_apart
def test_a_conversation_that_became_a_ticket_is_one_from_then_on(house):
    """3 days of chat, in which Ann passed it on to Ben; he passes the ticket on to Cleo."""
    begun_at = NOON + 3 * DAY
    facts = {"created_at": NOON, "updated_at": begun_at + 7200, "ticket_parts__total_count": 7}
    house.raw.add("tickets", id="9", ticket_state="resolved", **facts)
    states = ["submitted", "submitted", "in_progress", "resolved"]
    for number, (before, after) in enumerate(pairwise(states)):
        state = {"previous_ticket_state": before, "ticket_state": after, "created_at": begun_at + number * 3600}
        house.raw.add("ticket_parts", ticket_id="9", id=f"5{number}", **state)
    house.raw.add("ticket_parts", ticket_id="9", id="1", part_type="comment", body="<p>Hi</p>", created_at=NOON)
    for number, (admin, at) in enumerate((("ann", NOON + 1), ("ben", NOON + 2), ("cleo", begun_at + 60))):
        part = {"id": f"2{number}", "part_type": "assignment", "assigned_to__type": "admin", "assigned_to__id": admin}
        house.raw.add("ticket_parts", ticket_id="9", created_at=at, **part)
    columns = "created_at_epoch, begun_at_epoch, begun_on - created_on, first_in_progress_seconds, resolution_seconds"
    yield
    assert house.answer("fct_tickets", columns) == [(NOON, begun_at, 3, 3600, 7200)]
    columns = "submitted_seconds, in_progress_seconds, waiting_on_customer_seconds, count_handovers"
    assert house.answer("fct_tickets", columns) == [(3600, 3600, 0, 1)]


@told_apart
def test_a_ticket_that_nobody_had_in_between_is_not_handed_over(house):
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON, updated_at=NOON)
    assign(house, [("admin", "a1"), ("nobody_admin", None), ("admin", "a2"), ("team", "t1"), ("admin", "a3")])
    yield
    assert house.answer("fct_tickets", "count_handovers") == [(0,)], "a team takes the teammate away, as nobody does"


@told_apart
def test_a_ticket_that_changed_hands_without_a_part_was_handed_over(house):
    """Cleo has 9 now; 8 is as its part says, 7 was nobody's in between, a bot has 6, and 5 has no part."""
    house.raw.conversation("1", NOON).bot_replies(NOON + 1)
    ben, nobody = ("admin", "ben"), ("nobody_admin", None)
    for number, takers, owner in (
        ("9", [ben], "cleo"),
        ("8", [ben], "ben"),
        ("7", [ben, nobody], "cleo"),
        ("6", [ben], "b1"),
        ("5", [], "cleo"),
    ):
        facts = {"ticket_state": "submitted", "created_at": NOON, "updated_at": NOON, "admin_assignee_id": owner}
        house.raw.add("tickets", id=number, **facts)
        assign(house, takers, ticket=number)
    yield
    assert house.answer("fct_tickets", "ticket_id, admin_id, count_handovers") == [
        ("5", "cleo", 0),
        ("6", None, 0),
        ("7", "cleo", 0),
        ("8", "ben", 0),
        ("9", "cleo", 1),
    ]


@told_apart
def test_a_deleted_conversation_is_no_ticket_s_conversation(house):
    """Intercom still shows it with the ticket; a conversation that is not loaded is one."""
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON, updated_at=NOON)
    house.raw.conversation("5", NOON)
    for conversation in ("5", "6", "7"):
        link = {"linked_object_id": conversation, "type": "conversation"}
        house.raw.add("ticket_linked_objects", ticket_id="9", **link)
    house.raw.conversation("6", NOON)
    house.raw.add("conversation_linked_objects", conversation_id="6", linked_object_id="9", type="ticket")
    house.raw.add("deleted_records", entity="conversations", id="5", reason="deleted", noticed_at=NOON)
    house.raw.add("deleted_records", entity="tickets", id="7", reason="deleted", noticed_at=NOON)
    yield
    assert house.answer("fct_tickets", "conversation_id, count_conversations") == [("6", 2)]


@told_apart
def test_a_bot_hands_no_ticket_over(house):
    """Both tickets name it as an admin; that it is a bot, another part of 8 says, and a part of a conversation."""
    house.raw.conversation("1", NOON).bot_replies(NOON + 1)
    for ticket, takers in (("8", ["fin", "ann", "fin"]), ("9", ["b1", "ann", "b1", "ann", "ben"])):
        house.raw.add("tickets", id=ticket, ticket_state="submitted", created_at=NOON, updated_at=NOON)
        for number, taker in enumerate(takers):
            given = {"assigned_to__type": "admin", "assigned_to__id": taker}
            part = {"id": f"{ticket}{number}", "part_type": "assignment", "created_at": NOON + number, **given}
            house.raw.add("ticket_parts", ticket_id=ticket, **part)
    fin = {"assigned_to__type": "bot", "assigned_to__id": "fin", "part_type": "assignment", "created_at": NOON + 9}
    house.raw.add("ticket_parts", ticket_id="8", id="89", **fin)
    yield
    assert house.answer("fct_tickets", "ticket_id, count_handovers", "ticket_id") == [("8", 0), ("9", 1)]


@told_apart
def test_the_history_of_a_ticket_with_missing_parts_is_not_known(house):
    """The API shows the newest 500: what was before them may be another state, another teammate or a reopening."""
    for number, count in (("9", 601), ("8", 2)):
        facts = {"ticket_state": "resolved", "created_at": NOON, "updated_at": NOON + 20}
        house.raw.add("tickets", id=number, ticket_parts__total_count=count, **facts)
        for place, (before, after) in enumerate((("in_progress", "resolved"), ("resolved", "resolved"))):
            house.raw.add(
                "ticket_parts",
                ticket_id=number,
                id=f"{number}{place}",
                created_at=NOON + 10 + place,
                previous_ticket_state=before,
                ticket_state=after,
            )
    columns = "ticket_id, has_all_parts, ticket_state, resolution_seconds, in_progress_seconds, count_reopens"
    yield
    assert house.answer("fct_tickets", columns) == [
        ("8", True, "resolved", 10, 10, 0),
        ("9", False, "resolved", None, None, None),
    ]
    columns = "first_in_progress_at, first_resolved_at, submitted_business_seconds, waiting_on_customer_share"
    assert house.answer("fct_tickets", f"ticket_id, {columns}, count_handovers")[1] == ("9", *[None] * 5)


@told_apart
def test_a_renamed_ticket_type_has_its_new_name_on_every_ticket(house):
    house.raw.add("ticket_types", id="1", name="Defect", category="Customer")
    for number, (type_id, name) in enumerate([("1", "Bug"), ("1", "Defect"), ("gone", "Wish")]):
        values = {"ticket_type__id": type_id, "ticket_type__name": name, "created_at": NOON, "updated_at": NOON}
        house.raw.add("tickets", id=str(number), ticket_state="submitted", **values)
    yield
    assert house.answer("fct_tickets", "ticket_type_name", "ticket_id") == [("Defect",), ("Defect",), ("Wish",)]


@told_apart
def test_a_ticket_without_parts_has_been_submitted_since_it_was_made(house):
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON, updated_at=NOON, team_assignee_id="0")
    columns = "team_id, submitted_seconds > 0, resolution_seconds, waiting_on_customer_share, count_reopens"
    yield
    assert house.answer("fct_tickets", columns) == [("none", True, None, 0.0, 0)]


def test_bots_deflect_hand_off_and_see_customers_again(house):
    def begins(number, at, contact, **values):
        return house.raw.conversation(str(number), at, author=("user", contact), **values)

    rated = {"conversation_rating__rating": 4, "conversation_rating__created_at": NOON + 9}
    begins(1, NOON, "c1", state="closed", **rated).bot_replies(NOON + 1).closes(NOON + 2, by=("bot", "b1"))
    begins(2, NOON + DAY, "c1").replies(NOON + DAY + 1)
    begins(3, NOON, "c2", state="closed").bot_replies(NOON + 1).closes(NOON + 2, by=("bot", "b1"))
    begins(4, NOON, "c3").bot_replies(NOON + 1).assigns(NOON + 2, ("admin", "a1"))
    house.raw.conversation("5", NOON, author=("bot", "b1")).bot_replies(NOON + 1)  # no customer wrote
    greeted = house.raw.conversation("6", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated")
    greeted.asks(NOON + 2).bot_replies(NOON + 3).closes(NOON + 4)  # by a teammate
    # greeted before the bot closed the other one, and wrote after that; or wrote, in the same one, what is left closed
    begins(7, NOON, "c7", state="closed").bot_replies(NOON + 1).closes(NOON + 60, by=("bot", "b1"))
    greeted = house.raw.conversation("8", NOON + 9, author=("bot", "b1"), source__delivered_as="operator_initiated")
    greeted.asks(NOON + 90, customer="c7")
    greeted = house.raw.conversation(
        "9", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated", state="closed"
    )
    greeted.closes(NOON + 2, by=("bot", "b1")).asks(NOON + 9, customer="c9").bot_replies(NOON + 10)
    greeted.knows(statistics__last_close_at=NOON + 2)
    for number, contact in ((8, "c7"), (9, "c9")):
        house.raw.add("conversation_contacts", conversation_id=str(number), contact_id=contact)
    columns = (
        "week_start, count_conversations, count_bot_involved, count_deflected, count_handed_off, "
        "count_returned_within_24_hours, round(deflection_rate, 4), count_bot_only_ratings, bot_only_csat"
    )
    week = datetime.date(2024, 4, 29)
    assert house.answer("fct_bot_weekly", columns) == [(week, 8, 6, 4, 1, 2, 0.6667, 1, 1.0)]


def test_fins_own_outcomes_stand_beside_ours(house):
    outcomes = ("confirmed_resolution", "assumed_resolution", "routed_to_team", "abandoned", "escalated", None)
    for number, outcome in enumerate(outcomes):
        values = {"ai_agent__resolution_state": outcome, "ai_agent_participated": outcome is not None}
        house.raw.conversation(str(number), NOON, **values)
    columns = (
        "count_conversations, count_bot_involved, count_fin_involved, count_fin_resolved, count_fin_confirmed, "
        "count_fin_routed, count_fin_abandoned, fin_resolution_rate, count_deflected"
    )
    assert house.answer("fct_bot_weekly", columns) == [(6, 5, 5, 2, 1, 2, 1, 0.4, 0)]


def test_fin_is_involved_where_it_tried_and_had_no_answer(house):
    """Help article 7837533: resolutions / involved. Without an answer `resolution_state` is null (API 2.11)."""
    outcomes = ("confirmed_resolution", "routed_to_team", None, None)
    for number, outcome in enumerate(outcomes):
        values = {"ai_agent__resolution_state": outcome, "ai_agent_participated": True}
        house.raw.conversation(str(number), NOON, **values)
    house.raw.conversation("9", NOON, ai_agent_participated=False)
    columns = "count_conversations, count_fin_involved, count_fin_resolved, fin_resolution_rate"
    assert house.answer("fct_bot_weekly", columns) == [(5, 4, 1, 0.25)]


@told_apart
def test_completeness_compares_what_the_api_counts_with_what_is_loaded(house):
    def counts(conversation_id, listed, in_statistics):
        return house.raw.conversation(
            conversation_id,
            NOON,
            conversation_parts__total_count=listed,
            statistics__count_conversation_parts=in_statistics,
        )

    counts("1", 2, 3).asks(NOON + 1).replies(NOON + 2)
    counts("2", 2, 4).asks(NOON + 1)
    counts("3", 500, 701)
    counts("4", None, None).asks(NOON + 1)
    columns = "conversation_id, count_expected, count_loaded, count_missing, is_truncated_at_500"
    yield
    assert house.answer("qa_conversation_completeness", columns) == [
        ("1", 2, 2, 0, False),
        ("2", 3, 1, 2, False),
        ("3", 700, 0, 700, True),
        ("4", None, 1, 0, False),
    ]


def test_reconciliation_counts_by_intercoms_definition(house):
    story = house.raw.conversation(
        "1",
        NOON,
        author=("admin", "a1"),
        statistics__count_conversation_parts=7,
        statistics__count_reopens=1,
        statistics__count_assignments=2,
        statistics__first_contact_reply_at=NOON + 20,
        statistics__first_admin_reply_at=NOON + 30,
        statistics__first_close_at=NOON + 40,
        statistics__last_close_at=NOON + 40,
        statistics__last_closed_by_id="a2",
        statistics__time_to_admin_reply=5,
    )
    story.assigns(NOON + 1, ("admin", "a1")).replies(NOON + 2).asks(NOON + 20).replies(NOON + 30).closes(NOON + 40)
    story.reopens(NOON + 50)
    house.raw.conversation("2", NOON)
    columns = "metric, hours, is_exact, our_value, their_value, is_equal"
    found = house.answer("qa_reconciliation", columns, "metric, hours")
    assert [row for row in found if row[1] == "none"] == [
        ("count_assignments", "none", True, 0, 2, False),  # before the first customer message it does not count
        ("count_conversation_parts", "none", True, 7, 7, True),
        ("count_reopens", "none", True, 1, 1, True),
        ("first_admin_reply_at", "none", True, NOON + 30, NOON + 30, True),
        ("first_close_at", "none", True, NOON + 40, NOON + 40, True),
        ("first_contact_reply_at", "none", True, NOON + 20, NOON + 20, True),
        ("last_admin_reply_at", "none", True, NOON + 30, None, False),
        ("last_close_at", "none", True, NOON + 40, NOON + 40, True),
        ("last_closed_by_id", "none", True, None, None, False),
        ("last_contact_reply_at", "none", True, NOON + 20, None, False),
    ]
    assert ("time_to_admin_reply", "all", False, 10, 5, False) in found
    ids = house.rows("qa_reconciliation", "our_admin_id, their_admin_id", "1 nulls last")
    assert ids[0] == ("a1", "a2")


FRIDAY, MONDAY = 1_717_170_300, 1_717_401_600  # 2024-05-31 15:45 and 2024-06-03 08:00 UTC


def test_durations_are_counted_in_all_hours_and_in_office_hours(house):
    """A quarter of an hour is left on Friday, and an hour passes on Monday."""
    house.raw.add("workspace", id_code="w", timezone="Europe/London")
    statistics = {"statistics__count_conversation_parts": 4, "statistics__time_to_admin_reply": 4_500}
    story = house.raw.conversation("1", FRIDAY, **statistics)
    story.assigns(FRIDAY, ("team", "t1"), by=("bot", "b")).replies(MONDAY + 3_600).closes(MONDAY + 7_200)
    columns = "metric, hours, our_value, is_comparable, is_exact"
    found = house.answer("qa_reconciliation", columns, "metric, hours")
    assert [row for row in found if row[1] != "none"] == [
        ("median_time_to_reply", "all", MONDAY + 3_600 - FRIDAY, True, False),
        ("median_time_to_reply", "office", 4_500, True, False),
        ("time_to_admin_reply", "all", MONDAY + 3_600 - FRIDAY, True, False),
        ("time_to_admin_reply", "office", 4_500, True, False),
        ("time_to_assignment", "all", 0, True, False),
        ("time_to_assignment", "office", 0, True, False),
        ("time_to_first_close", "all", MONDAY + 7_200 - FRIDAY, True, False),
        ("time_to_first_close", "office", 8_100, True, False),
        ("time_to_last_close", "all", MONDAY + 7_200 - FRIDAY, True, False),
        ("time_to_last_close", "office", 8_100, True, False),
    ]


def test_what_parts_do_not_tell_is_not_compared(house):
    """Parts are missing in 1; 2 is closed without a close; 3 was closed without one and then opened again."""
    house.raw.conversation("1", NOON, statistics__count_conversation_parts=9).replies(NOON + 5)
    known = {"statistics__count_conversation_parts": 2, "statistics__last_close_at": NOON + 60}
    house.raw.conversation("2", NOON, state="closed", **known).replies(NOON + 5)
    house.raw.conversation("3", NOON, **known).reopens(NOON + 90)
    house.build("+qa_reconciliation")
    exact = house.rows("qa_reconciliation", "conversation_id, metric, is_exact", "1, 2")
    assert {row for row in exact if row[0] == "1" and row[2]} == set()
    assert ("2", "last_close_at", False) in exact
    assert ("2", "first_admin_reply_at", True) in exact
    assert ("3", "last_close_at", False) in exact
    assert ("3", "count_reopens", True) in exact


def test_a_customer_who_opens_again_what_was_closed_is_compared(house):
    """The message opens it, and then a part of its own says so."""
    known = {"statistics__count_conversation_parts": 6, "statistics__last_close_at": NOON + 20}
    story = house.raw.conversation("1", NOON, state="closed", **known)
    story.replies(NOON + 5).closes(NOON + 10).asks(NOON + 15).reopens(NOON + 15, by=("user", "u1")).closes(NOON + 20)
    found = house.answer("qa_reconciliation", "metric, is_exact, is_equal", "metric")
    assert ("last_close_at", True, True) in found
    assert ("count_reopens", True, False) in found


def test_custom_attributes_are_rows_whatever_they_are_called(house):
    for name, kind in (("Plan size", "integer"), ("mrr.eur", "float"), ("unset", "string")):
        house.raw.add(
            "data_attributes",
            model="contact",
            full_name=f"custom_attributes.{name}",
            name=name,
            data_type=kind,
            custom=True,
        )
    house.raw.add("data_attributes", model="contact", full_name="email", name="email", custom=False)
    attributes = {"Plan size": 7, "mrr.eur": 1.5, "unset": None, "undeclared": "x", "email": "y"}
    house.raw.add("contacts", id="c1", created_at=NOON, updated_at=NOON, custom_attributes=attributes)
    house.raw.add("contacts", id="c2", created_at=NOON, updated_at=NOON)
    assert house.answer("int_custom_attributes", "object, object_id, attribute, data_type, value", "attribute") == [
        ("contact", "c1", "Plan size", "integer", "7"),
        ("contact", "c1", "mrr.eur", "float", "1.5"),
    ]
