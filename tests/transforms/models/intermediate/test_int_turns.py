"""int_turns: from the first unanswered customer message to the next reply of a teammate or close."""

import datetime

from tests.support.warehouse.built_together import built_together
from transforms.seeds.settings import parse_settings

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday
MODELS = "+int_turns"


def turns(house, columns="turn, asked_at_epoch, answered_at_epoch, response_seconds, outcome", **options):
    return house.answer("int_turns", columns, "conversation_id, turn", **options)


@built_together
def test_a_conversation_of_only_an_opening_message_is_waiting(house):
    house.raw.conversation("1", NOON)
    yield
    assert turns(house) == [(1, NOON, None, None, "waiting")]


@built_together
def test_a_turn_runs_from_the_first_message_to_the_next_reply(house):
    story = house.raw.conversation("1", NOON).asks(NOON + 10).replies(NOON + 60).replies(NOON + 70)
    story.asks(NOON + 100).asks(NOON + 110).replies(NOON + 400, admin="a2")
    yield
    assert turns(house, "turn, response_seconds, answered_by_admin_id, is_first, count_customer_messages") == [
        (1, 60, "a1", True, 2),
        (2, 300, "a2", False, 2),
    ]


@built_together
def test_a_bot_does_not_answer_a_turn(house):
    house.raw.conversation("1", NOON).bot_replies(NOON + 1).asks(NOON + 2).replies(NOON + 30)
    yield
    assert turns(house) == [(1, NOON, NOON + 30, 30, "answered")]


@built_together
def test_a_close_ends_a_turn_whoever_closes(house):
    story = house.raw.conversation("1", NOON).bot_replies(NOON + 1).closes(NOON + 2, by=("bot", "b1"))
    story.asks(NOON + 500).replies(NOON + 800)
    yield
    assert turns(house) == [(1, NOON, None, None, "closed_unanswered"), (2, NOON + 500, NOON + 800, 300, "answered")]


@built_together
def test_thanks_a_close_and_a_new_question_weeks_later_are_two_turns(house):
    weeks = 14 * 86_400
    story = house.raw.conversation("1", NOON).replies(NOON + 60).asks(NOON + 100).closes(NOON + 130)
    story.asks(NOON + weeks).asks(NOON + weeks + 5).replies(NOON + weeks + 90)
    columns = "turn, response_seconds, waited_seconds, count_customer_messages, outcome"
    yield
    assert turns(house, columns) == [
        (1, 60, 60, 1, "answered"),
        (2, None, 30, 1, "closed_unanswered"),
        (3, 90, 90, 2, "answered"),
    ]


@built_together
def test_a_reply_after_a_close_answers_no_question_of_before(house):
    house.raw.conversation("1", NOON).closes(NOON + 10).replies(NOON + 20).asks(NOON + 30)
    yield
    assert turns(house) == [(1, NOON, None, None, "closed_unanswered"), (2, NOON + 30, None, None, "waiting")]


def test_business_seconds_are_of_the_team_that_had_it_when_it_was_asked(house):
    """Asked on Saturday while t1 had it, which works then; t2, which does not, has it since."""
    saturday = NOON + 3 * 86_400  # 12:00
    story = house.raw.conversation("1", saturday).assigns(saturday, ("team", "t1")).asks(saturday + 1)
    story.assigns(saturday + 3600, ("team", "t2")).replies(saturday + 7200).asks(saturday + 7300)
    story.replies(saturday + 7400)
    weekend = {"teams": ["t1"], "saturday": ["10:00-13:30"]}
    settings = parse_settings({"schedules": {"weekend": weekend, "week": {"teams": ["t2"], "monday": ["09:00-17:00"]}}})

    def answers():
        report = house.build("+int_turns +int_first_responses", settings=settings)
        assert report.is_ok, [*report.failed_models, *report.failed_checks()]
        columns = "asked_team_id, response_business_seconds"
        return house.rows("int_turns", columns, "turn"), house.rows("int_first_responses", columns)

    # a workflow gave it to t1 in the second in which it began
    assert answers() == ([("t1", 90 * 60), ("t2", 0)], [("t1", 90 * 60)])
    parts = "intercom_raw.conversation_parts"
    first = "where part_type = 'assignment' and assigned_to__id = 't1'"
    house.execute(f"update {parts} set created_at = created_at + 1 {first}")
    assert answers() == ([(None, 0), ("t2", 0)], [(None, 0)])
    house.execute(f"update {parts} set created_at = created_at - 60 {first}")
    house.execute("update intercom_raw.conversations set created_at = created_at - 70, source__author__type = 'admin'")
    assert answers()[0] == [("t1", 90 * 60 - 1), ("t2", 0)]


@built_together
def test_what_was_closed_unanswered_waits_again_when_it_is_opened(house):
    """From then on, as often as that happens, whoever opens it and however; not for a reply that opens it."""
    openings = {
        "1": ("open", ("admin", "a1"), None),
        "2": ("assign_and_reopen", ("bot", "b1"), None),
        "3": ("open", ("admin", "a1"), "<p>Sorry!</p>"),
        "4": ("snoozed", ("admin", "a1"), None),
        "5": None,
    }
    for number, opening in openings.items():
        story = house.raw.conversation(number, NOON, state="snoozed" if number == "4" else "open")
        story.closes(NOON + 10)
        if opening:
            part_type, author, body = opening
            story.part(part_type, NOON + 20, author, body, to=("admin", "a2") if "assign" in part_type else None)
        if number == "1":
            story.closes(NOON + 25).closes(NOON + 26).part("open", NOON + 30, ("admin", "a1"))
            story.asks(NOON + 40).replies(NOON + 90)
    yield
    columns = "conversation_id, turn, question, is_opened_again, asked_at_epoch, written_at_epoch, outcome"
    found = turns(house, columns)
    assert [turn[1:] for turn in found if turn[1] == 1] == [
        (1, 1, False, NOON, NOON, "closed_unanswered") for _ in openings
    ]
    assert [turn for turn in found if turn[1] > 1] == [
        ("1", 2, 1, True, NOON + 20, None, "closed_unanswered"),
        ("1", 3, 1, True, NOON + 30, NOON + 40, "answered"),
        ("2", 2, 1, True, NOON + 20, None, "waiting"),
        ("4", 2, 1, True, NOON + 20, None, "waiting"),
        ("5", 2, 1, True, NOON + 10, None, "waiting"),  # no part opened it
    ]


@built_together
def test_what_was_answered_or_asked_anew_is_not_the_question_that_was_closed(house):
    story = house.raw.conversation("1", NOON, state="open").replies(NOON + 5).closes(NOON + 10)
    story.part("open", NOON + 20, ("admin", "a1"))
    story = house.raw.conversation("2", NOON, state="open").closes(NOON + 10).replies(NOON + 15)
    story.part("open", NOON + 20, ("admin", "a1"))
    story = house.raw.conversation("3", NOON, state="open").closes(NOON + 10).asks(NOON + 15)
    story.part("open", NOON + 500, ("admin", "a1"))
    for number, moment in (("4", 20), ("5", 90)):  # its own opening comes before a message, a minute at most
        story = house.raw.conversation(number, NOON, state="open").closes(NOON + 10)
        story.part("open", NOON + 20, ("user", "u1")).asks(NOON + moment)
    yield
    columns = "conversation_id, turn, question, is_opened_again, asked_at_epoch, outcome"
    assert turns(house, columns) == [
        ("1", 1, 1, False, NOON, "answered"),
        ("2", 1, 1, False, NOON, "closed_unanswered"),
        ("3", 1, 1, False, NOON, "closed_unanswered"),
        ("3", 2, 2, False, NOON + 15, "waiting"),
        ("4", 1, 1, False, NOON, "closed_unanswered"),
        ("4", 2, 2, False, NOON + 20, "waiting"),
        ("5", 1, 1, False, NOON, "closed_unanswered"),
        ("5", 2, 1, True, NOON + 20, "waiting"),
    ]


@built_together
def test_a_reply_inside_a_close_answers(house):
    house.raw.conversation("1", NOON, state="closed").closes(NOON + 7, body="<p>done</p>")
    yield
    assert turns(house) == [(1, NOON, NOON + 7, 7, "answered")]


@built_together
def test_an_answer_before_the_question_answers_nothing(house):
    house.raw.conversation("1", NOON, author=("admin", "a1")).replies(NOON + 1).asks(NOON + 50)
    yield
    assert turns(house) == [(1, NOON + 50, None, None, "waiting")]


@built_together
def test_a_conversation_closed_without_a_reply_is_not_waiting(house):
    house.raw.conversation("1", NOON, state="closed").closes(NOON + 7)
    house.raw.conversation("2", NOON, state="snoozed").snoozes(NOON + 7)
    yield
    assert turns(house, "conversation_id, outcome") == [("1", "closed_unanswered"), ("2", "waiting")]


@built_together
def test_thanks_that_left_it_closed_are_not_the_next_question(house):
    """The words that open it are. Where a teammate opens it without any, the thanks are, for all that is known."""
    again = NOON + 21 * 86_400
    for number, opener in (("1", ("user", "u1")), ("2", ("admin", "a1")), ("3", ("admin", "a1"))):
        story = house.raw.conversation(number, NOON, state="open").replies(NOON + 600).closes(NOON + 900)
        story.asks(NOON + 1200).part("open", again, opener, "<p>And now?</p>" if opener[0] == "user" else None)
        if number != "3":
            story.replies(again + 600)
    yield
    columns = "conversation_id, turn, asked_at_epoch, response_seconds, outcome"
    assert [turn for turn in turns(house, columns) if turn[1] == 2] == [
        ("1", 2, again, 600, "answered"),
        ("2", 2, NOON + 1200, again - NOON - 600, "answered"),
        ("3", 2, NOON + 1200, None, "waiting"),
    ]


@built_together
def test_the_first_turn_begins_with_the_customers_first_message(house):
    """As the first response does, and not with the words that open it again after a workflow's close."""
    story = house.raw.conversation(
        "1", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated", state="open"
    )
    story.closes(NOON + 10, by=("bot", "b1")).asks(NOON + 50).part("open", NOON + 500, ("user", "u1"), "<p>Hi</p>")
    story.replies(NOON + 700)
    yield
    assert turns(house) == [(1, NOON + 50, NOON + 700, 650, "answered")]


@built_together
def test_question_and_answer_in_the_same_second(house):
    house.raw.conversation("1", NOON).replies(NOON)
    yield
    assert turns(house) == [(1, NOON, NOON, 0, "answered")]


@built_together
def test_an_outbound_conversation_that_nobody_answers_has_no_turn(house):
    house.raw.conversation("1", NOON, author=("admin", "a1")).closes(NOON + 9)
    yield
    assert turns(house) == []


def test_business_seconds_count_the_hours_of_the_conversations_team(house):
    saturday = NOON + 3 * 86_400
    house.raw.conversation("1", saturday).replies(saturday + 2 * 86_400)  # until Monday 12:00
    house.raw.conversation("2", saturday, team_assignee_id="t1").replies(saturday + 2 * 86_400)
    settings = parse_settings({"schedules": {"weekend": {"teams": ["t1"], "saturday": ["10:00-13:30"]}}})
    assert turns(house, "conversation_id, response_seconds, response_business_seconds", settings=settings) == [
        ("1", 172_800, 3 * 3600),
        ("2", 172_800, 90 * 60),
    ]


def test_business_seconds_inside_a_turn_are_exact_over_a_clock_change(house):
    sunday = 1_711_846_800  # 2024-03-31 02:00 in Berlin, when it becomes 03:00
    settings = parse_settings({"schedules": {"default": {"time_zone": "Europe/Berlin", "sunday": ["00:00-24:00"]}}})
    house.raw.conversation("1", sunday - 30 * 60 - 7).replies(sunday + 30 * 60)
    house.raw.conversation("2", sunday - 86_400).replies(sunday + 86_400)
    assert turns(house, "response_seconds, response_business_seconds", settings=settings) == [
        (3607, 3607),
        (2 * 86_400, 23 * 3600),
    ]


def test_a_holiday_does_not_count(house):
    settings = parse_settings(
        {"schedules": {"default": {"wednesday": ["09:00-17:00"], "holidays": [datetime.date(2024, 5, 1)]}}}
    )
    house.raw.conversation("1", NOON).replies(NOON + 3600)
    house.raw.conversation("2", NOON - 7 * 86_400).replies(NOON - 7 * 86_400 + 3600)
    assert turns(house, "response_business_seconds", settings=settings) == [(0,), (3600,)]


@built_together
def test_a_waiting_turn_has_waited_until_now(house):
    house.raw.conversation("1", NOW - 100)
    house.raw.conversation("2", NOW - 100, state="closed")
    house.raw.conversation("3", NOW - 100, state="closed", statistics__last_close_at=NOW - 60)
    yield
    assert turns(house, "waited_seconds, outcome") == [
        (100, "waiting"),
        (0, "closed_unanswered"),
        (40, "closed_unanswered"),
    ]
