"""fct_tickets: how long a ticket took, and through whose hands it went."""

from itertools import pairwise

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400
MODELS = "+fct_tickets"


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


@built_together
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


@built_together
def test_a_ticket_that_a_part_found_resolved_was_resolved(house):
    house.raw.add("tickets", id="9", ticket_state="in_progress", created_at=NOON, updated_at=NOON + 200)
    for number, (before, after) in enumerate((("submitted", "in_progress"), ("resolved", "in_progress"))):
        state = {"previous_ticket_state": before, "ticket_state": after, "created_at": NOON + 100 * (number + 1)}
        house.raw.add("ticket_parts", ticket_id="9", id=f"{number}", **state)
    columns = "resolution_seconds, count_reopens, resolved_seconds, in_progress_seconds"
    yield
    assert house.answer("fct_tickets", columns) == [(200, 1, 0, NOW - NOON - 100)]


@built_together
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


@built_together
def test_a_ticket_that_nobody_had_in_between_is_not_handed_over(house):
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON, updated_at=NOON)
    assign(house, [("admin", "a1"), ("nobody_admin", None), ("admin", "a2"), ("team", "t1"), ("admin", "a3")])
    yield
    assert house.answer("fct_tickets", "count_handovers") == [(0,)], "a team takes the teammate away, as nobody does"


@built_together
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


@built_together
def test_a_ticket_does_not_count_a_deleted_conversation(house):
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


@built_together
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


@built_together
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


@built_together
def test_a_renamed_ticket_type_has_its_new_name_on_every_ticket(house):
    house.raw.add("ticket_types", id="1", name="Defect", category="Customer")
    for number, (type_id, name) in enumerate([("1", "Bug"), ("1", "Defect"), ("gone", "Wish")]):
        values = {"ticket_type__id": type_id, "ticket_type__name": name, "created_at": NOON, "updated_at": NOON}
        house.raw.add("tickets", id=str(number), ticket_state="submitted", **values)
    yield
    assert house.answer("fct_tickets", "ticket_type_name", "ticket_id") == [("Defect",), ("Defect",), ("Wish",)]


@built_together
def test_a_ticket_without_parts_has_been_submitted_since_it_was_made(house):
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON, updated_at=NOON, team_assignee_id="0")
    columns = "team_id, submitted_seconds > 0, resolution_seconds, waiting_on_customer_share, count_reopens"
    yield
    assert house.answer("fct_tickets", columns) == [("none", True, None, 0.0, 0)]
