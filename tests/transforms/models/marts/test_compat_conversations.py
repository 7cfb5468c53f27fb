"""compat_conversations: the definitions of others, under their names."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
MODELS = "+compat_conversations"


@built_together
def test_compat_columns_keep_the_other_definitions(house):
    story = house.raw.conversation("1", NOON, state="closed", conversation_rating__rating=4)
    story.assigns(NOON + 10, ("admin", "a1")).replies(NOON + 61).closes(NOON + 90).asks(NOON + 200)
    story.part("assign_and_reopen", NOON + 300, ("admin", "a1")).closes(NOON + 400, by=("bot", "b1"))
    yield
    assert house.answer(
        "compat_conversations",
        "count_total_parts, count_assignments, count_reopens, time_to_first_response_minutes, "
        "time_to_first_assignment_minutes, time_to_first_close_minutes, time_to_last_close_minutes, "
        "time_to_admin_last_close_minutes, conversation_rating",
    ) == [(6, 1, 0, 1.02, 0.17, -1.83, 3.33, -1.83, 4)]


@built_together
def test_a_bodiless_assignment_is_no_response_in_the_compat_columns(house):
    house.raw.conversation("1", NOON).assigns(NOON + 10, ("admin", "a1")).part(
        "assignment", NOON + 30, ("admin", "a1"), "<p>for you</p>"
    )
    yield
    assert house.answer("compat_conversations", "time_to_first_response_minutes") == [(0.5,)]
