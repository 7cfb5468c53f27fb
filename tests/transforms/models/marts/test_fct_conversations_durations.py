"""fct_conversations: how long a conversation took, to a reply, an assignment and the close."""

from tests.support.warehouse.built_together import built_together
from tests.support.warehouse.conversation_facts import fact, facts

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400
MODELS = "+fct_conversations"


@built_together
def test_durations_count_from_the_opening_message(house):
    story = house.raw.conversation("1", NOON, state="closed").replies(NOON + 60).closes(NOON + 100)
    story.asks(NOON + 200).replies(NOON + 250).closes(NOON + 300)
    columns = "first_response_seconds, first_close_seconds, last_close_seconds, resolution_seconds"
    yield
    assert fact(house, columns) == (60, 100, 300, 300)


@built_together
def test_business_durations_leave_out_the_weekend(house):
    friday = NOON + 2 * DAY
    story = house.raw.conversation("1", friday, state="closed")
    story.replies(friday + 3 * DAY + 60).closes(friday + 4 * DAY)
    columns = "first_response_seconds, first_response_business_seconds, resolution_business_seconds"
    yield
    assert fact(house, columns) == (3 * DAY + 60, 8 * 3600 + 60, 2 * 8 * 3600)


@built_together
def test_handling_is_the_open_time_of_all_teammates(house):
    """Handovers are between two of them."""
    story = house.raw.conversation("1", NOON, state="closed").assigns(NOON + 10, ("admin", "a1"))
    story.assigns(NOON + 30, ("admin", "a2")).assigns(NOON + 40, ("nobody_admin", None))
    story.assigns(NOON + 50, ("team", "t1")).assigns(NOON + 60, ("team", "t2")).assigns(NOON + 70, ("admin", "a1"))
    story.closes(NOON + 100)
    house.raw.conversation("2", NOON)
    yield
    assert facts(house, "handling_seconds, count_handovers") == [("1", 20 + 10 + 30, 2), ("2", None, 0)]


@built_together
def test_handling_is_counted_once_the_conversation_was_closed(house):
    """Then it goes on where the conversation is opened again; who closes it unassigned leaves 0."""
    house.raw.conversation("1", NOON).assigns(NOON + 10, ("admin", "a1")).replies(NOON + 40)
    house.raw.conversation("2", NOON).assigns(NOON + 10, ("admin", "a1")).closes(NOON + 40)
    house.raw.conversation("3", NOW - 100).assigns(NOW - 90, ("admin", "a1")).closes(NOW - 60).asks(NOW - 20)
    house.raw.conversation("4", NOON).closes(NOON + 40)
    yield
    assert facts(house, "handling_seconds") == [("1", None), ("2", 30), ("3", 30 + 20), ("4", 0)]


@built_together
def test_close_times_count_from_the_first_customer_message(house):
    """What was closed before the customer wrote is no close of what the customer asked."""
    workflow = {"author": ("bot", "b1"), "source__delivered_as": "operator_initiated"}
    story = house.raw.conversation("1", NOON, **workflow).closes(NOON + 50).asks(NOON + 100)
    story.closes(NOON + 400).asks(NOON + 500).closes(NOON + 900)
    house.raw.conversation("2", NOON, author=("admin", "a1")).closes(NOON + 50)
    house.raw.conversation("3", NOON, author=("admin", "a1")).asks(NOON + 7).closes(NOON + 50)
    house.raw.conversation("4", NOON, **workflow).asks(NOON + 100).closes(NOON + 400).asks(NOON + 500)
    columns = (
        "first_close_at = created_at + interval 50 second, first_close_seconds, last_close_seconds, "
        "resolution_seconds, resolution_business_seconds"
    )
    yield
    assert facts(house, columns) == [
        ("1", True, 300, 800, 800, 800),
        ("2", True, None, None, None, None),
        ("3", True, 43, 43, 43, 43),
        ("4", False, 300, 300, None, None),
    ]


@built_together
def test_business_seconds_to_the_close_count_from_the_customers_message(house):
    """A campaign on Friday noon; the customer answers on Monday at 10 and is helped until 11:30."""
    friday, monday = NOON + 2 * DAY, NOON + 5 * DAY - 2 * 3600
    story = house.raw.conversation("1", friday, author=("admin", "a1"), source__delivered_as="campaigns_initiated")
    story.asks(monday).closes(monday + 5_400)
    yield
    assert fact(house, "resolution_seconds, resolution_business_seconds") == (5_400, 5_400)


@built_together
def test_reassignments_come_after_the_first_reply(house):
    """To whomever; what is assigned with the reply itself, or before the customer wrote, is none."""
    ann, bob, team = ("admin", "a1"), ("admin", "a2"), ("team", "t1")
    story = house.raw.conversation("1", NOON).assigns(NOON + 10, ann).replies(NOON + 20).assigns(NOON + 30, bob)
    story.replies(NOON + 40).assigns(NOON + 50, team).assigns(NOON + 60, ("nobody_admin", None))
    house.raw.conversation("2", NOON).assigns(NOON + 10, ann).assigns(NOON + 15, bob)
    house.raw.conversation("3", NOON).assigns(NOON + 10, ann, body="<p>for you</p>").assigns(NOON + 10, bob)
    house.raw.conversation("4", NOON, author=ann).replies(NOON + 2).assigns(NOON + 3, bob).asks(NOON + 9).replies(
        NOON + 12
    )
    house.raw.conversation("5", NOON, author=ann).replies(NOON + 2).assigns(NOON + 3, bob)
    house.raw.conversation("6", NOON).replies(NOON + 20).closes(NOON + 30).part(
        "assign_and_reopen", NOON + 40, ann, to=bob
    )
    yield
    assert facts(house, "count_assignments, count_reassignments") == [
        ("1", 4, 3),
        ("2", 2, 0),
        ("3", 2, 1),
        ("4", 1, 0),
        ("5", 1, None),
        ("6", 1, 1),
    ]


@built_together
def test_seconds_from_an_assignment_to_the_close(house):
    """To a teammate, before the last close; one who had it before the customer wrote had it from then on."""
    ann, bob, team, bot = ("admin", "a1"), ("admin", "a2"), ("team", "t1"), ("bot", "b1")
    story = house.raw.conversation("1", NOON).assigns(NOON + 5, team).assigns(NOON + 10, ann).assigns(NOON + 60, bob)
    story.closes(NOON + 100).asks(NOON + 200).closes(NOON + 300).assigns(NOON + 400, ann)
    house.raw.conversation("2", NOON).assigns(NOON + 5, team).closes(NOON + 100)
    house.raw.conversation("3", NOON).assigns(NOON + 10, ann)
    workflow = {"author": bot, "source__delivered_as": "operator_initiated"}
    house.raw.conversation("4", NOON, **workflow).assigns(NOON + 10, ann).asks(NOON + 30).closes(NOON + 100)
    house.raw.conversation("5", NOON, admin_assignee_id="a1").closes(NOON + 100)
    house.raw.conversation("6", NOON).closes(NOON + 100).assigns(NOON + 110, ann)
    house.raw.conversation("7", NOON, author=ann).assigns(NOON + 10, ann).closes(NOON + 100)
    columns = "last_close_seconds, first_assignment_to_close_seconds, last_assignment_to_close_seconds"
    yield
    assert facts(house, columns) == [
        ("1", 300, 290, 240),
        ("2", 100, None, None),
        ("3", None, None, None),
        ("4", 70, 70, 70),
        ("5", 100, 100, 100),
        ("6", 100, None, None),
        ("7", None, None, None),
    ]


@built_together
def test_an_assignment_taken_back_before_the_customer_wrote_does_not_count(house):
    """A workflow gives it to a teammate, and then to a team, before the customer writes."""
    bot = ("bot", "b1")
    workflow = {"author": bot, "source__delivered_as": "operator_initiated"}
    for number, taker in (("1", ("team", "t1")), ("2", ("nobody_admin", None)), ("3", ("admin", "fay")), ("4", bot)):
        story = house.raw.conversation(number, NOON, **workflow).assigns(NOON + 1, ("admin", "ann"), by=bot)
        story.assigns(NOON + 2, taker, by=bot).asks(NOON + 100).assigns(NOON + 400, ("admin", "ben"))
        story.replies(NOON + 500, "ben").closes(NOON + 600)
    columns = "time_to_first_assignment_seconds, first_assignment_to_close_seconds, last_assignment_to_close_seconds"
    expected = [(number, 300, 200, 200) for number in "124"]
    yield
    assert facts(house, columns) == sorted([*expected, ("3", 0, 500, 200)])


@built_together
def test_a_close_before_any_reply_is_said(house):
    house.raw.conversation("1", NOON).closes(NOON + 10).asks(NOON + 14 * DAY).replies(NOON + 14 * DAY + 60)
    house.raw.conversation("2", NOON).closes(NOON + 10)
    house.raw.conversation("3", NOON).closes(NOON + 10, body="<p>done</p>")
    house.raw.conversation("4", NOON).replies(NOON + 5).closes(NOON + 10)
    house.raw.conversation("5", NOON)
    yield
    assert facts(house, "was_closed_before_first_reply, first_response_seconds") == [
        ("1", True, 14 * DAY + 60),
        ("2", True, None),
        ("3", False, 10),
        ("4", False, 5),
        ("5", False, None),
    ]


@built_together
def test_a_first_reply_is_not_known_where_the_first_question_is_not(house):
    """Of the parts that are loaded one is a customer's, and Intercom's statistics know of a reply alone."""
    begun = {"author": ("admin", "a1"), "source__delivered_as": "admin_initiated", "conversation_parts__total_count": 6}
    house.raw.conversation("1", NOON, **begun, statistics__first_admin_reply_at=NOON + 90).asks(NOON + 60)
    yield
    assert fact(house, "direction, asked_at_epoch, first_reply_at_epoch") == ("outbound_replied", None, None)


@built_together
def test_the_time_in_the_hands_of_a_bot_can_be_left_out(house):
    """600 s in all; the bot has it for 200, a team for 300 more, a teammate for the last 100."""
    bot = ("bot", "b1")
    story = house.raw.conversation("1", NOON).bot_replies(NOON + 2).assigns(NOON + 200, ("team", "t1"), by=bot)
    story.assigns(NOON + 500, ("admin", "a1")).replies(NOON + 600)
    house.raw.conversation("2", NOON).assigns(NOON + 200, ("team", "t1")).replies(NOON + 600)  # no bot
    house.raw.conversation("3", NOON).bot_replies(NOON + 2).replies(NOON + 600)  # never handed over
    columns = (
        "first_response_seconds, first_response_after_bot_seconds, time_to_first_assignment_seconds, unassigned_seconds"
    )
    yield
    assert facts(house, columns) == [
        ("1", 600, 400, 500, 500),
        ("2", 600, 600, None, NOW - NOON),
        ("3", 600, 600, None, NOW - NOON),
    ]


@built_together
def test_a_bot_that_comes_after_the_handing_over_had_nothing_to_hand_over(house):
    """A teammate or a workflow gave it to a team first; then a bot says when it opens, or Fin has it for a while."""
    bot, team = ("bot", "b1"), ("team", "t1")
    house.raw.conversation("1", NOON).assigns(NOON + 200, team).bot_replies(NOON + 201).replies(NOON + 600)
    house.raw.conversation("2", NOON).assigns(NOON + 200, team).bot_replies(NOON + 200).replies(NOON + 600)
    story = house.raw.conversation("3", NOON).assigns(NOON + 100, team, by=bot).assigns(NOON + 101, bot, by=bot)
    story.bot_replies(NOON + 102).assigns(NOON + 300, team, by=bot).replies(NOON + 600)
    house.raw.conversation("4", NOON).bot_replies(NOON + 200).assigns(NOON + 200, team).replies(NOON + 600)  # before it
    yield
    assert facts(house, "first_response_after_bot_seconds") == [("1", 600), ("2", 600), ("3", 600), ("4", 400)]


@built_together
def test_what_nobody_gets_as_it_begins_is_not_handed_over_by_a_bot(house):
    """`default_assignment`, as in the reference's example: to nobody, a second after the beginning, by a bot."""
    bot, nobody = ("bot", "b1"), ("nobody_admin", None)
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, nobody, by=bot).bot_replies(NOON + 60)
    story.assigns(NOON + 200, ("team", "t1"), by=bot).replies(NOON + 600)
    greeted = {"author": bot, "source__delivered_as": "operator_initiated"}
    story = house.raw.conversation("2", NOON, **greeted).assigns(NOON + 1, nobody, by=bot).asks(NOON + 100)
    story.bot_replies(NOON + 160).assigns(NOON + 300, ("team", "t1"), by=bot).replies(NOON + 600)
    house.raw.conversation("3", NOON).bot_replies(NOON + 60).assigns(NOON + 200, nobody, by=bot).replies(NOON + 600)
    house.raw.conversation("4", NOON).assigns(NOON + 1, nobody, by=bot).replies(NOON + 600)
    yield
    columns = "first_response_seconds, first_response_after_bot_seconds"
    assert facts(house, columns) == [("1", 600, 400), ("2", 500, 300), ("3", 600, 400), ("4", 600, 600)]
