"""fct_backlog_daily: what is left at the end of a day, and what came and went."""

import datetime

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
HOUR = 3_600
DAY = 86_400


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


def test_what_a_team_gets_after_the_first_day_is_moved_in_and_not_opened(house):
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


def test_a_part_that_is_not_shown_takes_nothing_out_of_the_backlog(house):
    """Intercom's statistics count it, its list of parts does not."""
    counted = {"conversation_parts__total_count": 1, "statistics__count_conversation_parts": 3}  # with the message
    house.raw.conversation("1", NOON, **counted).replies(NOON + 3 * DAY, "ann")
    report = house.build("+fct_backlog_daily")
    assert report.is_ok, [*report.failed_models, *report.failed_checks("error")]
    opened = house.rows("fct_backlog_daily where count_opened > 0", "day, count_opened")
    assert opened == [(datetime.date(2024, 5, 1), 1)]
    days = house.rows("fct_backlog_conversations group by conversation_id", "min(day), count(*)")
    assert days == [(datetime.date(2024, 5, 1), 32)]
