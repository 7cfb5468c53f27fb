"""fct_support_daily: a day, a channel and a team."""

import datetime

from tests.support.warehouse.built_together import built_together

MODELS = "+fct_support_daily"
NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
HOUR = 3_600
DAY = 86_400
MAY = datetime.date(2024, 5, 1)


def daily(house, columns):
    return house.answer("fct_support_daily", columns, "day, channel, team_id")


def begins(house, conversation_id, at, **values):
    """Tell of a conversation that the story's own team has, whose rows are then the story's own."""
    return house.raw.conversation(conversation_id, at, team_assignee_id="t1", **values)


def test_response_times_are_taken_over_conversations_not_averaged(house):
    house.raw.add("teams", id="t1", name="Billing")
    for number, seconds in enumerate([10, 20, 30, 40, 1000]):
        story = house.raw.conversation(str(number), NOON, team_assignee_id="t1" if seconds < 1000 else None)
        story.replies(NOON + seconds)
    house.raw.conversation("9", NOON, author=("admin", "a1"), team_assignee_id="t1").replies(NOON + 1)
    house.raw.conversation("10", NOON, team_assignee_id="t1")
    columns = (
        "team_id, team_name, count_conversations, count_inbound_conversations, count_replied, "
        "median_first_response_seconds, round(p90_first_response_seconds, 6)"
    )
    assert daily(house, columns) == [
        ("none", None, 1, 1, 1, 1000.0, 1000.0),
        ("t1", "Billing", 6, 5, 4, 25.0, 37.0),
    ]


@built_together
def test_shares_of_business_hours_are_over_the_answered(house):
    evening = NOON + 5 * HOUR - 60  # a minute before the office closes
    for number, answered_at in enumerate([evening + 59, evening + 30, evening + 20 * HOUR]):
        begins(house, str(number), evening).replies(answered_at)
    begins(house, "9", evening)
    yield
    columns = "median_first_response_business_seconds, p90_first_response_seconds, share_within_1_business_hour"
    assert daily(house, columns) == [(59.0, 57_611.8, 2 / 3)]


@built_together
def test_a_day_with_closes_only_is_a_row_and_its_empty_rates_are_null(house):
    begins(house, "1", NOON, state="closed").closes(NOON + DAY)
    begins(house, "2", NOON + DAY, source__type="email")
    yield
    columns = "day, channel, count_conversations, count_first_closed, reopen_rate, median_first_response_seconds"
    assert daily(house, columns) == [
        (MAY, "conversation", 1, 0, None, None),
        (MAY + datetime.timedelta(1), "conversation", 0, 1, 0.0, None),
        (MAY + datetime.timedelta(1), "email", 1, 0, None, None),
    ]


@built_together
def test_the_reopen_rate_looks_seven_days_ahead_of_the_first_close(house):
    begins(house, "1", NOON).closes(NOON + 5).asks(NOON + 5 + 7 * DAY)
    begins(house, "2", NOON).closes(NOON + 5).asks(NOON + 6 + 7 * DAY)
    begins(house, "3", NOON, state="closed").closes(NOON + 5)
    begins(house, "4", NOON, state="closed").closes(NOON + 5).reopens(NOON + 9).closes(NOON + 10)
    yield
    columns = "count_first_closed, count_reopened_within_7_days, reopen_rate, count_closed_now"
    assert daily(house, columns) == [(4, 2, 0.5, 2)]


@built_together
def test_a_close_before_the_customer_wrote_is_not_the_first_one(house):
    greeted = begins(house, "1", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated")
    greeted.closes(NOON + 60, ("bot", "b1")).asks(NOON + 2 * DAY).closes(NOON + 3 * DAY)
    begins(house, "2", NOON, author=("admin", "a1"), state="open").closes(NOON + 60)
    yield
    columns = "day, count_first_closed, count_reopened_within_7_days, reopen_rate"
    assert daily(house, columns) == [(MAY, 0, 0, None), (MAY + datetime.timedelta(3), 1, 0, 0.0)]


def test_the_busiest_hour_is_the_earliest_of_equals_and_local(house):
    house.raw.add("workspace", id_code="w", timezone="Europe/Berlin")
    for number, at in enumerate([NOON, NOON + 10, NOON + HOUR, NOON + HOUR + 10, NOON - HOUR]):
        house.raw.conversation(str(number), at)
    assert daily(house, "busiest_hour") == [(14,)]


def test_the_reopen_rate_is_not_known_before_its_seven_days_are_over(house):
    house.raw.conversation("1", NOON).closes(NOON + 5).asks(NOON + 100)
    end_of_day = NOON + 12 * HOUR
    columns = "count_reopened_within_7_days, reopen_rate"
    assert house.answer("fct_support_daily", columns, now_epoch=end_of_day + 7 * DAY - 1) == [(1, None)]
    assert house.answer("fct_support_daily", columns, now_epoch=end_of_day + 7 * DAY) == [(1, 1.0)]


@built_together
def test_conversations_with_missing_parts_are_in_no_reopen_rate(house):
    begins(house, "1", NOON).closes(NOON + 5).asks(NOON + 100)
    missing = {"statistics__first_close_at": NOON + 5, "conversation_parts__total_count": 700}
    begins(house, "2", NOON, state="closed", **missing).replies(NOON + 3)
    yield
    columns = "count_first_closed, count_reopened_within_7_days, reopen_rate"
    assert daily(house, columns) == [(2, 1, 1.0)]


@built_together
def test_closed_before_a_reply_is_counted_and_not_in_the_median(house):
    begins(house, "1", NOON).closes(NOON + 10).asks(NOON + 9 * DAY).replies(NOON + 9 * DAY + 60)
    begins(house, "2", NOON).replies(NOON + 20).closes(NOON + 30)
    begins(house, "3", NOON).closes(NOON + 10)
    begins(house, "4", NOON, author=("bot", "b1"), source__delivered_as="automated").asks(NOON + 5).replies(NOON + 45)
    yield
    columns = (
        "count_inbound_conversations, count_replied, count_closed_before_first_reply, median_first_response_seconds"
    )
    assert daily(house, columns) == [(4, 3, 2, 30.0)]


@built_together
def test_satisfaction_is_over_the_same_conversations_above_and_below(house):
    """A rating of a bot's conversation, or of one that is open again, is in neither of the two."""
    rated = {"conversation_rating__created_at": NOON + 50}
    for number, rating in enumerate((5, 4, 2, None, None)):
        story = begins(house, str(number), NOON, conversation_rating__rating=rating, **rated)
        story.replies(NOON + 10).closes(NOON + 20)
    begins(house, "8", NOON, conversation_rating__rating=1, **rated).bot_replies(NOON + 1).closes(
        NOON + 2, by=("bot", "b1")
    )
    begins(house, "9", NOON, conversation_rating__rating=1, **rated).replies(NOON + 1)
    yield
    columns = "count_rateable, count_rated, round(csat, 4), csat_response_rate"
    assert daily(house, columns) == [(5, 3, 0.6667, 0.6)]
