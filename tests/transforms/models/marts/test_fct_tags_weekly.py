"""fct_tags_weekly: how often a tag is put on in a week."""

import datetime

NOON = 1_713_960_000  # Wednesday 2024-04-24 12:00 UTC
DAY = 86_400
WEEK = datetime.date(2024, 4, 22)  # of NOON: its Monday


def test_tags_are_counted_by_week_against_the_four_weeks_before(house):
    """One a week has 'bug', then three of four, none in the week that is not over; a ticket begins the calendar."""
    house.raw.add("tags", id="7", name="bug")
    house.raw.add("tickets", id="9", ticket_state="submitted", created_at=NOON - 400 * DAY, updated_at=NOON)
    for week in range(5):
        for number in range(1 if week < 4 else 4):
            conversation_id = f"{week}{number}"
            house.raw.conversation(conversation_id, NOON + 7 * week * DAY)
            if number < 3 and week != 1:
                at = {"applied_at": NOON + 9, "applied_by__type": "admin", "applied_by__id": "a1"}
                house.raw.add("conversation_tags", conversation_id=conversation_id, tag_id="7", name="old", **at)
    columns = "week_start, tag_name, count_conversations, count_all_conversations, share, change_to_4_weeks_before"
    weeks = [WEEK + datetime.timedelta(7 * week) for week in range(6)]
    assert house.answer("fct_tags_weekly", columns) == [
        (weeks[0], "bug", 1, 1, 1.0, None),
        (weeks[1], "bug", 0, 1, 0.0, None),
        (weeks[2], "bug", 1, 1, 1.0, None),
        (weeks[3], "bug", 1, 1, 1.0, None),
        (weeks[4], "bug", 3, 4, 0.75, 2.25),
        (weeks[5], "bug", 0, 0, None, None),
    ]
    columns = "conversation_id, tag_name, applied_by_admin_id, created_week"
    assert house.rows("fct_conversation_tags", columns)[0] == ("00", "bug", "a1", weeks[0])
