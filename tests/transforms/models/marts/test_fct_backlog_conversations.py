"""fct_backlog_conversations: which conversations are in the backlog, and whose they are."""

import datetime

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
HOUR = 3_600
DAY = 86_400
TODAY = datetime.date(2024, 6, 1)
MODELS = "+fct_backlog_daily +fct_teammate_weekly"


def may(day):
    return datetime.date(2024, 5, day)


def stock(house, *owner):
    """Return (conversation, first day, last day, number of days) of its days in the backlog, by these columns."""
    of_its = f"over (partition by {', '.join(('conversation_id', *owner))})"
    figures = f"min(day) {of_its}, max(day) {of_its}, count(*) {of_its}"
    columns = ", ".join(("distinct conversation_id", figures, *owner))
    return house.answer("fct_backlog_conversations", columns, "1, 2")


@built_together
def test_without_a_known_state_the_open_flag_says_what_is_in_the_backlog(house):
    for flag in (False, True, None):
        house.raw.conversation(str(flag), NOON)
        house.raw.tables["conversations"][-1] |= {"state": None, "open": flag}
    house.raw.conversation("archived", NOON)
    house.raw.tables["conversations"][-1] |= {"state": "archived", "open": False}
    house.raw.conversation("deferred", NOON)
    house.raw.tables["conversations"][-1] |= {"state": "deferred", "open": True}
    yield
    assert house.answer("fct_backlog_conversations", "distinct conversation_id") == [
        ("None",),  # nothing says that it was closed
        ("True",),
        ("deferred",),
    ]
    assert house.answer("fct_conversations", "conversation_id, state") == [
        ("False", "closed"),
        ("None", None),
        ("True", "open"),
        ("archived", "closed"),
        ("deferred", "open"),
    ]


@built_together
def test_a_bots_message_does_not_end_the_wait(house):
    began = NOW - HOUR
    house.raw.conversation("1", began).bot_replies(began + 1)
    house.raw.conversation("2", began).replies(began + 1)
    house.raw.conversation("3", began).replies(began + 1).asks(began + 2).snoozes(began + 3)
    columns = "conversation_id, state, is_waiting_on_us, age_seconds, day"
    yield
    assert [row[:-1] for row in house.answer("fct_backlog_conversations", columns) if row[-1] == TODAY] == [
        ("1", "open", True, HOUR),
        ("2", "open", False, HOUR),
        ("3", "snoozed", False, HOUR),
    ]


@built_together
def test_nothing_is_owned_or_in_the_backlog_before_the_first_loaded_part(house):
    """The API shows the newest 500: of 700 parts two are loaded, or none, and what was before them is not known."""
    began, closes = NOON - 60 * DAY, {"statistics__last_close_at": NOON + DAY + 20}
    missing = {"conversation_parts__total_count": 700, "admin_assignee_id": "ann"}
    story = house.raw.conversation("1", began, state="closed", **missing, **closes)
    story.replies(NOON - DAY, "ann").closes(NOON + DAY + 20, by=("admin", "ann"))
    house.raw.conversation("2", began, **missing).replies(NOON, "ann")
    # of this one nothing is loaded: its fields are all that is known
    house.raw.conversation("3", NOON + 29 * DAY + 12 * HOUR, **missing)
    house.raw.conversation("4", NOON, admin_assignee_id="ben").replies(NOON + 60, "ben").closes(NOON + 100)
    yield
    owned = house.answer("fct_teammate_weekly", "admin_id, owned_seconds")
    assert [row for row in owned if row[1]] == [("ben", 100)]
    assert stock(house) == [
        ("1", datetime.date(2024, 4, 30), may(1), 2),
        ("2", may(1), TODAY, 32),
        ("3", may(31), TODAY, 2),
    ]
    moves = house.answer("int_backlog_moves", "conversation_id, day, kind", "1, 2")
    assert [row for row in moves if row[0] in ("1", "2")] == [
        ("1", datetime.date(2024, 4, 30), "opened"),
        ("1", may(2), "closed"),
        ("2", may(1), "opened"),
    ]


@built_together
def test_the_owner_before_the_first_loaded_assignment_is_not_known(house):
    """Parts are missing before it. The team is the conversation's own as long as no part sets one.

    A part that opens the conversation says that it was closed.
    """
    missing = {"conversation_parts__total_count": 700, "team_assignee_id": "t1"}
    began, ann, ben = NOON - 60 * DAY, ("admin", "ann"), ("admin", "ben")
    for number, since in (("1", {"statistics__last_assignment_at": NOON + 20 * DAY}), ("2", {})):
        story = house.raw.conversation(number, began, **missing, **since).replies(NOON, "ann").notes(NOON + DAY)
        story.assigns(NOON + 20 * DAY, ben).notes(NOON + 25 * DAY)
    house.raw.conversation("3", began, **missing, admin_assignee_id="ann").replies(NOON, "ann")
    teams = house.raw.conversation("4", began, **missing).replies(NOON, "ann").assigns(NOON + 5 * DAY, ann)
    teams.assigns(NOON + 10 * DAY, ("team", "t1")).assigns(NOON + 20 * DAY, ben)
    house.raw.conversation("5", began, **missing).notes(NOON).reopens(NOON + 20 * DAY)
    yield
    assert stock(house, "team_id", "admin_id") == [
        ("1", may(21), TODAY, 12, "t1", "ben"),
        ("2", may(21), TODAY, 12, "t1", "ben"),
        ("3", may(1), TODAY, 32, "t1", "ann"),
        ("4", may(11), may(20), 10, "t1", None),
        ("4", may(21), TODAY, 12, "t1", "ben"),
        ("5", may(21), TODAY, 12, "t1", None),
    ]
    assert {kind for (kind,) in house.answer("int_backlog_moves", "kind")} == {"opened"}


@built_together
def test_who_waited_is_not_known_where_the_last_message_may_be_missing(house):
    """Today it is what Intercom says of it. Of more than 500 parts the newest are there."""
    few, many = {"conversation_parts__total_count": 9}, {"conversation_parts__total_count": 700}
    yesterday = NOW - 12 * HOUR
    house.raw.conversation("1", yesterday, **few, waiting_since=yesterday).replies(yesterday + 1)
    house.raw.conversation("2", yesterday, **few).asks(yesterday + 1)
    house.raw.conversation("3", yesterday, **many).asks(yesterday + 1)
    house.raw.conversation("4", yesterday, **many).notes(yesterday + 1)
    house.raw.conversation("5", yesterday, **many).notes(yesterday + 1).replies(NOW)
    # of this one a run has loaded the first 300 parts, and another one, much later, the newest 500
    gap = house.raw.conversation("6", yesterday - 600, conversation_parts__total_count=900).asks(yesterday - 500)
    for _ in range(500):
        gap.notes(yesterday)
    yield
    assert house.answer("fct_backlog_conversations", "conversation_id, day, is_waiting_on_us", "1, 2") == [
        ("1", may(31), None),
        ("1", TODAY, True),
        ("2", may(31), None),
        ("2", TODAY, False),
        ("3", may(31), True),
        ("3", TODAY, True),
        ("4", may(31), None),
        ("4", TODAY, False),
        ("5", may(31), None),
        ("5", TODAY, False),
        ("6", may(31), None),
        ("6", TODAY, False),
    ]
