"""qa_reconciliation: our figures beside Intercom's."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
FRIDAY, MONDAY = 1_717_170_300, 1_717_401_600  # 2024-05-31 15:45 and 2024-06-03 08:00 UTC
MODELS = "+qa_reconciliation"


@built_together
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
    yield
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
    ids = house.answer("qa_reconciliation", "our_admin_id, their_admin_id", "1 nulls last")
    assert ids[0] == ("a1", "a2")


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


@built_together
def test_what_parts_do_not_tell_is_not_compared(house):
    """Parts are missing in 1; 2 is closed without a close; 3 was closed without one and then opened again."""
    house.raw.conversation("1", NOON, statistics__count_conversation_parts=9).replies(NOON + 5)
    known = {"statistics__count_conversation_parts": 2, "statistics__last_close_at": NOON + 60}
    house.raw.conversation("2", NOON, state="closed", **known).replies(NOON + 5)
    house.raw.conversation("3", NOON, **known).reopens(NOON + 90)
    yield
    exact = house.answer("qa_reconciliation", "conversation_id, metric, is_exact", "1, 2")
    assert {is_exact for name, _, is_exact in exact if name == "1"} == {False}
    assert ("2", "last_close_at", False) in exact
    assert ("2", "first_admin_reply_at", True) in exact
    assert ("3", "last_close_at", False) in exact
    assert ("3", "count_reopens", True) in exact


@built_together
def test_a_last_close_before_the_customer_wrote_is_not_compared_exactly(house):
    """Of that the API's description leaves out "after first_contact_reply_at"; in 2 a teammate has closed before it."""
    known = {"statistics__last_close_at": NOON + 60, "statistics__last_closed_by_id": "a1"}
    sent = {"author": ("admin", "a1"), "statistics__count_conversation_parts": 2, **known}
    house.raw.conversation("1", NOON, **sent).closes(NOON + 60)
    story = house.raw.conversation("2", NOON, **sent | {"statistics__last_close_at": NOON + 90}).closes(NOON + 60)
    story.asks(NOON + 70).closes(NOON + 90, ("bot", "b"))
    house.raw.conversation("3", NOON, **known, statistics__count_conversation_parts=2).closes(NOON + 60)
    house.raw.conversation("4", NOON, **known, statistics__count_conversation_parts=2).closes(NOON + 60, ("bot", "b"))
    yield
    columns = "conversation_id, metric, is_exact"
    found = house.answer("qa_reconciliation", columns, "1, 2")
    closes = [row for row in found if row[1] in {"last_close_at", "last_closed_by_id"}]
    assert closes == [
        *(("1", "last_close_at", False), ("1", "last_closed_by_id", False)),
        *(("2", "last_close_at", True), ("2", "last_closed_by_id", False)),
        *(("3", "last_close_at", True), ("3", "last_closed_by_id", True)),
        *(("4", "last_close_at", True), ("4", "last_closed_by_id", True)),
    ]


@built_together
def test_a_customer_who_opens_again_what_was_closed_is_compared(house):
    """The message opens it, and then a part of its own says so."""
    known = {"statistics__count_conversation_parts": 6, "statistics__last_close_at": NOON + 20}
    story = house.raw.conversation("1", NOON, state="closed", **known)
    story.replies(NOON + 5).closes(NOON + 10).asks(NOON + 15).reopens(NOON + 15, by=("user", "u1")).closes(NOON + 20)
    yield
    found = house.answer("qa_reconciliation", "metric, is_exact, is_equal", "metric")
    assert ("last_close_at", True, True) in found
    assert ("count_reopens", True, False) in found
