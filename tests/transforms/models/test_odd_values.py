"""What is odd in Intercom's own data is a warning: a build ends well, and the next one with it."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
MODELS = "+int_assignment_spans +fct_conversations +fct_tickets"


def test_values_that_intercom_has_no_name_for_are_warned_of_and_fail_no_build(house):
    house.raw.conversation("archived", NOON, state="archived", open=False)
    house.raw.conversation("deferred", NOON, state="deferred", open=None)
    for rating in (-1, 0, 7):
        facts = {"conversation_rating__rating": rating, "conversation_rating__created_at": NOON}
        house.raw.conversation(f"rated {rating}", NOON, state="closed", **facts)
    house.raw.add("collections", id="k1", name="k1", help_center_id="h1")
    happy = {"statistics__happy_reaction_percentage": 300, "statistics__reactions": 20}
    house.raw.article("1", "k1", at=NOON, **happy)
    house.raw.article("2", "k1", at=NOON, statistics__sad_reaction_percentage=-20, statistics__reactions=20)
    house.raw.article("3", "k1", at=NOON, statistics__views=-5, statistics__conversations=3)
    report = house.build("+fct_backlog_daily +fct_csat +fct_help_center_coverage +fct_articles")
    failed = {result.name: result.status for result in report if result.status not in ("built", "passed")}
    assert report.is_ok, failed
    assert {*failed} >= {
        "conversations_are_in_a_known_state",
        "fct_articles_figures_are_possible",
        "fct_csat_figures_are_possible",
    }


@built_together
def test_a_part_without_a_readable_time_opens_no_second_present(house):
    """It counts from its last change; what has no time at all is in no history."""
    story = house.raw.conversation("1", NOON, state="closed")
    story.part("comment", None, ("admin", "a1"), "Hello", part_id="11")
    story.part("close", NOON + 60, ("admin", "a1"), part_id="12")
    house.raw.tables["conversation_parts"][-1]["created_at"] = None
    house.raw.add("tickets", id="9", ticket_state="resolved", created_at=NOON, updated_at=NOON + 60)
    for part_id, changed_at, before, after in (
        ("21", None, "submitted", "in_progress"),
        ("22", NOON + 60, "in_progress", "resolved"),
    ):
        facts = {"previous_ticket_state": before, "ticket_state": after, "updated_at": changed_at}
        house.raw.add("ticket_parts", ticket_id="9", id=part_id, **facts)
    yield
    columns = "state, from_epoch, to_epoch"
    assert house.answer("int_state_spans", columns, "span") == [
        ("open", NOON, NOON + 60),
        ("closed", NOON + 60, None),
    ]
    assert house.answer("int_ticket_state_spans", columns, "span") == [
        ("in_progress", NOON, NOON + 60),
        ("resolved", NOON + 60, None),
    ]


@built_together
def test_a_part_without_any_time_is_a_missing_one(house):
    """No figure is made of what is left: it is Intercom's own, else NULL. 2 says no number of parts; 3 has a time."""
    stated = {"first_admin_reply_at": NOON + 60, "last_admin_reply_at": NOON + 60, "time_to_admin_reply": 60}
    for number, count, changed_at in (("1", 3, None), ("2", None, None), ("3", 3, NOON + 60)):
        story = house.raw.conversation(number, NOON, state="closed", conversation_parts__total_count=count)
        story.knows(**{f"statistics__{name}": value for name, value in stated.items()}).replies(None)
        house.raw.tables["conversation_parts"][-1] |= {"created_at": 2**63 - 1, "updated_at": changed_at}
        story.closes(NOON + 600, ("bot", "b1")).notes(NOON + 700)
    for number, at in (("8", NOON + 7), ("9", None)):
        facts = {"ticket_state": "submitted", "created_at": NOON, "updated_at": NOON + 60, "admin_assignee_id": "a1"}
        house.raw.add("tickets", id=number, **facts)
        for taker, taken_at in (("a1", NOON + 6), ("a2", at)):
            taken = {"part_type": "assignment", "assigned_to__type": "admin", "assigned_to__id": taker}
            house.raw.add("ticket_parts", ticket_id=number, id=f"{number}{taker[1:]}", created_at=taken_at, **taken)
    yield
    assert house.answer("qa_conversation_completeness", "conversation_id, count_missing") == [
        ("1", 1),
        ("2", 1),
        ("3", 0),
    ]
    columns = "has_all_parts, first_response_seconds, was_closed_before_first_reply, count_replies"
    assert house.answer("fct_conversations", f"conversation_id, {columns}") == [
        ("1", False, 60, None, None),
        ("2", False, 60, None, None),
        ("3", True, 60, False, 1),
    ]
    columns = "conversation_id, outcome, response_seconds"
    assert house.answer("int_turns", columns) == [("3", "answered", 60)]
    assert house.answer("fct_tickets", "ticket_id, has_all_parts, count_handovers, submitted_seconds is null") == [
        ("8", True, 2, False),
        ("9", False, None, True),
    ]
