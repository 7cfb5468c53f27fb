"""int_ticket_state_spans: time of a ticket in one state."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400
OFFICE_DAY = 8 * 3600
MODELS = "+int_ticket_state_spans"


def ticket(house, at=NOON, state="submitted", **values):
    facts = {"id": "9", "ticket_id": "1", "ticket_state": state, "created_at": at, "updated_at": at}
    house.raw.add("tickets", **facts | values)


def moves(house, at, before, after, part_id, author="admin", ticket_id="9"):
    house.raw.add(
        "ticket_parts",
        ticket_id=ticket_id,
        id=part_id,
        part_type="ticket_state_updated_by_admin",
        created_at=at,
        previous_ticket_state=before,
        ticket_state=after,
        author__type=author,
    )


@built_together
def test_a_ticket_begins_in_the_state_before_its_first_change(house):
    ticket(house, state="resolved", team_assignee_id="0")
    moves(house, NOON + 7200, "in_progress", "resolved", "1000")
    moves(house, NOON + 3600, "submitted", "in_progress", "999", "bot")
    moves(house, NOON + 7200, "resolved", "resolved", "1001")
    columns = "span, state, from_epoch, to_epoch, seconds, business_seconds, ended_by_type"
    yield
    assert house.answer("int_ticket_state_spans", columns, "span") == [
        (1, "submitted", NOON, NOON + 3600, 3600, 3600, "bot"),
        (2, "in_progress", NOON + 3600, NOON + 7200, 3600, 3600, "admin"),
        (3, "resolved", NOON + 7200, None, NOW - NOON - 7200, 3 * 3600 + 22 * OFFICE_DAY, None),
    ]


@built_together
def test_a_ticket_that_never_changed_is_in_its_state_since_it_was_made(house):
    ticket(house, state="waiting_on_customer")
    yield
    assert house.answer("int_ticket_state_spans", "state, from_epoch, to_epoch") == [
        ("waiting_on_customer", NOON, None)
    ]


@built_together
def test_a_ticket_begins_when_its_conversation_became_one(house):
    """Its first part with a state says when, and leaves the state as it was.

    7 and 8 were conversations for 3 days, 4 is submitted still; 6 has missing parts, 5 an odd clock, 3 no such part.
    """
    late = NOON + 3 * DAY
    begun = {"7": late, "8": late, "6": late, "5": NOON - 1}
    for number, at in begun.items():
        state = "in_progress" if number == "8" else "submitted"
        missing = {"ticket_parts__total_count": 501} if number == "6" else {}
        ticket(house, state="resolved", id=number, updated_at=late + 7200, **missing)
        moves(house, at, state, state, f"{number}9", "bot", ticket_id=number)
        moves(house, late + 60, state, state, f"{number}99", ticket_id=number)
        moves(house, late + 3600, state, "resolved", f"{number}999", ticket_id=number)
    ticket(house, state="submitted", id="4", updated_at=late)
    moves(house, late, "submitted", "submitted", "49", ticket_id="4")
    ticket(house, state="in_progress", id="3", updated_at=late + 60)
    moves(house, late, "submitted", "in_progress", "39", ticket_id="3")
    moves(house, late + 60, "in_progress", "in_progress", "399", ticket_id="3")
    yield
    assert house.answer("int_ticket_state_spans", "ticket_id, span, state, from_epoch, to_epoch", "1, 2") == [
        ("3", 1, "submitted", NOON, late),
        ("3", 2, "in_progress", late, None),
        ("4", 1, "submitted", late, None),
        ("5", 1, "submitted", NOON, late + 3600),
        ("5", 2, "resolved", late + 3600, None),
        ("6", 1, "submitted", NOON, late + 3600),
        ("6", 2, "resolved", late + 3600, None),
        ("7", 1, "submitted", late, late + 3600),
        ("7", 2, "resolved", late + 3600, None),
        ("8", 1, "in_progress", late, late + 3600),
        ("8", 2, "resolved", late + 3600, None),
    ]


@built_together
def test_a_ticket_was_in_the_state_that_a_part_found(house):
    """Without a part: 9 was resolved, 8 waited, 7 was resolved by its second part, 6 after its last."""
    told = {
        "9": [("submitted", "in_progress"), ("resolved", "in_progress")],
        "8": [("waiting_on_customer", "resolved")],
        "7": [("submitted", "in_progress"), ("resolved", "resolved"), (None, "resolved")],
        "6": [(None, "in_progress"), ("in_progress", "in_progress")],
    }
    for number, pairs in told.items():
        state = "resolved" if number == "6" else pairs[-1][1]
        ticket(house, state=state, id=number, updated_at=NOON + 150)
        for place, (before, after) in enumerate([("submitted", "submitted"), *pairs]):
            moves(house, NOON + 100 * place, before, after, f"{number}{place}", ticket_id=number)
    columns = "ticket_id, span, state, from_epoch, to_epoch, ended_by_type, is_inferred"
    yield
    assert house.answer("int_ticket_state_spans", columns, "1, 2") == [
        ("6", 1, "submitted", NOON, NOON + 100, "admin", False),
        ("6", 2, "in_progress", NOON + 100, NOON + 200, "unknown", False),
        ("6", 3, "resolved", NOON + 200, None, None, True),
        ("7", 1, "submitted", NOON, NOON + 100, "admin", False),
        ("7", 2, "in_progress", NOON + 100, NOON + 200, "unknown", False),
        ("7", 3, "resolved", NOON + 200, None, None, True),
        ("8", 1, "submitted", NOON, NOON + 100, "unknown", False),
        ("8", 2, "waiting_on_customer", NOON + 100, NOON + 100, "admin", True),
        ("8", 3, "resolved", NOON + 100, None, None, False),
        ("9", 1, "submitted", NOON, NOON + 100, "admin", False),
        ("9", 2, "in_progress", NOON + 100, NOON + 200, "unknown", False),
        ("9", 3, "resolved", NOON + 200, NOON + 200, "admin", True),
        ("9", 4, "in_progress", NOON + 200, None, None, False),
    ]


@built_together
def test_a_ticket_ends_in_its_own_state_since_it_last_changed(house):
    """Moved in bulk, which leaves no part: before anything else, after a part, and at the moment of the last part."""
    ticket(house, state="resolved", updated_at=NOON + 500)
    ticket(house, state="resolved", id="8", updated_at=NOON + 500)
    ticket(house, state="resolved", id="7", updated_at=NOON)
    for number in ("8", "7"):
        moves(house, NOON + 100, "submitted", "in_progress", number, ticket_id=number)
    ticket(house, state="in_progress", id="6", updated_at=NOON)
    moves(house, NOON + 200, None, "submitted", "61", ticket_id="6")
    columns = "ticket_id, span, state, from_epoch, to_epoch, ended_by_type, is_inferred"
    yield
    assert house.answer("int_ticket_state_spans", columns, "1, 2") == [
        ("6", 1, "submitted", NOON, NOON + 200, "unknown", False),
        ("6", 2, "in_progress", NOON + 200, None, None, True),
        ("7", 1, "submitted", NOON, NOON + 100, "admin", False),
        ("7", 2, "in_progress", NOON + 100, NOON + 100, "unknown", False),
        ("7", 3, "resolved", NOON + 100, None, None, True),
        ("8", 1, "submitted", NOON, NOON + 100, "admin", False),
        ("8", 2, "in_progress", NOON + 100, NOON + 500, "unknown", False),
        ("8", 3, "resolved", NOON + 500, None, None, True),
        ("9", 1, "submitted", NOON, NOON + 500, "unknown", False),
        ("9", 2, "resolved", NOON + 500, None, None, True),
    ]


@built_together
def test_a_ticket_of_which_nobody_knows_since_when_it_is_there_has_no_history(house):
    """Intercom's time of it was no number."""
    ticket(house, at=None, state="resolved", updated_at=NOON)
    ticket(house, at=None, id="10", ticket_id="2", state="resolved", updated_at=NOON)
    moves(house, NOON, "submitted", "waiting_on_customer", "1", ticket_id="10")
    moves(house, NOON + 100, "waiting_on_customer", "resolved", "2", ticket_id="10")
    yield
    assert house.answer("int_ticket_state_spans", "ticket_id, state") == []
