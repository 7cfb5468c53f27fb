"""fct_teammate_weekly: what a teammate did in a week."""

import datetime

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
HOUR = 3_600
DAY = 86_400
WEEK = datetime.date(2024, 4, 29)  # of NOON: its Monday
MODELS = "+fct_teammate_weekly"


def weekly(house, columns, order="admin_id, week_start"):
    return house.answer("fct_teammate_weekly", columns, order)


@built_together
def test_a_week_counts_what_the_teammate_did(house):
    house.raw.add("admins", id="a1", name="Ann")
    for team in ("t2", "t1"):
        house.raw.add("teams", id=team, name={"t1": "Billing", "t2": "Tech"}[team])
        house.raw.add("team_admins", team_id=team, admin_id="a1")
    story = house.raw.conversation("1", NOON, state="closed").assigns(NOON + 10, ("admin", "a1")).replies(NOON + 30)
    story.replies(NOON + 40).closes(NOON + 70, by=("admin", "a1"))
    house.raw.conversation("2", NOON).replies(NOON + 50).notes(NOON + 60)
    columns = (
        "admin_name, teams, week_start, count_replied_conversations, count_replies, count_closes, owned_seconds, "
        "median_handling_seconds, count_first_responses, median_first_response_seconds, reopen_rate, csat"
    )
    yield
    assert weekly(house, columns) == [("Ann", "Billing, Tech", WEEK, 2, 3, 1, 60, 60.0, 2, 40.0, 0.0, None)]


@built_together
def test_owned_time_is_split_at_the_end_of_the_week(house):
    sunday_night = NOON + 4 * DAY + 12 * HOUR  # Monday 0:00
    story = house.raw.conversation("1", sunday_night - 100, state="closed").assigns(sunday_night - 60, ("admin", "a9"))
    story.closes(sunday_night + 40, by=("bot", "b1"))
    columns = "admin_name, week_start, owned_seconds"
    yield
    assert weekly(house, columns) == [(None, WEEK, 60), (None, WEEK + datetime.timedelta(7), 40)]


@built_together
def test_time_after_now_is_not_owned(house):
    house.raw.conversation("1", NOW - 60).assigns(NOW - 50, ("admin", "a1"), by=("bot", "b1")).assigns(
        NOW + 100, ("admin", "a2"), by=("bot", "b1")
    )
    yield
    assert weekly(house, "admin_id, owned_seconds") == [("a1", 50), ("a2", 0)]


@built_together
def test_the_reopen_rate_is_of_the_own_closes(house):
    story = (
        house.raw.conversation("1", NOON).closes(NOON + 1).asks(NOON + DAY).closes(NOON + DAY + 1, by=("admin", "a2"))
    )
    story.asks(NOON + DAY + 2 + 7 * DAY)
    house.raw.conversation("2", NOON, state="closed").closes(NOON + 1)
    yield
    assert weekly(house, "admin_id, reopen_rate") == [("a1", 0.5), ("a2", 0.0)]


@built_together
def test_a_close_whose_following_parts_may_be_missing_is_in_no_reopen_rate(house):
    """Of more than 500 parts the newest are there, and what followed a close that is there with them."""
    house.raw.conversation("1", NOON, state="closed", conversation_parts__total_count=9).closes(NOON + 1)
    house.raw.conversation("2", NOON, conversation_parts__total_count=700).closes(NOON + 1, by=("admin", "a2")).asks(
        NOON + 2
    )
    # of this one a run has loaded the first parts, and another one, later, the newest 500
    gap = house.raw.conversation("3", NOON, conversation_parts__total_count=900).closes(NOON + 1, by=("admin", "a3"))
    for _ in range(500):
        gap.notes(NOON + DAY)
    yield
    rates = [("a1", 1, None), ("a2", 1, 1.0), ("a3", 1, None)]
    assert weekly(house, "admin_id, count_closes, reopen_rate") == rates


@built_together
def test_handovers_and_ratings_belong_to_the_week_in_which_they_happen(house):
    rating = {"conversation_rating__rating": 5, "conversation_rating__created_at": NOON + 8 * DAY}
    story = house.raw.conversation("1", NOON, state="closed", **rating).assigns(NOON + 1, ("admin", "a1"))
    story.assigns(NOON + 2, ("admin", "a2")).replies(NOON + 3, admin="a2").closes(NOON + 4, by=("admin", "a2"))
    house.raw.conversation("2", NOON, **rating, conversation_rating__teammate__id="nobody")  # a workflow asked for it
    columns = "admin_id, week_start, count_handovers_in, count_handovers_out, count_ratings, csat"
    yield
    assert weekly(house, columns) == [
        ("a1", WEEK, 0, 1, 0, None),
        ("a2", WEEK, 1, 0, 0, None),
        ("a2", WEEK + datetime.timedelta(7), 0, 0, 1, 1.0),
    ]


@built_together
def test_the_first_responses_of_teammates_are_those_of_the_conversations(house):
    """Inbound only, in the week of the reply, and none that was closed before."""
    week_later = NOON + 7 * DAY
    house.raw.conversation("1", NOON).replies(NOON + 30).asks(NOON + 40).replies(NOON + 1040, admin="a2")
    house.raw.conversation("2", NOON).replies(week_later)
    house.raw.conversation("3", NOON, author=("admin", "a1")).asks(NOON + 5).replies(NOON + 6)
    house.raw.conversation("4", NOON).closes(NOON + 1).asks(NOON + 2).replies(NOON + 3)
    columns = "admin_id, week_start, count_replied_conversations, count_first_responses, median_first_response_seconds"
    yield
    assert weekly(house, columns) == [
        ("a1", WEEK, 3, 1, 30.0),
        ("a1", WEEK + datetime.timedelta(7), 1, 1, 7.0 * DAY),
        ("a2", WEEK, 1, 0, None),
    ]


def test_what_is_owned_of_a_conversation_from_before_the_calendar_begins_with_it(house):
    """Its time is a mistake, of which a warning tells, and no build fails for it."""
    house.raw.conversation("1", 500, admin_assignee_id="a1").replies(600)
    house.raw.conversation("2", 500).replies(NOON, "a2").assigns(NOON, ("admin", "a2")).closes(NOON + 60)
    report = house.build("+fct_teammate_weekly", now_epoch=NOON + DAY)
    assert report.is_ok, report.failed_checks()
    owned = "select admin_id, sum(owned_seconds) from intercom.fct_teammate_weekly group by 1 order by 1"
    assert house.execute(owned) == [("a1", NOON + DAY - 946_684_800), ("a2", 60)]
