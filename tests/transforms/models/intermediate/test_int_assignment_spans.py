"""int_assignment_spans: time with one owner."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
MODELS = "+int_assignment_spans"


def owners(house, columns="span, admin_id, team_id, from_epoch, to_epoch, open_seconds"):
    return house.answer("int_assignment_spans", columns, "conversation_id, span")


@built_together
def test_a_conversation_of_one_message_is_nobodys_until_now(house):
    house.raw.conversation("1", NOON)
    yield
    assert owners(house) == [(1, None, None, NOON, None, NOW - NOON)]


@built_together
def test_an_owner_keeps_a_conversation_until_the_next_one_has_it(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 10, ("team", "t1")).assigns(NOON + 20, ("admin", "a1"))
    story.assigns(NOON + 30, ("admin", "a1")).assigns(NOON + 50, ("admin", "a2")).assigns(NOON + 90, ("team", "t2"))
    story.assigns(NOON + 100, ("nobody_admin", None)).closes(NOON + 130)
    yield
    assert owners(house) == [
        (1, None, None, NOON, NOON + 10, 10),
        (2, None, "t1", NOON + 10, NOON + 20, 10),
        (3, "a1", "t1", NOON + 20, NOON + 50, 30),
        (4, "a2", "t1", NOON + 50, NOON + 90, 40),
        (5, None, "t2", NOON + 90, None, 40),
    ]


@built_together
def test_without_an_assignment_the_owner_has_it_from_the_beginning(house):
    house.raw.conversation("1", NOON, admin_assignee_id="a1", team_assignee_id="t1").closes(NOON + 60)
    house.raw.conversation("2", NOON, admin_assignee_id="b1").bot_replies(NOON + 5)  # a bot has it
    yield
    assert owners(house) == [(1, "a1", "t1", NOON, None, 60), (1, None, None, NOON, None, NOW - NOON)]


@built_together
def test_the_last_owner_is_whom_the_conversation_names(house):
    story = house.raw.conversation("1", NOON, admin_assignee_id="a1", team_assignee_id="t2")
    story.assigns(NOON + 10, ("team", "t1")).assigns(NOON + 20, ("admin", "a1")).closes(NOON + 90)
    yield
    assert owners(house) == [
        (1, None, None, NOON, NOON + 10, 10),
        (2, None, "t1", NOON + 10, NOON + 20, 10),
        (3, "a1", "t1", NOON + 20, NOON + 90, 70),
        (4, "a1", "t2", NOON + 90, None, 0),
    ]


@built_together
def test_snoozed_and_closed_time_is_nobodys_work(house):
    story = house.raw.conversation("1", NOON, state="closed").assigns(NOON + 10, ("admin", "a1")).snoozes(NOON + 20)
    story.part("timer_unsnooze", NOON + 500, ("bot", "b1")).closes(NOON + 530).asks(NOON + 900).closes(NOON + 904)
    yield
    assert owners(house, "admin_id, open_seconds") == [(None, 10), ("a1", 10 + 30 + 4)]


@built_together
def test_a_conversation_from_after_now_has_lasted_no_time(house):
    house.raw.conversation("1", NOW + 500)
    yield
    assert owners(house, "open_seconds") == [(0,)]
