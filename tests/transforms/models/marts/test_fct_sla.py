"""fct_sla: promises to customers, Intercom's and our own."""

from transforms.seeds.settings import parse_settings

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = {day: ["00:00-24:00"] for day in WEEKDAYS}


def sla(house, columns, targets=()):
    settings = parse_settings({"schedules": {"default": ALWAYS}, "sla_targets": list(targets)})
    return house.answer("fct_sla", f"conversation_id, {columns}", "conversation_id", settings=settings)


def test_a_cancelled_or_active_service_level_is_neither_hit_nor_missed(house):
    for number, status in enumerate(["hit", "missed", "cancelled", "active", None]):
        house.raw.conversation(str(number), NOON, sla_applied__sla_name="gold", sla_applied__sla_status=status)
    house.raw.conversation("9", NOON)
    assert sla(house, "sla_name, is_hit") == [
        ("0", "gold", True),
        ("1", "gold", False),
        ("2", "gold", None),
        ("3", "gold", None),
        ("4", "gold", None),
    ]


def test_the_more_exact_own_target_wins(house):
    targets = [
        {"first_response_seconds": 400},
        {"priority": "priority", "first_response_seconds": 300},
        {"team_id": "t1", "first_response_seconds": 200},
        {"team_id": "t1", "priority": "priority", "first_response_seconds": 100},
    ]
    house.raw.conversation("1", NOON, priority="priority", team_assignee_id="t1")
    house.raw.conversation("2", NOON, priority="not_priority", team_assignee_id="t1")
    house.raw.conversation("3", NOON, priority="priority", team_assignee_id="t2")
    house.raw.conversation("4", NOON)
    house.raw.conversation("5", NOON, author=("admin", "a1"))
    # answered by another team than the one that has it now, whose target it is
    passed_on = house.raw.conversation("6", NOON).assigns(NOON + 1, ("team", "t2")).replies(NOON + 300)
    passed_on.assigns(NOON + 310, ("team", "t1"))
    assert sla(house, "first_response_target_seconds, first_response_status", targets) == [
        ("1", 100, "missed"),
        ("2", 200, "missed"),
        ("3", 300, "missed"),
        ("4", 400, "missed"),
        ("6", 200, "missed"),
    ]


def test_a_breach_is_how_far_beyond_the_target_the_worst_came(house):
    target = {"first_response_seconds": 60, "next_response_seconds": 50, "resolution_seconds": 1000}
    story = house.raw.conversation("1", NOON, state="closed").replies(NOON + 70).asks(NOON + 100)
    story.replies(NOON + 200).asks(NOON + 300).replies(NOON + 310).closes(NOON + 1005)
    house.raw.conversation("2", NOON, state="closed").replies(NOON + 60).closes(NOON + 1000)
    house.raw.conversation("3", 1_717_200_000 - 61)
    columns = (
        "first_response_breach_seconds, next_response_breach_seconds, resolution_breach_seconds, breach_seconds, "
        "own_status"
    )
    assert sla(house, columns, [target]) == [
        ("1", 10, 50, 5, 50, "missed"),
        ("2", 0, 0, 0, 0, "hit"),
        ("3", 1, 0, 0, 1, "missed"),
    ]


def test_own_targets_have_a_status(house):
    """Targets of 60 s for the first and 50 s for each next response, 1000 s to the close; it is NOW."""
    now = 1_717_200_000
    target = {"first_response_seconds": 60, "next_response_seconds": 50, "resolution_seconds": 1000}
    house.raw.conversation("1", NOON).replies(NOON + 60).asks(NOON + 100).replies(NOON + 150).closes(NOON + 1000)
    house.raw.conversation("2", now - 30)  # in time, and not answered yet
    house.raw.conversation("3", now - 90)  # in silence
    house.raw.conversation("4", NOON).closes(NOON + 20)  # closed in time without a reply
    house.raw.conversation("5", NOON).closes(NOON + 70)  # closed, too late, without a reply
    house.raw.conversation("6", now - 900).replies(now - 890).asks(now - 20)
    house.raw.conversation("7", NOON).replies(NOON + 1).asks(NOON + 100).closes(NOON + 200)
    workflow = {"author": ("bot", "b1"), "source__delivered_as": "operator_initiated"}
    house.raw.conversation("8", NOON, **workflow).asks(NOON + 100).replies(NOON + 150)
    # what the customer adds to a conversation that the workflow has closed, and that stays so, waits for nothing
    said_ok = house.raw.conversation("9", NOON, state="closed", **workflow).closes(NOON + 10, by=("bot", "b1"))
    said_ok.asks(NOON + 60).knows(statistics__last_close_at=NOON + 10)
    # closed at once and opened again: the customer still waits for the same answer
    for number, seconds in (("10", 61), ("11", 60), ("12", 90)):
        waits = house.raw.conversation(number, now - 200, state="open").closes(now - 190)
        waits.part("open", now - seconds, ("admin", "a1"))
    waits.replies(now - 20)
    waits = house.raw.conversation("13", now - 200, state="open").replies(now - 180).asks(now - 170)
    waits.closes(now - 150).part("open", now - 51, ("admin", "a1"))
    columns = "first_response_status, next_response_status, resolution_status, own_status"
    assert sla(house, columns, [target]) == [
        ("1", "hit", "hit", "hit", "hit"),
        ("10", "missed", "active", "active", "missed"),
        ("11", "active", "active", "active", "active"),
        ("12", "missed", "active", "active", "missed"),
        ("13", "hit", "missed", "active", "missed"),
        ("2", "active", "active", "active", "active"),
        ("3", "missed", "active", "active", "missed"),
        ("4", "cancelled", "cancelled", "hit", "hit"),
        ("5", "missed", "cancelled", "hit", "missed"),
        ("6", "hit", "active", "active", "active"),
        ("7", "hit", "missed", "hit", "missed"),
        ("8", "hit", "active", "missed", "missed"),
        ("9", "cancelled", "cancelled", "cancelled", "cancelled"),
    ]
    waiting = "conversation_id, cast(epoch(waiting_since) as bigint), waiting_business_seconds"
    assert house.rows("fct_conversations where conversation_id >= '10' and is_waiting_on_us", waiting)[:3] == [
        ("10", now - 61, 61),
        ("11", now - 60, 60),
        ("13", now - 51, 51),
    ]


def test_own_targets_are_not_hit_where_one_is_not_known(house):
    """A part is missing, and in it may be what was too late: only a miss that is known is said."""
    statistics = {"statistics__first_contact_reply_at": NOON, "statistics__first_admin_reply_at": NOON + 60}
    target = {"first_response_seconds": 60, "next_response_seconds": 50}
    house.raw.conversation("1", NOON, conversation_parts__total_count=9, **statistics)
    statistics["statistics__first_admin_reply_at"] = NOON + 61
    house.raw.conversation("2", NOON, conversation_parts__total_count=9, **statistics)
    columns = "first_response_status, next_response_status, own_status"
    assert sla(house, columns, [target]) == [("1", "hit", None, None), ("2", "missed", None, "missed")]
    breaches = "first_response_breach_seconds, next_response_breach_seconds, resolution_breach_seconds, breach_seconds"
    assert house.rows("fct_sla", breaches, "conversation_id") == [(0, None, 0, None), (1, None, 0, None)]
    assert sla(house, columns, [{"first_response_seconds": 60}]) == [
        ("1", "hit", None, "hit"),
        ("2", "missed", None, "missed"),
    ]


def test_a_resolution_is_measured_by_intercoms_own_close_where_parts_are_missing(house):
    """1 and 2 were closed in time and late, 3 is open still; when 4 was closed, nobody says."""
    missing = {"conversation_parts__total_count": 700, "statistics__first_close_at": NOON + 10}
    for number, last_close in (("1", NOON + 50), ("2", NOON + 70)):
        house.raw.conversation(number, NOON, state="closed", **missing, statistics__last_close_at=last_close)
    house.raw.conversation("3", NOON, **missing)
    house.raw.conversation("4", NOON, state="closed", conversation_parts__total_count=700)
    assert sla(house, "resolution_seconds, resolution_status", [{"resolution_seconds": 60}]) == [
        ("1", 50, "hit"),
        ("2", 70, "missed"),
        ("3", NOW - NOON, "missed"),
        ("4", None, None),
    ]
    columns = "resolution_seconds, resolution_business_seconds, count_reassignments"
    found = house.execute(f"select {columns} from intercom.fct_conversations order by conversation_id")
    assert found == [(50, 50, None), (70, 70, None), (None, None, None), (None, None, None)]
