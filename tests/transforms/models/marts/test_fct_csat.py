"""fct_csat: what customers say."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
HOUR = 3_600
DAY = 86_400
MODELS = "+fct_csat"


def rated(house, conversation_id, at, rating=5, **values):
    facts = {"conversation_rating__rating": rating, "conversation_rating__created_at": at}
    return house.raw.conversation(conversation_id, NOON, state="closed", **facts | values)


@built_together
def test_a_rating_is_of_the_named_teammate_else_of_the_last_who_replied(house):
    rated(house, "1", NOON + 50, conversation_rating__teammate__id="a9").replies(NOON + 1)
    rated(house, "2", NOON + 50).replies(NOON + 1).replies(NOON + 2, admin="a2").replies(NOON + 51, admin="a3")
    rated(house, "3", NOON + 50).bot_replies(NOON + 1)
    rated(house, "4", NOON + 50, conversation_rating__teammate__id="0").replies(NOON + 1)
    house.raw.conversation("5", NOON).replies(NOON + 1, admin="a9")
    yield
    assert house.answer("fct_csat", "conversation_id, admin_id") == [
        ("1", "a9"),
        ("2", "a2"),
        ("3", None),
        ("4", "a1"),
    ]


@built_together
def test_a_rating_is_positive_from_four_and_knows_how_long_after_the_close(house):
    rated(house, "1", NOON + 2 * HOUR, 4).closes(NOON + HOUR).closes(NOON + 3 * HOUR)
    rated(house, "2", NOON + HOUR, 3).closes(NOON + 2 * HOUR)
    columns = "conversation_id, is_positive, hours_after_close"
    yield
    assert house.answer("fct_csat", columns) == [("1", True, 1.0), ("2", False, None)]


@built_together
def test_a_rating_is_given_when_its_part_says_and_not_when_it_was_requested(house):
    asked, given = NOON + HOUR, NOON + 5 * DAY
    late = rated(house, "late", asked).replies(NOON + 1, admin="friday").closes(asked)
    late.replies(asked + DAY, admin="monday").part("conversation_rating_changed", given, ("user", "u1"))
    twice = rated(house, "twice", asked).closes(asked).part("conversation_rating_changed", asked + 60, ("user", "u1"))
    twice.part("conversation_rating_changed", given, ("user", "u1"))
    twice.part("conversation_rating_remark_added", given + DAY, ("user", "u1"))
    rated(house, "untold", asked).replies(NOON + 1, admin="friday").closes(asked)
    again = rated(house, "again", given).part("conversation_rating_changed", asked, ("user", "u1"))  # asked once more
    again.replies(asked + 1)
    yield
    columns = "conversation_id, rated_at_epoch, rated_on - date '2024-05-01', admin_id, hours_after_close"
    assert house.answer("fct_csat", columns) == [
        ("again", asked, 0, None, None),
        ("late", given, 5, "monday", 119.0),
        ("twice", given, 5, None, 119.0),
        ("untold", asked, 0, "friday", 0.0),
    ]
    known = "conversation_id, epoch(rating_requested_at), epoch(rated_at)"
    assert house.answer("fct_csat", known) == house.answer("fct_conversations", known)
    assert house.answer("fct_csat", known)[1] == ("late", asked, given)


@built_together
def test_a_request_that_is_not_answered_is_no_rating(house):
    rated(house, "1", NOON + HOUR, None).closes(NOON + HOUR)
    yield
    assert house.answer("fct_csat", "conversation_id") == []
    columns = "rating, rated_at_epoch, rated_at, epoch(rating_requested_at)"
    assert house.answer("fct_conversations", columns) == [(None, None, None, NOON + HOUR)]


@built_together
def test_a_rating_that_names_a_bot_is_no_teammates(house):
    house.raw.conversation("0", NOON).bot_replies(NOON + 1).replies(NOON + 2, "ben")
    for number, rated in (("1", "b1"), ("2", "ben"), ("3", None)):
        rating = {"conversation_rating__rating": 1, "conversation_rating__created_at": NOON + DAY}
        named = {"conversation_rating__teammate__id": rated} if rated else {}
        house.raw.conversation(number, NOON, **rating, **named).replies(NOON + 60, "ann").closes(NOON + 90)
    yield
    assert house.answer("fct_csat", "conversation_id, admin_id") == [("1", None), ("2", "ben"), ("3", "ann")]


@built_together
def test_an_id_that_is_no_teammates_in_a_rating_that_a_workflow_asked_for_names_nobody(house):
    """It counts as a rating all the same; a team's id says nothing of the teammate who has the same one."""
    for number, named, replier in (("1", "w", None), ("2", "w", "ann"), ("3", "ben", "ann"), ("4", "t", None)):
        kind = "admin" if named == "w" else "team"
        rating = {"conversation_rating__teammate__type": kind, "conversation_rating__teammate__id": named}
        story = rated(house, number, NOON + DAY, **rating).bot_replies(NOON + 1)
        if replier:
            story.replies(NOON + 2, replier)
    house.raw.conversation("5", NOON).replies(NOON + 1, "ben")
    yield
    assert house.answer("fct_csat", "conversation_id, admin_id, is_positive") == [
        ("1", None, True),
        ("2", "ann", True),
        ("3", "ann", True),
        ("4", None, True),
    ]
    columns = "rating, rated_admin_id"
    assert house.answer("fct_conversations", columns) == [(5, None)] * 4 + [(None, None)]


@built_together
def test_where_parts_are_missing_nobody_is_rated_who_may_not_have_replied_last(house):
    """Of more than 500 parts the newest are there, and if the rating is among them the last reply before it, too."""
    for number, count, named in (("1", 9, None), ("2", 9, "a9"), ("3", 700, None)):
        rating = {"conversation_rating__teammate__id": named} if named else {}
        story = rated(house, number, NOON + HOUR, conversation_parts__total_count=count, **rating)
        story.replies(NOON + 1).closes(NOON + HOUR // 2)
    story.part("conversation_rating_changed", NOON + HOUR, ("user", "u1"))
    rated(house, "4", NOON + HOUR, conversation_parts__total_count=700).closes(NOON + 2 * HOUR)
    rated(house, "6", NOON + HOUR, conversation_parts__total_count=700).replies(NOON + 1)
    house.raw.conversation("5", NOON).replies(NOON + 1, admin="a9")
    yield
    assert house.answer("fct_csat", "conversation_id, admin_id, hours_after_close") == [
        ("1", None, None),
        ("2", "a9", None),
        ("3", "a1", 0.5),
        ("4", None, None),
        ("6", None, None),
    ]


@built_together
def test_what_follows_the_rating_within_its_second_comes_after_it(house):
    """A workflow closes in the second of the rating, as its next step; somebody says thank you."""
    for number, closes_before in (("1", True), ("2", False)):
        story = rated(house, number, NOON + HOUR).replies(NOON + 1, "ann")
        if closes_before:
            story.closes(NOON + HOUR // 2)
        story.part("conversation_rating_changed", NOON + HOUR, ("user", "u1"))
        story.replies(NOON + HOUR, "ben").closes(NOON + HOUR, by=("bot", "b1"))
    yield
    assert house.answer("fct_csat", "conversation_id, admin_id, hours_after_close") == [
        ("1", "ann", 0.5),
        ("2", "ann", None),
    ]


@built_together
def test_a_rating_of_a_bot_that_left_no_other_trace_is_of_no_teammate(house):
    rating = {"conversation_rating__teammate__type": "bot", "conversation_rating__teammate__id": "unseen"}
    rated(house, "1", NOON + HOUR, **rating).replies(NOON + 1, "ann")
    yield
    assert house.answer("fct_csat", "conversation_id, admin_id, is_positive") == [("1", None, True)]


@built_together
def test_an_earlier_rating_before_parts_that_are_missing_is_not_the_last_one(house):
    """A run has loaded the first parts, with a rating; the customer rated again, and no part of the newest shows it."""
    gap = rated(house, "1", NOON + 3 * DAY, conversation_parts__total_count=900)
    gap.part("conversation_rating_changed", NOON + HOUR, ("user", "u1"))
    for _ in range(500):
        gap.notes(NOON + 5 * DAY)
    few = rated(house, "2", NOON + 3 * DAY, conversation_parts__total_count=9)
    few.part("conversation_rating_changed", NOON + HOUR, ("user", "u1"))
    yield
    assert house.answer("fct_csat", "conversation_id, rated_at_epoch, admin_id") == [
        ("1", NOON + 3 * DAY, None),
        ("2", NOON + 3 * DAY, None),
    ]
