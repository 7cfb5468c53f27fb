"""fct_conversations: was a conversation resolved, and did the customer come back?"""

import datetime

from tests.support.warehouse.built_together import built_together
from tests.support.warehouse.conversation_facts import fact, facts

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400
MODELS = "+fct_conversations"


@built_together
def test_an_open_conversation_is_not_resolved(house):
    house.raw.conversation("1", NOON).closes(NOON + 100).asks(NOON + 200)
    yield
    assert fact(house, "first_close_seconds, resolution_seconds, count_reopens, is_closed") == (100, None, 1, False)


@built_together
def test_first_contact_and_one_touch(house):
    stories = [house.raw.conversation(str(number), NOON, state="closed") for number in range(1, 7)]
    stories[0].replies(NOON + 1).closes(NOON + 2)
    stories[1].replies(NOON + 1).replies(NOON + 2).closes(NOON + 3)
    stories[2].replies(NOON + 1).replies(NOON + 2, admin="a2").closes(NOON + 3)
    stories[3].replies(NOON + 1).closes(NOON + 2).reopens(NOON + 3).closes(NOON + 4)
    stories[4].closes(NOON + 2)
    stories[5].closes(NOON + 2, body="<p>done</p>")
    yield
    assert facts(house, "is_closed_on_first_contact, is_one_touch") == [
        ("1", True, True),
        ("2", True, False),
        ("3", False, False),
        ("4", False, False),
        ("5", False, False),
        ("6", True, True),
    ]


@built_together
def test_resolved_without_return_is_known_after_seven_days(house):
    def closed(conversation_id, at, contact):
        house.raw.conversation(conversation_id, at, author=("user", contact), state="closed").closes(at + 60)

    closed("1", NOON, "c1")
    closed("2", NOON + 60 + 7 * DAY, "c1")  # comes back to the second
    closed("3", NOON, "c2")
    closed("4", NOON + 61 + 7 * DAY, "c2")  # a second too late to count
    closed("5", NOON + 28 * DAY, "c3")  # too young to say
    house.raw.conversation("6", NOON, author=("user", "c4"))
    yield
    assert facts(house, "is_resolved_no_return") == [
        ("1", False),
        ("2", True),
        ("3", True),
        ("4", True),
        ("5", None),
        ("6", None),
    ]


@built_together
def test_a_greeted_customer_comes_back_when_they_write(house):
    """Whoever greeted first, and however long before; who answers a campaign asked for nothing."""
    bot, after = ("bot", "b1"), NOON + 3600
    for number, author, delivered_as in (
        ("1", bot, "operator_initiated"),
        ("2", ("user", "c2"), "automated"),
        ("3", bot, None),
        ("4", bot, "campaigns_initiated"),
        ("5", ("admin", "a1"), "admin_initiated"),
    ):
        contact = f"c{number}"
        house.raw.conversation(number, NOON, author=("user", contact), state="closed").closes(NOON + 60)
        later = house.raw.conversation(f"{number}0", NOON + 30, author=author, source__delivered_as=delivered_as)
        later.asks(after, customer=contact)
        house.raw.add("conversation_contacts", conversation_id=f"{number}0", contact_id=contact)
    # the rest of what they had to say is not another conversation
    greeted = house.raw.conversation("6", NOON, author=bot, source__delivered_as="operator_initiated", state="closed")
    greeted.closes(NOON + 10, by=bot).asks(after, customer="c6").knows(statistics__last_close_at=NOON + 10)
    house.raw.add("conversation_contacts", conversation_id="6", contact_id="c6")
    yield
    closed = [row for row in facts(house, "is_resolved_no_return") if len(row[0]) == 1]
    # a customer's own words do not wait for a greeting: the second wrote before the close
    assert closed == [("1", False), ("2", True), ("3", False), ("4", True), ("5", True), ("6", True)]


@built_together
def test_without_a_contact_a_return_is_not_known(house):
    house.raw.conversation("1", NOON, author=("bot", "b1"), state="closed").closes(NOON + 60)
    yield
    assert fact(house, "contact_id, is_resolved_no_return") == (None, None)


@built_together
def test_whether_it_was_reopened_is_known_after_seven_days(house):
    now = 1_717_200_000
    house.raw.conversation("1", NOON).closes(NOON + 5).asks(NOON + 5 + 7 * DAY)
    house.raw.conversation("2", NOON).closes(NOON + 5).asks(NOON + 6 + 7 * DAY)
    house.raw.conversation("3", now - 7 * DAY - 9).closes(now - 7 * DAY)
    house.raw.conversation("4", now - 6 * DAY).closes(now - 6 * DAY).asks(now - 5 * DAY)
    house.raw.conversation("5", NOON)
    yield
    assert facts(house, "is_reopened_within_7_days") == [
        ("1", True),
        ("2", False),
        ("3", False),
        ("4", None),
        ("5", None),
    ]


@built_together
def test_what_was_closed_before_the_customer_wrote_is_not_reopened_by_the_first_message(house):
    """A workflow greets and gives up, a teammate's message is put away; nobody had asked anything yet."""
    by_workflow = {"author": ("bot", "b1"), "source__delivered_as": "operator_initiated", "state": "closed"}
    greeted = house.raw.conversation("1", NOON, **by_workflow).closes(NOON + 60, ("bot", "b1"))
    greeted.asks(NOON + 2 * DAY).closes(NOON + 3 * DAY)
    by_teammate = {"author": ("admin", "a1"), "state": "open"}
    sent = house.raw.conversation("2", NOON, **by_teammate).closes(NOON + 60).asks(NOON + 2 * DAY)
    sent.closes(NOON + 3 * DAY).asks(NOON + 4 * DAY)
    house.raw.conversation("3", NOON, **by_teammate).closes(NOON + 60)
    yield
    assert facts(house, "is_reopened_within_7_days, count_closes") == [("1", False, 2), ("2", True, 2), ("3", None, 1)]


def test_a_close_without_a_part_counts_where_it_was_opened_again(house):
    """Closed with many others after a minute; the customer asks again 14 days later, and is answered in 5 minutes."""
    closes = {"statistics__first_close_at": NOON + 60, "statistics__last_close_at": NOON + 60}
    story = house.raw.conversation("1", NOON, **closes)
    story.part("open", NOON + 14 * DAY, ("user", "u1"), "<p>again?</p>").replies(NOON + 14 * DAY + 300)
    closes = {"statistics__first_close_at": NOON + 100, "statistics__last_close_at": NOON + DAY + 500}
    story = house.raw.conversation("2", NOON, **closes).replies(NOON + 50)
    story.part("open", NOON + DAY, ("user", "u1"), "<p>again?</p>").replies(NOON + DAY + 50).closes(NOON + DAY + 500)
    mart = ["fct_conversations", "fct_response_turns", "fct_backlog_daily", "fct_support_daily", "fct_teammate_weekly"]
    report = house.build(" ".join(f"+{name}" for name in mart))
    assert report.is_ok, [*report.failed_models, *report.failed_checks("error")]
    columns = (
        "first_close_seconds, last_close_seconds, was_closed_before_first_reply, count_closes, count_reopens, "
        "is_reopened_within_7_days, count_turns, is_closed_on_first_contact"
    )
    assert house.rows("fct_conversations", columns, "conversation_id") == [
        (60, 60, True, 1, 1, False, 2, False),
        (100, DAY + 500, False, 2, 1, True, 2, False),
    ]
    assert house.rows("fct_response_turns", "conversation_id, turn, outcome, response_seconds", "1, 2") == [
        ("1", 1, "closed_unanswered", None),
        ("1", 2, "answered", 300),
        ("2", 1, "answered", 50),
        ("2", 2, "answered", 50),
    ]
    days = "fct_backlog_daily where team_id = 'none' and state = 'open' and (count_conversations, count_net) <> (0, 0)"
    first, fortnight = datetime.date(2024, 5, 1), datetime.date(2024, 5, 15)
    assert house.rows(days, "day, count_conversations, count_reopened", "day")[0] == (fortnight, 1, 1)
    of_all = "fct_support_daily where count_inbound_conversations > 0"
    columns = "day, median_first_response_seconds, count_first_closed, count_reopened_within_7_days, reopen_rate"
    assert house.rows(of_all, columns) == [(first, 50.0, 2, 1, 0.5)]


@built_together
def test_thanks_after_the_last_close_change_no_figure(house):
    """Thanks, a minute after the close; or an answer to a form. Nobody is waiting for us."""
    closes = {"statistics__first_close_at": NOON + 100, "statistics__last_close_at": NOON + 100}
    for number, part_type in (("1", "comment"), ("2", "attribute_collected")):
        story = house.raw.conversation(number, NOON, state="closed", updated_at=NOON + 9 * DAY, **closes)
        story.replies(NOON + 50).closes(NOON + 100).part(part_type, NOON + 200, ("user", "u1"), "<p>thanks</p>")
    columns = (
        "last_close_seconds, resolution_seconds, last_closed_by_role, count_closes, count_reopens, "
        "is_reopened_within_7_days, is_closed_on_first_contact, is_one_touch, count_turns, waiting_since"
    )
    expected = (100, 100, "teammate", 1, 0, False, True, True, 1, None)
    yield
    assert facts(house, columns) == [("1", *expected), ("2", *expected)]
