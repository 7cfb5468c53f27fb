"""int_events: closes, openings and owners that no part shows, and messages that open nothing."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400
CLOSES = "conversation_id, kind, at_epoch, author_role, author_id, state_before, state_after"
MODELS = "+int_events"


def events(house, columns):
    return house.answer("int_events", columns, "conversation_id, seq")


def inferred(house):
    columns = "conversation_id, seq, kind, at_epoch, author_role, author_id, to_admin_id, to_team_id, state_after"
    return [tuple(row) for *row, is_inferred in events(house, f"{columns}, is_inferred") if is_inferred]


@built_together
def test_a_state_that_no_part_tells_is_inferred(house):
    closed = {"state": "closed", "statistics__last_close_at": NOON + 50, "statistics__last_closed_by_id": "a1"}
    house.raw.conversation("1", NOON, **closed).replies(NOON + 10).notes(NOON + 60)
    house.raw.conversation("2", NOON, state="closed", updated_at=NOON + 90).replies(NOON + 10)
    # that close is one of which a part tells, and it was reopened after it
    reopened = {"state": "closed", "statistics__last_close_at": NOON + 20, "updated_at": NOON + 95}
    house.raw.conversation("3", NOON, **reopened).closes(NOON + 20).reopens(NOON + 30)
    house.raw.conversation("4", NOON, state="snoozed").replies(NOON + 10)
    house.raw.conversation("5", NOON, state="open", updated_at=NOON + 90).closes(NOON + 10)
    house.raw.conversation("6", NOON, state="closed").closes(NOON + 10)
    yield
    assert inferred(house) == [
        ("1", 2, "close", NOON + 50, "teammate", "a1", None, None, "closed"),
        ("2", 2, "close", NOON + 90, "unknown", None, None, None, "closed"),
        ("3", 3, "close", NOON + 95, "unknown", None, None, None, "closed"),
        ("4", 2, "snooze", NOON + 10, "unknown", None, None, None, "snoozed"),
        ("5", 2, "reopen", NOON + 10, "unknown", None, None, None, "open"),
    ]
    states = [state for conversation, state in events(house, "conversation_id, state_after") if conversation == "1"]
    assert states == ["open", "open", "closed", "closed"]


@built_together
def test_an_owner_whom_no_part_tells_is_inferred(house):
    """Team and teammate assigned in one step leave a part for one of them."""
    both = {"admin_assignee_id": "a1", "team_assignee_id": "t1"}
    story = house.raw.conversation("1", NOON, **both, statistics__last_assignment_at=NOON + 10)
    story.assigns(NOON + 10, ("team", "t1")).replies(NOON + 20)
    house.raw.conversation("2", NOON, **both).assigns(NOON + 10, ("admin", "a1")).replies(NOON + 20)
    house.raw.conversation("3", NOON, **both).assigns(NOON + 5, ("team", "t1")).assigns(NOON + 10, ("admin", "a1"))
    house.raw.conversation("4", NOON, **both).replies(NOON + 20)
    yield
    assert inferred(house) == [
        ("1", 2, "assign", NOON + 10, "unknown", None, "a1", "t1", "open"),
        ("2", 3, "assign", NOON + 20, "unknown", None, "a1", "t1", "open"),
    ]


@built_together
def test_inferred_events_are_in_the_order_of_their_times(house):
    unseen = {"admin_assignee_id": "a2", "state": "closed", "statistics__last_closed_by_id": "a1"}
    times = {"1": (30, 40), "2": (40, 30), "3": (30, 30)}
    for conversation, (assigned, closed) in times.items():
        at = {"statistics__last_assignment_at": NOON + assigned, "statistics__last_close_at": NOON + closed}
        house.raw.conversation(conversation, NOON, **unseen, **at).assigns(NOON + 10, ("admin", "a1")).replies(
            NOON + 20
        )
    yield
    assert [row[:4] for row in inferred(house)] == [
        ("1", 3, "assign", NOON + 30),
        ("1", 4, "close", NOON + 40),
        ("2", 3, "close", NOON + 30),
        ("2", 4, "assign", NOON + 40),
        ("3", 3, "close", NOON + 30),
        ("3", 4, "assign", NOON + 30),
    ]


def closes_and_openings(house):
    found = [row for row in events(house, CLOSES) if row[1] in ("close", "reopen", "snooze")]
    return [(row[0], *row[1:2], row[2] - NOON, *row[3:]) for row in found]


def state_changes(house):
    """When the state of a conversation became another one than before."""
    found = events(house, "conversation_id, at_epoch, state_before, state_after")
    return [(number, at - NOON, after) for number, at, before, after in found if before not in (None, after)]


def stated(first=None, last=None, by=None):
    return {
        "statistics__first_close_at": first and NOON + first,
        "statistics__last_close_at": last and NOON + last,
        "statistics__last_closed_by_id": by,
    }


@built_together
def test_a_close_that_only_the_statistics_know_is_inferred(house):
    """Also where the conversation was opened again after it."""
    house.raw.conversation("1", NOON, **stated(60, 60, "a1")).part("open", NOON + DAY, ("user", "u1"), "<p>again</p>")
    story = house.raw.conversation("2", NOON, **stated(100, 900, "a1")).replies(NOON + 50)
    story.reopens(NOON + 130).closes(NOON + 900)
    story = house.raw.conversation("3", NOON, **stated(50, 300)).closes(NOON + 50).asks(NOON + 100)
    story.notes(NOON + 301).asks(NOON + 400)
    house.raw.conversation("4", NOON, **stated(60, 90)).asks(NOON + 70).replies(NOON + 80)  # and opened without a part
    yield
    assert closes_and_openings(house) == [
        ("1", "close", 60, "teammate", "a1", "open", "closed"),
        ("1", "reopen", DAY, "customer", "u1", "closed", "open"),
        ("2", "close", 100, "unknown", None, "open", "closed"),
        ("2", "reopen", 130, "teammate", "a1", "closed", "open"),
        ("2", "close", 900, "teammate", "a1", "open", "closed"),
        ("3", "close", 50, "teammate", "a1", "open", "closed"),
        ("3", "close", 300, "unknown", None, "open", "closed"),
        ("4", "close", 60, "unknown", None, "open", "closed"),
        ("4", "close", 90, "unknown", None, "open", "closed"),
        ("4", "reopen", 90, "unknown", None, "closed", "open"),
    ]


@built_together
def test_an_inferred_close_is_not_given_to_a_teammate_whose_close_has_a_part(house):
    """`last_closed_by_id` is of the last close by a teammate, and says nothing of those by workflows and customers."""
    for number, closed in (("1", {"state": "closed"}), ("2", {"state": "open"}), ("3", {"state": "closed"})):
        story = house.raw.conversation(number, NOON, **closed, **stated(100, 9000, "a1")).closes(NOON + 100)
        story.asks(NOON + 200).asks(NOON + 9500)
        if number == "3":
            story.closes(NOON + 600, by=("admin", "a2"))
    story = house.raw.conversation("4", NOON, state="closed", **stated(100, 9000, "a1"))
    story.closes(NOON + 100, by=("admin", "a2")).asks(NOON + 200)
    yield
    unseen = events(house, "conversation_id, at_epoch, author_role, author_id, is_inferred, kind")
    assert [row[:4] for row in unseen if row[4:] == (True, "close")] == [
        ("1", NOON + 9000, "unknown", None),
        ("2", NOON + 9000, "unknown", None),
        ("4", NOON + 9000, "teammate", "a1"),
    ]


@built_together
def test_a_close_of_which_a_part_tells_is_not_inferred_a_second_time(house):
    """Nor is one whose part has another second, nor one among parts that are missing."""
    opened = house.raw.conversation("1", NOON, author=("admin", "a1"), **stated(80, 80)).closes(NOON + 50)
    opened.asks(NOON + 60).closes(NOON + 80)  # the statistics begin with the customer
    for number, moments in (("2", (49, 79)), ("3", (51, 81))):
        house.raw.conversation(number, NOON, **stated(*moments)).closes(NOON + 50).asks(NOON + 60).closes(NOON + 80)
    missing = {"conversation_parts__total_count": 700, **stated(10, 80)}
    house.raw.conversation("4", NOON, **missing).asks(NOON + 60).closes(NOON + 80)
    yield
    closes = [(number, at) for number, kind, at, *_ in closes_and_openings(house) if kind == "close"]
    assert closes == [("1", 50), ("1", 80), ("2", 50), ("2", 80), ("3", 50), ("3", 80), ("4", 80)]


@built_together
def test_a_message_after_the_last_close_reopens_nothing_that_is_closed_now(house):
    """The close is where Intercom's statistics have it, and no later change of the conversation moves it."""
    closed = {"state": "closed", "updated_at": NOON + 9 * DAY}
    house.raw.conversation("1", NOON, **closed, **stated(100, 100)).closes(NOON + 100).asks(NOON + 200)
    form = house.raw.conversation("2", NOON, **closed, **stated(100, 100)).closes(NOON + 100).asks(NOON + 100)
    form.part("attribute_collected", NOON + 200, ("user", "u1"))
    house.raw.conversation("3", NOON, **closed, **stated(100, 100, "a1")).replies(NOON + 50).asks(NOON + 200)
    house.raw.conversation("4", NOON, **closed, **stated(99, 99)).closes(NOON + 100).asks(NOON + 200)
    # those were opened: by a part, or by a message and closed again, as the statistics say
    opened = house.raw.conversation("5", NOON, **closed, **stated(100, 100)).closes(NOON + 100)
    opened.reopens(NOON + 150).asks(NOON + 200)
    house.raw.conversation("6", NOON, **closed, **stated(100, 300, "a1")).closes(NOON + 100).asks(NOON + 200)
    house.raw.conversation("7", NOON, **closed).closes(NOON + 100).asks(NOON + 200)  # no statistics: imported
    yield
    found = [row for row in closes_and_openings(house) if row[0] != "5"]
    assert [(row[0], row[2]) for row in found] == [
        ("1", 100), ("2", 100), ("3", 100), ("4", 100), ("6", 100), ("6", 300), ("7", 100), ("7", 9 * DAY),
    ]  # fmt: skip
    assert found[2] == ("3", "close", 100, "teammate", "a1", "open", "closed")
    states = events(house, "conversation_id, at_epoch, state_after")
    assert {state for number, at, state in states if number in "1234" and at >= NOON + 100} == {"closed"}


@built_together
def test_thanks_after_a_close_before_all_words_of_the_customer_open_nothing(house):
    """Intercom counts no close before the customer wrote: of one opened since it would know one."""
    greeted = {"author": ("bot", "b1"), "source__delivered_as": "operator_initiated"}
    closed = {**greeted, "state": "closed", "updated_at": NOON + 9 * DAY, "statistics__count_conversation_parts": 3}
    house.raw.conversation("1", NOON, **closed).closes(NOON + 100).asks(NOON + 200)
    house.raw.conversation("2", NOON, **closed, **stated(300, 300)).closes(NOON + 100).asks(NOON + 200)
    opened = house.raw.conversation("3", NOON, **closed).closes(NOON + 100).asks(NOON + 200)
    opened.part("open", NOON + 210, ("user", "u1"))
    asked = {**closed, "author": ("user", "u1"), "source__delivered_as": "customer_initiated"}
    house.raw.conversation("4", NOON, **asked).closes(NOON + 100).asks(NOON + 200)  # that close should be known
    yield
    assert state_changes(house) == [
        ("1", 100, "closed"),
        ("2", 100, "closed"),
        ("2", 200, "open"),
        ("2", 300, "closed"),
        *[(number, *change) for number in "34" for change in ((100, "closed"), (200, "open"), (9 * DAY, "closed"))],
    ]


@built_together
def test_a_message_opens_nothing_where_a_later_part_does(house):
    """Whoever opens it; a message and the part by which it opens the conversation are within a minute."""
    again = NOON + 21 * DAY
    closed_for_three_weeks = [(900, "closed"), (21 * DAY, "open"), (21 * DAY + 600, "closed")]
    for number, (part_type, author) in enumerate((("open", ("user", "u1")), ("assign_and_reopen", ("admin", "a1")))):
        story = house.raw.conversation(str(number), NOON, **stated(900, 900)).closes(NOON + 900)
        story.asks(NOON + 1200).notes(NOON + 1300).asks(NOON + 1400)
        story.part(part_type, again, author, "<p>And now?</p>").closes(again + 600)
    # closed with many others, which leaves no part
    many = house.raw.conversation("many", NOON, **stated(900, 900)).asks(NOON + 1200).notes(NOON + 1300)
    many.asks(NOON + 1400).part("open", again, ("admin", "a1")).closes(again + 600)
    own = house.raw.conversation("own", NOON).closes(NOON + 900).asks(NOON + 1200)
    own.part("open", NOON + 1230, ("user", "u1")).closes(NOON + 1800)
    # in the second of the close, which is no close in between
    same = house.raw.conversation("same", NOON, **stated(900, 21 * DAY + 600)).closes(NOON + 900).asks(NOON + 900)
    same.part("open", again, ("admin", "a1")).closes(again + 600)
    # it was opened, or Intercom would know of no close after it
    seen = house.raw.conversation("seen", NOON, **stated(900, 5000)).closes(NOON + 900).asks(NOON + 1200)
    seen.part("open", again, ("user", "u1"))
    # a part that closes it says that it was open
    house.raw.conversation("closed", NOON).closes(NOON + 900).asks(NOON + 1200).closes(NOON + 1800).reopens(again)
    yield
    assert state_changes(house) == [
        *[(number, *change) for number in "01" for change in closed_for_three_weeks],
        ("closed", 900, "closed"),
        ("closed", 1200, "open"),
        ("closed", 1800, "closed"),
        ("closed", 21 * DAY, "open"),
        *[("many", *change) for change in closed_for_three_weeks],
        ("own", 900, "closed"),
        ("own", 1200, "open"),
        ("own", 1800, "closed"),
        *[("same", *change) for change in closed_for_three_weeks],
        ("seen", 900, "closed"),
        ("seen", 1200, "open"),
        ("seen", 5000, "closed"),
        ("seen", 21 * DAY, "open"),
    ]


@built_together
def test_a_close_stated_seconds_after_its_part_is_the_same_close(house):
    """Also where a message is in between; a hundred seconds later it is another one."""
    closed = {"state": "closed", "updated_at": NOON + 9 * DAY}
    house.raw.conversation("1", NOON, **closed, **stated(102, 102)).closes(NOON + 100).asks(NOON + 101)
    house.raw.conversation("2", NOON, **closed, **stated(102, 102)).closes(NOON + 100).asks(NOON + 103)
    first = house.raw.conversation("3", NOON, **closed, **stated(102, 9000)).closes(NOON + 100).asks(NOON + 101)
    first.asks(NOON + DAY).closes(NOON + DAY + 9000)
    house.raw.conversation("4", NOON, **stated(102, 102)).closes(NOON + 100).asks(NOON + 101)  # and is open
    again = house.raw.conversation("5", NOON, **stated(102, 102)).closes(NOON + 100).asks(NOON + 101)
    again.asks(NOON + DAY)
    late = house.raw.conversation("6", NOON, **closed, **stated(200, 200)).closes(NOON + 100).asks(NOON + 101)
    late.notes(NOON + 300)
    # stated with the second of its part, it is before the message, as the ids are
    same = house.raw.conversation("7", NOON, **stated(100, 2 * DAY)).closes(NOON + 100).asks(NOON + 100)
    same.asks(NOON + DAY).closes(NOON + 2 * DAY).reopens(NOON + 3 * DAY)
    yield
    assert state_changes(house) == [
        ("1", 100, "closed"),
        ("2", 100, "closed"),
        ("3", 100, "closed"),
        ("3", DAY, "open"),
        ("3", DAY + 9000, "closed"),
        ("4", 100, "closed"),
        ("4", 101, "open"),
        ("5", 100, "closed"),
        ("5", DAY, "open"),
        ("6", 100, "closed"),
        ("6", 101, "open"),
        ("6", 200, "closed"),
        ("7", 100, "closed"),
        ("7", 100, "open"),
        ("7", 2 * DAY, "closed"),
        ("7", 3 * DAY, "open"),
    ]
