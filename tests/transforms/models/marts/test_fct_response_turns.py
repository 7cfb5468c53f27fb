"""fct_response_turns: questions and their answers."""

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
HOUR = 3_600


def test_a_turn_knows_where_and_when_it_was_asked(house):
    house.raw.add("workspace", id_code="w", timezone="Asia/Tokyo")
    story = house.raw.conversation("1", NOON, team_assignee_id="t1", source__type="email")
    story.replies(NOON + 60, admin="a2").asks(NOON + 4 * HOUR)
    columns = "turn, is_first, channel, team_id, admin_id, asked_hour, asked_weekday, response_seconds, outcome"
    assert house.answer("fct_response_turns", columns, "turn") == [
        (1, True, "email", "t1", "a2", 21, 3, 60, "answered"),
        (2, False, "email", "t1", None, 1, 4, None, "waiting"),
    ]
