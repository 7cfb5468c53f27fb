"""int_state_spans: time in one state."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
OFFICE_DAY = 8 * 3600
MODELS = "+int_state_spans +fct_backlog_conversations"


def states(house, columns="span, state, from_epoch, to_epoch, seconds, ended_by_role"):
    return house.answer("int_state_spans", columns, "conversation_id, span")


@built_together
def test_a_conversation_of_one_message_is_open_until_now(house):
    house.raw.conversation("1", NOON)
    yield
    assert states(house) == [(1, "open", NOON, None, NOW - NOON, None)]


@built_together
def test_states_follow_without_a_gap_and_say_who_ended_them(house):
    story = house.raw.conversation("1", NOON, state="closed").replies(NOON + 10).snoozes(NOON + 20)
    story.part("timer_unsnooze", NOON + 50, ("bot", "b1")).closes(NOON + 60).asks(NOON + 100).closes(NOON + 100)
    yield
    assert states(house) == [
        (1, "open", NOON, NOON + 20, 20, "teammate"),
        (2, "snoozed", NOON + 20, NOON + 50, 30, "bot"),
        (3, "open", NOON + 50, NOON + 60, 10, "teammate"),
        (4, "closed", NOON + 60, NOON + 100, 40, "customer"),
        (5, "open", NOON + 100, NOON + 100, 0, "teammate"),
        (6, "closed", NOON + 100, None, None, None),
    ]


@built_together
def test_business_seconds_of_a_state_leave_out_nights_and_weekends(house):
    friday = NOON + 2 * 86_400  # 12:00, office until 17:00
    house.raw.conversation("1", friday, state="closed").closes(friday + 3 * 86_400)
    yield
    assert states(house, "state, business_seconds")[0] == ("open", OFFICE_DAY)


@built_together
def test_what_was_closed_without_a_part_is_in_no_backlog_after_that(house):
    house.raw.conversation("1", NOON, state="closed", statistics__last_close_at=NOON + 3 * 86_400).asks(NOON + 9)
    yield
    assert states(house) == [
        (1, "open", NOON, NOON + 3 * 86_400, 3 * 86_400, "unknown"),
        (2, "closed", NOON + 3 * 86_400, None, None, None),
    ]
    days = house.answer("fct_backlog_conversations", "day, state, is_waiting_on_us", "day")
    assert [(row[0].day, *row[1:]) for row in days] == [(day, "open", True) for day in (1, 2, 3)]


@built_together
def test_a_conversation_from_after_now_has_lasted_no_time(house):
    house.raw.conversation("1", NOW + 500)
    yield
    assert states(house, "seconds, business_seconds") == [(0, 0)]
