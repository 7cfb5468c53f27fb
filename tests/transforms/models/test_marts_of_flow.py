"""fct_response_turns, fct_handovers and fct_backlog_daily: how conversations move between people and days."""

import datetime

from tests.support.told_apart import told_apart

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
HOUR, DAY = 3600, 86_400
MODELS = "+fct_handovers"


def test_a_turn_knows_where_and_when_it_was_asked(house):
    house.raw.add("workspace", id_code="w", timezone="Asia/Tokyo")
    story = house.raw.conversation("1", NOON, team_assignee_id="t1", source__type="email")
    story.replies(NOON + 60, admin="a2").asks(NOON + 4 * HOUR)
    columns = "turn, is_first, channel, team_id, admin_id, asked_hour, asked_weekday, response_seconds, outcome"
    assert house.answer("fct_response_turns", columns, "turn") == [
        (1, True, "email", "t1", "a2", 21, 3, 60, "answered"),
        (2, False, "email", "t1", None, 1, 4, None, "waiting"),
    ]


def handovers(house, columns):
    return house.answer("fct_handovers", columns, "conversation_id, handover")


@told_apart
def test_a_handover_is_between_two_different_owners(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "a1")).assigns(NOON + 2, ("admin", "a1"))
    story.assigns(NOON + 3, ("admin", "a2")).replies(NOON + 4, admin="a1").replies(NOON + 33, admin="a2")
    story.assigns(NOON + 40, ("admin", "a1")).assigns(NOON + 50, ("nobody_admin", None))
    story.assigns(NOON + 60, ("team", "t1")).assigns(NOON + 61, ("team", "t2")).replies(NOON + 70, admin="a7")
    columns = "kind, from_admin_id, to_admin_id, from_team_id, to_team_id, seconds_to_reply, was_bounced_back"
    yield
    assert handovers(house, columns) == [
        ("teammate_to_teammate", "a1", "a2", None, None, 30, True),
        ("teammate_to_teammate", "a2", "a1", None, None, None, False),
        ("to_unassigned", "a1", None, None, None, None, False),
        ("team_to_team", None, None, "t1", "t2", 9, False),
    ]


@told_apart
def test_a_bot_hands_over_to_the_first_teammate_only(house):
    story = house.raw.conversation("1", NOON).bot_replies(NOON + 1)
    story.assigns(NOON + 2, ("admin", "a1"), by=("bot", "b1"), part_type="workflow_assignment")
    story.assigns(NOON + 3, ("nobody_admin", None)).assigns(NOON + 4, ("admin", "a2"))
    house.raw.conversation("2", NOON).assigns(NOON + 2, ("admin", "a1")).bot_replies(NOON + 3)
    yield
    assert handovers(house, "conversation_id, kind, to_admin_id") == [
        ("1", "bot_to_teammate", "a1"),
        ("1", "to_unassigned", None),
    ]


@told_apart
def test_a_teammate_who_left_still_hands_over(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "gone"))
    story.assigns(NOON + 2, ("admin", "also gone"))
    yield
    assert handovers(house, "from_admin_id, to_admin_id") == [("gone", "also gone")]


@told_apart
def test_a_teammate_who_hands_over_to_a_team_has_it_no_more(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "a1")).assigns(NOON + 10, ("team", "t1"))
    story.assigns(NOON + 20, ("admin", "a2")).replies(NOON + 25, admin="a2")
    columns = "kind, from_admin_id, to_admin_id, to_team_id, seconds_to_reply"
    yield
    assert handovers(house, columns) == [("teammate_to_team", "a1", None, "t1", 15)]


@told_apart
def test_a_teammate_may_hand_over_to_the_team_that_has_had_it_all_along(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("team", "t1")).assigns(NOON + 2, ("admin", "a1"))
    story.assigns(NOON + 10, ("team", "t1")).assigns(NOON + 20, ("admin", "a2")).replies(NOON + 25, admin="a2")
    story.assigns(NOON + 30, ("nobody_admin", None))
    yield
    assert handovers(house, "kind, from_team_id, to_team_id, seconds_to_reply") == [
        ("teammate_to_team", "t1", "t1", 15),
        ("to_unassigned", "t1", "t1", None),
    ]


def backlog(house, columns, now_epoch=NOON + 3 * DAY):
    report = house.build("+fct_backlog_daily", now_epoch=now_epoch)
    assert report.is_ok, [*report.failed_models, *report.failed_checks()]
    return house.rows("fct_backlog_daily", columns, "day, team_id, state")


def test_the_backlog_is_what_is_left_at_the_end_of_the_day(house):
    house.raw.conversation("1", NOON, state="closed").replies(NOON + HOUR).closes(NOON + 2 * DAY)
    house.raw.conversation("2", NOON, state="closed").closes(NOON + HOUR)
    house.raw.conversation("3", NOON + DAY, state="snoozed").assigns(NOON + DAY + 1, ("admin", "a1")).snoozes(
        NOON + 2 * DAY
    )
    columns = (
        "day, state, count_conversations, count_unassigned, count_waiting_on_us, count_opened, count_closed, count_net"
    )
    first = datetime.date(2024, 5, 1)
    assert [row for row in backlog(house, columns) if any(row[2:])] == [
        (first, "open", 1, 1, 0, 2, 1, 1),
        (first + datetime.timedelta(1), "open", 2, 1, 1, 1, 0, 1),
        (first + datetime.timedelta(2), "open", 0, 0, 0, 0, 1, -2),
        (first + datetime.timedelta(2), "snoozed", 1, 0, 0, 0, 0, 1),
        (first + datetime.timedelta(3), "snoozed", 1, 0, 0, 0, 0, 0),
    ]


def test_where_intercom_leaves_the_state_out_the_flag_says_what_is_in_the_backlog(house):
    for flag in (False, True, None):
        house.raw.conversation(str(flag), NOON)
        house.raw.tables["conversations"][-1] |= {"state": None, "open": flag}
    assert house.answer("fct_backlog_conversations", "distinct conversation_id", now_epoch=NOON + 3 * DAY) == [
        ("None",),  # nothing says that it was closed
        ("True",),
    ]
    assert house.rows("fct_conversations", "conversation_id, state") == [
        ("False", "closed"),
        ("None", None),
        ("True", "open"),
    ]


def test_the_backlog_belongs_to_the_team_of_that_day(house):
    house.raw.conversation("1", NOON, team_assignee_id="t2").assigns(NOON + 1, ("team", "t1")).assigns(
        NOON + DAY, ("team", "t2")
    )
    rows = backlog(house, "day, team_id, count_conversations", NOON + DAY)
    assert [(row[0].day, row[1]) for row in rows if row[2]] == [(1, "t1"), (2, "t2")]


def test_a_reopened_conversation_keeps_its_age(house):
    house.raw.conversation("1", NOON).closes(NOON + HOUR).asks(NOON + 2 * DAY)
    columns = "count_reopened, count_conversations, median_age_seconds, count_older_than_1_day, count_older_than_3_days"
    rows = backlog(house, f"state, {columns}", NOON + 2 * DAY + 2 * HOUR)
    assert [row[1:] for row in rows if row[0] == "open"][-1] == (1, 1, 2.0 * DAY + 2 * HOUR, 1, 0)


def test_days_after_now_are_not_in_the_backlog(house):
    house.raw.conversation("1", NOON)
    house.raw.conversation("2", NOON + 9 * DAY)
    assert [row[0].day for row in backlog(house, "day", NOON + DAY)] == [1, 1, 2, 2]


def test_a_conversation_from_before_the_calendar_is_a_warning(house):
    """Its time is a mistake: it has no day, is in the backlog from the first day on, and no build fails for it."""
    new_year = 946_684_800  # 2000-01-01 00:00 UTC, when calendars begin
    house.raw.conversation("1", 500)
    house.raw.conversation("2", new_year + DAY)
    report = house.build("+fct_backlog_daily", now_epoch=new_year + 2 * DAY)
    assert report.is_ok, report.failed_checks()
    assert "fct_conversations_have_a_day" in {check.name for check in report.failed_checks("warn")}
    columns = "day, count_conversations, count_opened, count_net"
    assert house.execute(f"select {columns} from intercom.fct_backlog_daily where state = 'open' order by 1") == [
        (datetime.date(2000, 1, 1), 1, 0, 0),
        (datetime.date(2000, 1, 2), 2, 1, 1),
        (datetime.date(2000, 1, 3), 2, 0, 0),
    ]


@told_apart
def test_what_is_said_while_handing_over_to_a_team_is_not_its_reply(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("team", "t1"))
    story.assigns(NOON + 10, ("team", "t2"), body="<p>My colleagues will help you.</p>").replies(NOON + 70, admin="a7")
    yield
    assert handovers(house, "kind, seconds_to_reply") == [("team_to_team", 60)]


def test_a_team_opens_what_it_gets_on_the_first_day_and_is_given_what_comes_later(house):
    """1 comes to t1 a minute after it began and moves to t2 the day after; 2 comes to t1 on its second day."""
    house.raw.conversation("1", NOON).assigns(NOON + 60, ("team", "t1")).assigns(NOON + DAY, ("team", "t2")).closes(
        NOON + DAY + HOUR
    )
    house.raw.conversation("2", NOON).assigns(NOON + DAY, ("team", "t1"))
    columns = (
        "day, team_id, count_conversations, count_opened, count_moved_in, count_moved_out, count_closed, count_net"
    )
    rows = [(row[0].day, *row[1:]) for row in backlog(house, f"{columns}, state", NOON + DAY + 2 * HOUR)]
    assert [row[:-1] for row in rows if row[-1] == "open" and any(row[2:8])] == [
        (1, "none", 1, 1, 0, 0, 0, 1),
        (1, "t1", 1, 1, 0, 0, 0, 1),
        (2, "none", 0, 0, 0, 1, 0, -1),
        (2, "t1", 1, 0, 1, 1, 0, 0),
        (2, "t2", 0, 0, 1, 0, 1, 0),
    ]


def test_a_bots_message_does_not_end_the_wait(house):
    house.raw.conversation("1", NOON).bot_replies(NOON + 1)
    house.raw.conversation("2", NOON).replies(NOON + 1)
    house.raw.conversation("3", NOON).replies(NOON + 1).asks(NOON + 2).snoozes(NOON + 3)
    columns = "conversation_id, state, is_waiting_on_us, age_seconds"
    report = house.build("+fct_backlog_conversations", now_epoch=NOON + HOUR)
    assert report.is_ok
    assert house.rows("fct_backlog_conversations", columns) == [
        ("1", "open", True, HOUR),
        ("2", "open", False, HOUR),
        ("3", "snoozed", False, HOUR),
    ]


def test_a_part_that_is_counted_and_not_shown_takes_a_conversation_out_of_no_backlog(house):
    counted = {"conversation_parts__total_count": 1, "statistics__count_conversation_parts": 3}  # with the message
    house.raw.conversation("1", NOON, **counted).replies(NOON + 3 * DAY, "ann")
    report = house.build("+fct_backlog_daily")
    assert report.is_ok, [*report.failed_models, *report.failed_checks("error")]
    opened = house.rows("fct_backlog_daily where count_opened > 0", "day, count_opened")
    assert opened == [(datetime.date(2024, 5, 1), 1)]
    days = house.rows("fct_backlog_conversations group by conversation_id", "min(day), count(*)")
    assert days == [(datetime.date(2024, 5, 1), 32)]


def test_of_the_time_before_the_parts_that_are_loaded_nobody_owned_anything_and_nothing_was_in_the_backlog(house):
    """The API shows the newest 500: of 700 parts two are loaded, or none, and what was before them is not known."""
    began, closes = NOON - 60 * DAY, {"statistics__last_close_at": NOON + DAY + 20}
    missing = {"conversation_parts__total_count": 700, "admin_assignee_id": "ann"}
    story = house.raw.conversation("1", began, state="closed", **missing, **closes)
    story.replies(NOON - DAY, "ann").closes(NOON + DAY + 20, by=("admin", "ann"))
    house.raw.conversation("2", began, **missing).replies(NOON, "ann")
    house.raw.conversation(
        "3", NOON + 29 * DAY + 12 * HOUR, **missing
    )  # of which nothing is loaded: its fields are all that is known
    house.raw.conversation("4", NOON, admin_assignee_id="ben").replies(NOON + 60, "ben").closes(NOON + 100)
    report = house.build("+fct_teammate_weekly +fct_backlog_daily")
    assert report.is_ok, [*report.failed_models, *report.failed_checks("error")]
    owned = house.rows("fct_teammate_weekly where owned_seconds > 0", "admin_id, owned_seconds")
    assert owned == [("ben", 100)]
    stock = "fct_backlog_conversations group by conversation_id"
    days = house.rows(stock, "conversation_id, min(day), max(day), count(*)")
    assert days == [
        ("1", datetime.date(2024, 4, 30), datetime.date(2024, 5, 1), 2),
        ("2", datetime.date(2024, 5, 1), datetime.date(2024, 6, 1), 32),
        ("3", datetime.date(2024, 5, 31), datetime.date(2024, 6, 1), 2),
    ]
    moves = "int_backlog_moves where conversation_id in ('1', '2')"
    assert house.rows(moves, "conversation_id, day, kind", "1, 2") == [
        ("1", datetime.date(2024, 4, 30), "opened"),
        ("1", datetime.date(2024, 5, 2), "closed"),
        ("2", datetime.date(2024, 5, 1), "opened"),
    ]


def test_of_parts_that_are_missing_nobody_knows_who_had_it_before_the_first_assignment(house):
    """The team is the conversation's own as long as no part sets one; a part that opens it says that it was closed."""
    missing = {"conversation_parts__total_count": 700, "team_assignee_id": "t1"}
    began, ann, ben = NOON - 60 * DAY, ("admin", "ann"), ("admin", "ben")
    for number, since in (("1", {"statistics__last_assignment_at": NOON + 20 * DAY}), ("2", {})):
        story = house.raw.conversation(number, began, **missing, **since).replies(NOON, "ann").notes(NOON + DAY)
        story.assigns(NOON + 20 * DAY, ben).notes(NOON + 25 * DAY)
    house.raw.conversation("3", began, **missing, admin_assignee_id="ann").replies(NOON, "ann")
    teams = house.raw.conversation("4", began, **missing).replies(NOON, "ann").assigns(NOON + 5 * DAY, ann)
    teams.assigns(NOON + 10 * DAY, ("team", "t1")).assigns(NOON + 20 * DAY, ben)
    house.raw.conversation("5", began, **missing).notes(NOON).reopens(NOON + 20 * DAY)
    report = house.build("+fct_backlog_daily")
    assert report.is_ok, [*report.failed_models, *report.failed_checks("error")]
    stock = "fct_backlog_conversations group by conversation_id, team_id, admin_id"
    assert house.rows(stock, "conversation_id, team_id, admin_id, min(day), count(*)", "1, 4") == [
        ("1", "t1", "ben", datetime.date(2024, 5, 21), 12),
        ("2", "t1", "ben", datetime.date(2024, 5, 21), 12),
        ("3", "t1", "ann", datetime.date(2024, 5, 1), 32),
        ("4", "t1", None, datetime.date(2024, 5, 11), 10),
        ("4", "t1", "ben", datetime.date(2024, 5, 21), 12),
        ("5", "t1", None, datetime.date(2024, 5, 21), 12),
    ]
    assert {kind for (kind,) in house.rows("int_backlog_moves", "kind")} == {"opened"}
